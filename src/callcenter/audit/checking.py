"""Whether a chain holds, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

import asyncpg

from callcenter.audit.chain import (
    SETTLED,
    Broken,
    Mark,
    Start,
    back_from,
    faults,
)
from callcenter.audit.chained import AUDIT, Chained
from callcenter.audit.cuts import cut_faults, start_of

MOST: Final = 5_000
"""Links that are looked at for one question, about a tenth of a second of a core."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link. Whoever writes down its hash can tell later that nothing before it was made anew."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the links `first` to `last`. `outside`, counted when the newest link is reached: entries that should have
    a place in the chain and have none.
    """

    first: int
    last: int
    broken: Broken | None
    head: Head | None
    outside: int


async def check_trail(connection: asyncpg.Connection, first: int, until: int | None) -> Checked:
    """Look at the links of the audit trail from `first` on, at most `MOST` and none behind `until`; whoever asks goes on behind
    `last`. What lies in the archive is passed over; when the newest link is reached, the cuts are checked, too.
    """
    head = await head_of(connection, AUDIT)
    first = max(first, (await start_of(connection, AUDIT)).number)
    end = min(until or head.number, head.number, first + MOST - 1) if head else 0
    found = await faults_between(connection, AUDIT, first, end, most=1) if end >= first else []
    is_end = head is None or end == head.number
    outside = await _outside(connection) if is_end else 0
    found = found or (list(await cut_faults(connection, AUDIT)) if is_end else [])
    return Checked(first, max(end, first - 1), found[0] if found else None, head, outside)


async def head_of(connection: asyncpg.Connection, chained: Chained) -> Head | None:
    """The newest link."""
    found = await connection.fetchrow(_HEAD.format(chained.links))
    return Head(found["number"], found["hash"]) if found else None


async def faults_between(
    connection: asyncpg.Connection, chained: Chained, first: int, last: int, *, most: int
) -> list[Broken]:
    """What does not hold from link `first` to `last`, at most so many; and the link before `first`, where that is gone."""
    start = await _start(connection, chained, first)
    found: list[Broken] = []
    while start.number <= last and len(found) < most:
        end = min(last, start.number + MOST - 1)
        rows = await connection.fetch(chained.links_between, start.number, end)
        part = await asyncio.to_thread(_faults, chained, start, rows, end, most - len(found))
        found += part
        start = _behind(start, rows, end)
    return found


def _faults(
    chained: Chained, start: Start, rows: Sequence[asyncpg.Record], end: int, most: int
) -> list[Broken]:
    return list(islice(faults(start, (chained.link_of(row) for row in rows), end), most))


def _behind(start: Start, rows: Sequence[asyncpg.Record], end: int) -> Start:
    mark = _mark(rows[-1]) if rows else start.mark
    is_there = bool(rows) and rows[-1]["link_number"] == end
    return Start(end + 1, rows[-1]["link_hash"] if is_there else None, mark)


async def _start(connection: asyncpg.Connection, chained: Chained, first: int) -> Start:
    kept = await start_of(connection, chained)
    if first <= kept.number:
        return kept
    found = await connection.fetchrow(_BEFORE.format(chained.links), first - 1)
    return Start(first, found["hash"], _mark(found)) if found else Start(first - 1, None)


def _mark(row: asyncpg.Record) -> Mark | None:
    return Mark(row["linked_at"], row["linked_by"]) if row["linked_at"] else None


async def _outside(connection: asyncpg.Connection) -> int:
    """Of those that are older than what may still be on its way."""
    newest: UUID | None = await connection.fetchval(_NEWEST)
    if newest is None:
        return 0
    return int(await connection.fetchval(_OUTSIDE, back_from(newest, SETTLED)) or 0)


_HEAD = "SELECT number, hash FROM {} ORDER BY number DESC LIMIT 1"
_BEFORE = "SELECT hash, linked_at, linked_by FROM {} WHERE number = $1"
_NEWEST = "SELECT id FROM audit_entry ORDER BY id DESC LIMIT 1"
_OUTSIDE = """
SELECT count(*) FROM audit_entry AS entry
WHERE entry.id < $1 AND NOT EXISTS (SELECT FROM audit_link AS link WHERE link.entry_id = entry.id)
"""
