"""Which rows have changed since the sweep before: exactly those that its snapshot did not see.

`pg_snapshot_xmin` alone would do, but one transaction that stays open, anywhere in the cluster, holds it back, and each
sweep would read again whatever has changed since then.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import asyncpg

SLICE = 250

Take = Callable[[asyncpg.Connection, list[int]], Awaitable[None]]
"""Reads the rows of these ids."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the database had seen at a moment: all below `xmax` but those of `open`. Transaction ids, as text."""

    xmax: str
    open: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Snapshot:
        """From `xmin:xmax:id,id,...`, as PostgreSQL writes a pg_snapshot."""
        _, xmax, open_ids = text.split(":")
        return cls(xmax, tuple(open_ids.split(",")) if open_ids else ())


NOTHING = Snapshot("0", ())
"""Of a time before all transactions."""


async def take_snapshot(connection: asyncpg.Connection) -> Snapshot:
    """As of now. Taken before the rows are read: what it sees, they show."""
    return Snapshot.of(await connection.fetchval(NOW_SEEN))


async def identity(connection: asyncpg.Connection) -> tuple[str, int]:
    """Of the cluster and the database in it: only there do its transactions mean anything."""
    return tuple(await connection.fetchrow(IDENTITY))


async def has_gone_on(connection: asyncpg.Connection, since: Snapshot) -> bool:
    """Whether this is a later state of what `since` was taken of: one that was put back to an earlier time is none."""
    return bool(await connection.fetchval(_GONE_ON, since.xmax))


async def regions_state(connection: asyncpg.Connection) -> tuple[int, int]:
    """Differs after any insert, update or delete of a region; they are few and have no version."""
    return tuple(await connection.fetchrow(REGIONS_STATE))


async def tests_state(connection: asyncpg.Connection) -> tuple[int, int]:
    """Differs after any period of test was begun or ended."""
    return tuple(await connection.fetchrow(TESTS_STATE))


async def staff_state(connection: asyncpg.Connection) -> tuple[int, int]:
    """Differs after any insert, update or delete of staff; they are few and have no mark of their changes."""
    return tuple(await connection.fetchrow(STAFF_STATE))


async def organisations_state(connection: asyncpg.Connection) -> tuple[int, int]:
    """The same of organisations."""
    return tuple(await connection.fetchrow(ORGANISATIONS_STATE))


@dataclass(frozen=True, slots=True)
class Marks:
    """By which it is told whether anything of a directory has changed."""

    of: tuple[str, int]
    seen: Snapshot
    regions: tuple[int, int]
    tests: tuple[int, int]
    staff: tuple[int, int]
    organisations: tuple[int, int]


async def marks(connection: asyncpg.Connection) -> Marks:
    """As of now."""
    return Marks(
        await identity(connection),
        await take_snapshot(connection),
        await regions_state(connection),
        await tests_state(connection),
        await staff_state(connection),
        await organisations_state(connection),
    )


async def none_since(connection: asyncpg.Connection, before: Marks) -> bool:
    """Whether the directory is as it was."""
    now = await marks(connection)
    if replace(now, seen=before.seen) != before:
        return False
    seen = before.seen.xmax, before.seen.open
    return not await connection.fetchval(_ANY, *seen)


async def any_source(connection: asyncpg.Connection, since: Snapshot) -> bool:
    """Whether a source has changed."""
    return bool(await connection.fetchval(_SOURCES, since.xmax, since.open))


async def each_home(connection: asyncpg.Connection, since: Snapshot, take: Take) -> int:
    """Hand over the ids of homes that have changed or are gone, or whose people or contacts have changed; how many."""
    return await _each(connection, _HOMES, since, take)


async def each_device(connection: asyncpg.Connection, since: Snapshot, take: Take) -> int:
    """Hand over the ids of devices that have changed or are gone; how many."""
    return await _each(connection, _DEVICES, since, take)


async def _each(
    connection: asyncpg.Connection,
    query: str,
    since: Snapshot,
    take: Take,
) -> int:
    """By a cursor: a million changed rows pass in slices, as eight do."""
    count = 0
    async with connection.transaction():
        cursor = await connection.cursor(query, since.xmax, since.open)
        while rows := await cursor.fetch(SLICE):
            ids = {row["id"] for row in rows if row["id"] is not None}
            await take(connection, list(ids))
            count += len(ids)
    return count


def _touched(select: str, mark: str) -> str:
    """Two ranges of the index of the mark, each as small as what has changed."""
    return (
        f"{select} WHERE {mark} >= $1::text::xid8"
        f" UNION ALL {select} WHERE {mark} = ANY($2::text[]::xid8[])"
    )


def _gone(table: str) -> str:
    rows = f"(SELECT row_id AS id, removed_xid FROM removal WHERE table_name = '{table}') AS gone"  # noqa: S608 constant
    return _touched(f"SELECT id FROM {rows}", "removed_xid")  # noqa: S608 constant


NOW_SEEN = "SELECT pg_current_snapshot()::text"

IDENTITY = """
SELECT system_identifier::text, (SELECT oid::bigint FROM pg_database WHERE datname = current_database())
FROM pg_control_system()
"""

_GONE_ON = "SELECT pg_snapshot_xmax(pg_current_snapshot()) >= $1::text::xid8"

REGIONS_STATE = "SELECT count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM region"

TESTS_STATE = "SELECT count(*), count(ended_at) FROM test_period"

STAFF_STATE = "SELECT count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM staff"

ORGANISATIONS_STATE = (
    "SELECT count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM organisation"
)

_SOURCES = f"SELECT EXISTS ({_touched('SELECT 1 FROM source', 'changed_xid')})"  # noqa: S608 constant

_HOMES = " UNION ALL ".join(
    (
        _touched("SELECT id FROM home", "changed_xid"),
        _touched("SELECT home_id FROM resident", "changed_xid"),
        _touched(
            "SELECT home_id FROM contact JOIN resident ON resident.id = contact.resident_id",
            "contact.changed_xid",
        ),
        _gone("home"),
    )
)

_DEVICES = " UNION ALL ".join((_touched("SELECT id FROM device", "changed_xid"), _gone("device")))

_ANY = f"SELECT EXISTS ({_touched('SELECT 1 FROM source', 'changed_xid')} UNION ALL {_HOMES} UNION ALL {_DEVICES})"  # noqa: S608 constant
