"""Where a chain begins whose oldest rows lie in the archive, and whether the cuts and the kept links make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from callcenter.audit.chain import Broken, Fault, Start
from callcenter.audit.chained import Chained


@dataclass(frozen=True, slots=True)
class Cut:
    """A part whose rows lie in the archive; see the table `chain_cut`."""

    chain: str
    part: str
    low: UUID
    high: UUID
    rows: int
    from_number: int
    from_hash: bytes
    to_number: int
    to_hash: bytes
    kept_from: int
    kept_before: bytes
    file: str
    sha256: bytes
    at: datetime


async def cuts_of(connection: asyncpg.Connection, chained: Chained) -> list[Cut]:
    """The oldest part first."""
    rows = await connection.fetch(_CUTS, chained.name)
    return [Cut(**row) for row in rows]


async def start_of(connection: asyncpg.Connection, chained: Chained) -> Start:
    """The first link that is kept."""
    found = await connection.fetchrow(_START, chained.name)
    return Start(found["kept_from"], found["kept_before"]) if found else Start()


async def cut_faults(connection: asyncpg.Connection, chained: Chained) -> Sequence[Broken]:
    """Every number up to the newest is a kept link or one that a cut has counted; none is both, and none is missing.

    Links whose row is gone and belongs to no cut are told by the chain itself, as are numbers without a link.
    """
    start = await start_of(connection, chained)
    counted = await connection.fetchrow(_counted(chained), chained.name, start.number)
    first = counted["first"] or 1
    if first != start.number:
        return [Broken(min(first, start.number), Fault.CUT)]
    if counted["cut"] != start.number - 1 + counted["gone"]:
        return [Broken(start.number, Fault.CUT)]
    return []


_COLUMNS = "chain, part, low, high, rows, from_number, from_hash, to_number, to_hash, kept_from, kept_before, file, sha256, at"
_CUTS = f"SELECT {_COLUMNS} FROM chain_cut WHERE chain = $1 ORDER BY low"  # noqa: S608 names of columns
_START = (
    "SELECT kept_from, kept_before FROM chain_cut WHERE chain = $1 ORDER BY kept_from DESC LIMIT 1"
)


def _counted(chained: Chained) -> str:
    """Links of rows in the archive are found by the index of their keys, not by looking at all."""
    key = chained.key[0].link
    return f"""
    SELECT (SELECT number FROM {chained.links} ORDER BY number LIMIT 1) AS first,
           coalesce((SELECT sum(rows) FROM chain_cut WHERE chain = $1), 0)::bigint AS cut,
           (SELECT count(DISTINCT link.number) FROM chain_cut AS cut JOIN {chained.links} AS link
                ON link.{key} >= cut.low AND link.{key} < cut.high AND link.number >= $2
            WHERE cut.chain = $1
              AND NOT EXISTS (SELECT FROM {chained.table} AS entry WHERE {chained.same})) AS gone
    """  # noqa: S608 names of tables and columns
