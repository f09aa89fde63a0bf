"""Screens across the room: paired once by a code, logged in for as long as they are used, taken away at once. Each is a row."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, cast

import asyncpg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.codes import code_hash, new_code
from callcenter.auth.models import WallScreen
from callcenter.auth.permissions import Action, WallShows
from callcenter.auth.sessions import Principal, hash_of
from callcenter.core.database import Database
from callcenter.core.errors import Forbidden, NotFound, Unavailable
from callcenter.regions.models import Region

RENEWED_EVERY: Final = timedelta(minutes=1)
CODE_HOLDS: Final = timedelta(minutes=10)
CODE_LENGTH: Final = 8
"""40 bits that hold for ten minutes, once."""


class RawConnection(Protocol):
    """The part of an asyncpg connection that a look-up needs."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """The first row of a query."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that is logged in. `renewed`: it was just kept for longer, and its cookie is to be, too."""

    id: int
    name: str
    region_id: int
    region_path: Sequence[int]
    shows: WallShows
    renewed: bool


def give_code(screen: WallScreen, now: datetime) -> str:
    """A new code for it; the one before is none any more."""
    code = new_code(CODE_LENGTH)
    screen.code_hash, screen.code_until = code_hash(code), now + CODE_HOLDS
    return code


async def pair(
    session: AsyncSession, typed: str, address: str, now: datetime, lasts: timedelta
) -> tuple[WallScreen, str]:
    """The screen whose code this is, and the token of its cookie; whichever browser it was before is it no more. Raises Forbidden
    `code_refused`.
    """
    screen = await session.scalar(
        select(WallScreen)
        .where(
            WallScreen.code_hash == code_hash(typed),
            WallScreen.code_until > now,
            WallScreen.revoked_at.is_(None),
        )
        .with_for_update()
    )
    if screen is None:
        raise Forbidden("This code is not known, or no longer.", code="code_refused")
    token = secrets.token_urlsafe(32)
    screen.token_hash, screen.code_hash, screen.code_until = hash_of(token), None, None
    screen.paired_at = screen.seen_at = now
    screen.expires_at, screen.address = now + lasts, address
    return screen, token


def revoke(screen: WallScreen, now: datetime) -> None:
    """Its next look is refused; it is never paired again."""
    screen.revoked_at = now
    screen.token_hash = screen.code_hash = screen.code_until = None


async def listed(session: AsyncSession, principal: Principal) -> Sequence[WallScreen]:
    """Those of the regions in which this user manages walls, that were not taken away."""
    regions = sorted(principal.regions(Action.MANAGE_WALLS))
    found = await session.scalars(
        select(WallScreen)
        .join(Region, Region.id == WallScreen.region_id)
        .where(Region.path.overlap(regions), WallScreen.revoked_at.is_(None))
        .order_by(WallScreen.id)
    )
    return found.all()


async def one(session: AsyncSession, principal: Principal, screen_id: int) -> WallScreen:
    """To change it. Raises NotFound."""
    screen = await session.get(WallScreen, screen_id, with_for_update=True)
    if screen is None or screen.revoked_at is not None:
        raise NotFound("no such screen", what="screen")
    principal.find(Action.MANAGE_WALLS, await path_of(session, screen.region_id), "screen")
    return screen


async def path_of(session: AsyncSession, region_id: int) -> Sequence[int]:
    """Of its region; none: there is no such region."""
    return await session.scalar(select(Region.path).where(Region.id == region_id)) or ()


async def find_screen(
    database: Database, token: str, now: datetime, lasts: timedelta
) -> Screen | None:
    """Whose cookie this is; what is used stays so much longer. Raises Unavailable."""
    try:
        async with database.engine.connect() as connection:
            raw = cast("RawConnection", (await connection.get_raw_connection()).driver_connection)
            row = await raw.fetchrow(_FIND, hash_of(token), now, now - RENEWED_EVERY, now + lasts)
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise Unavailable("screens cannot be checked now", code="database_unavailable") from error
    return None if row is None else Screen(**{**row, "shows": WallShows(row["shows"])})


_FIND = """
WITH found AS (
    SELECT wall_screen.id, wall_screen.name, region_id, region.path AS region_path, shows, seen_at < $3 AS renewed
    FROM wall_screen JOIN region ON region.id = region_id
    WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2
), renewed AS (
    UPDATE wall_screen SET seen_at = $2, expires_at = $4 FROM found WHERE wall_screen.id = found.id AND found.renewed
)
SELECT * FROM found
"""


EVERY_SCREEN: Final = """
SELECT wall_screen.id, wall_screen.name, region_id, region.path AS region_path, shows, token_hash, expires_at
FROM wall_screen JOIN region ON region.id = region_id
WHERE token_hash IS NOT NULL AND revoked_at IS NULL AND expires_at > now() ORDER BY wall_screen.id
"""


class KeptScreens:
    """Port of the API: the screens that are logged in, as the database last told. While it is away they stay so, to the end of their time."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Screen, datetime]] = {}

    async def learn(self, connection: asyncpg.Connection) -> None:
        """In place of what was known."""
        self._known = {
            row["token_hash"]: (_kept(row), row["expires_at"])
            for row in await connection.fetch(EVERY_SCREEN)
        }

    def find(self, token: str, now: datetime) -> Screen | None:
        """Whose cookie this is."""
        screen, until = self._known.get(hash_of(token), (None, now))
        return screen if until > now else None


def _kept(row: Mapping[str, Any]) -> Screen:
    path, shows = row["region_path"], WallShows(row["shows"])
    return Screen(row["id"], row["name"], row["region_id"], path, shows, renewed=False)
