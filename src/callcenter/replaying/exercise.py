"""The system that a trainee sits at: the world of a night in a data folder of its own, with sources that may press for its devices and
with accounts that can be logged in to.

Nobody of the world has a password, no secret of the site is in it, and the folder is a new one: it cannot reach a site.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy import select

from callcenter.auth import accounts
from callcenter.auth.acting import COMMAND_LINE, Acting
from callcenter.auth.models import User
from callcenter.auth.passwords import hash_password
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.sealed import Seal
from callcenter.devices.models import Source
from callcenter.devices.sources import give_secrets
from callcenter.regions.upkeep import root_region
from callcenter.replaying.night import Night, What
from callcenter.replaying.scratch import Place
from callcenter.replaying.world import TABLES, write_world

TRAINER: Final = "trainer"


@dataclass(frozen=True, slots=True)
class LogIn:
    login: str
    password: str
    role: Role


@dataclass(frozen=True, slots=True)
class Exercise:
    """`tokens`: with which the sources of the night are spoken for."""

    log_ins: Sequence[LogIn]
    tokens: Mapping[str, str]


async def prepare(
    night: Night, place: Place, seal: Seal, sources: Mapping[str, str], trainees: int
) -> Exercise:
    """Into a database of this release that nothing is in; `sources` with the wire format that they speak here."""
    admin = await asyncpg.connect(place.admin_dsn)
    try:
        await write_world(admin, _spoken_for_by_http(night, frozenset(sources)))
        for table in TABLES:
            await _go_on_behind(admin, table)
    finally:
        await admin.close()
    database = Database(place.dsn, role=None, pool_size=1)
    try:
        return await _opened(database, seal, sources, trainees)
    finally:
        await database.close()


def _spoken_for_by_http(
    night: Night, sources: frozenset[str]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Without the sources themselves, which are made anew with secrets of this exercise."""
    return [
        (table, row)
        for table, row in night.lines[What.WORLD]
        if not (table == "source" and row["name"] in sources)
    ]


async def _go_on_behind(admin: asyncpg.Connection, table: str) -> None:
    """New rows get numbers behind those of the world."""
    if await admin.fetchval(_HAS_SERIAL, table):
        await admin.execute(_BEHIND.format(table))


async def _opened(
    database: Database, seal: Seal, sources: Mapping[str, str], trainees: int
) -> Exercise:
    acting = Acting(None, COMMAND_LINE, SystemClock().now())
    wanted = [*((f"trainee{n}", Role.OPERATOR) for n in range(1, trainees + 1))]
    wanted.append((TRAINER, Role.SUPERVISOR))
    tokens: dict[str, str] = {}
    log_ins: list[LogIn] = []
    async with database.transaction() as session:
        root = await root_region(session)
        for name, kind in sorted(sources.items()):
            source = Source(name=name, kind=kind, region_id=root.id)
            tokens[name] = give_secrets(source, seal).token
            session.add(source)
        taken = set(await session.scalars(select(User.login)))
        for login, role in wanted:
            free = login if login not in taken else f"exercise-{login}"
            log_in = LogIn(free, secrets.token_urlsafe(9), role)
            log_ins.append(log_in)
            await accounts.open_account(
                session,
                acting,
                login=log_in.login,
                name=log_in.login,
                password_hash=hash_password(log_in.password),
                grants=[(HeldGrant(role, root.id), None)],
            )
    return Exercise(log_ins, tokens)


_HAS_SERIAL = """
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = 'id' AND NOT attisdropped)
   AND pg_get_serial_sequence($1, 'id') IS NOT NULL
"""

_BEHIND = (
    "SELECT setval(pg_get_serial_sequence('{0}', 'id'), greatest((SELECT max(id) FROM {0}), 1))"
)
