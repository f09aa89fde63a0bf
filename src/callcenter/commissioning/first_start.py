"""The first accounts of a site, made by whoever can read a file on its server: a code that is there while nobody has an account."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import structlog
from sqlalchemy import exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import accounts
from callcenter.auth.acting import Acting
from callcenter.auth.codes import code_hash, new_code
from callcenter.auth.granting import give
from callcenter.auth.models import User
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.core.errors import Conflict, Forbidden
from callcenter.regions.duty import check_duty_numbers
from callcenter.regions.limits import check_settings
from callcenter.regions.models import Region, RegionLevel
from callcenter.regions.upkeep import add_region, root_region

log = structlog.get_logger(__name__)

FILE: Final = "first-start-code"
_LENGTH: Final = 20
"""Signs: 100 bits."""


class FirstCode:
    """Port of the context: the file with the code. It stays the same over restarts and is gone once there is an account."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE

    def offer(self) -> None:
        """Write the code, readable by the server's user alone, unless it is there."""
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "w") as file:
            file.write(f"{new_code(_LENGTH)}\n")

    def demand(self, typed: str) -> None:
        """Raises Forbidden `first_code_wrong`; of small letters, blanks and hyphens nothing is made."""
        try:
            code = self.path.read_text()
        except OSError:
            code = ""
        if not code or not secrets.compare_digest(code_hash(code), code_hash(typed)):
            raise Forbidden(
                f"this is not the code in the file {FILE} of the server's data folder",
                code="first_code_wrong",
                file=FILE,
            )

    async def prepare(self, connection: asyncpg.Connection) -> None:
        """At the start of a server: there while nobody has an account, and said in the log without the code itself."""
        if await connection.fetchval("SELECT EXISTS (SELECT FROM app_user)"):
            self.withdraw()
        else:
            self.offer()
            log.warning("first_start_waits", page="/", file=str(self.path))

    def withdraw(self) -> None:
        """There is an account: nobody needs it any more."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """`hashed` is its password."""

    login: str
    name: str
    hashed: str


@dataclass(frozen=True, slots=True)
class NewSite:
    """What a site begins with. The region lies below the root; hotline and duty number hold for everything."""

    region: str
    region_en: str
    hotline: str
    duty_number: str
    language: str
    administrator: NewAccount
    operator: NewAccount


async def is_first(session: AsyncSession) -> bool:
    """Nobody has an account."""
    return not await session.scalar(select(exists().select_from(User)))


async def found_site(session: AsyncSession, acting: Acting, site: NewSite) -> Region:
    """The region, an administrator and an operator; nothing of it where one is refused. Raises Conflict `not_first` when somebody
    has an account, and Invalid for a number that cannot be called.
    """
    await session.execute(text("LOCK TABLE app_user IN SHARE ROW EXCLUSIVE MODE"))
    if not await is_first(session):
        raise Conflict("this site has accounts: log in", code="not_first")
    root = await root_region(session)
    check_settings({"hotline": site.hotline})
    root.hotline = site.hotline
    root.duty_numbers = check_duty_numbers([site.duty_number])
    region = await add_region(
        session, root, level=RegionLevel.COMMUNITY, name=site.region, name_en=site.region_en
    )
    for role, one in (
        (Role.ADMINISTRATOR, site.administrator),
        (Role.OPERATOR, site.operator),
    ):
        user = await accounts.create_account(
            session, login=one.login, name=one.name, password_hash=one.hashed, now=acting.now, language=site.language
        )  # fmt: skip
        await give(session, acting, user.id, HeldGrant(role, root.id))
    return region
