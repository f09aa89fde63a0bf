"""Whether the chain over the trail holds, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.chain import (
    BEFORE_THE_FIRST,
    Broken,
    Fault,
    Link,
    Linked,
    first_broken,
    settled_before,
)

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


async def check_chain(session: AsyncSession, first: int, until: int | None) -> Checked:
    """Look at the links from `first` on, at most `MOST` and none behind `until`; whoever asks goes on behind `last`."""
    head = await _head(session)
    end = min(until or head.number, head.number, first + MOST - 1) if head else 0
    before = await _before(session, first)
    broken = Broken(first - 1, Fault.GONE) if before is None and end >= first else None
    if before is not None:
        found = (await session.execute(_LINKS, {"first": first, "last": end})).mappings().all()
        broken = await asyncio.to_thread(_broken, before, first, end, found)
    outside = await _outside(session) if head is None or end == head.number else 0
    return Checked(first, max(end, first - 1), broken, head, outside)


def _broken(before: bytes, first: int, end: int, found: Sequence[RowMapping]) -> Broken | None:
    broken = first_broken(before, first, (_link(row) for row in found))
    if broken is None and len(found) < end - first + 1:
        return Broken(first + len(found), Fault.GONE)
    return broken


def _link(row: RowMapping) -> Link:
    entry = None if row["id"] is None else Linked.of(row["number"], row)
    return Link(row["number"], row["entry_id"], row["hash"], entry)


async def _head(session: AsyncSession) -> Head | None:
    found = (await session.execute(_HEAD)).one_or_none()
    return Head(found.number, found.hash) if found else None


async def _before(session: AsyncSession, first: int) -> bytes | None:
    if first == 1:
        return BEFORE_THE_FIRST
    found: bytes | None = await session.scalar(_HASH, {"number": first - 1})
    return found


async def _outside(session: AsyncSession) -> int:
    """Of those that are older than what may still be on its way."""
    newest: UUID | None = await session.scalar(_NEWEST)
    if newest is None:
        return 0
    return int(await session.scalar(_OUTSIDE, {"settled": settled_before(newest)}) or 0)


_HEAD = text("SELECT number, hash FROM audit_link ORDER BY number DESC LIMIT 1")
_HASH = text("SELECT hash FROM audit_link WHERE number = :number")
_LINKS = text("""
SELECT link.number, link.entry_id, link.hash, entry.id, entry.at, entry.user_id, entry.action, entry.subject,
       entry.region_ids, entry.address, entry.detail
FROM audit_link AS link LEFT JOIN audit_entry AS entry ON entry.id = link.entry_id
WHERE link.number BETWEEN :first AND :last ORDER BY link.number
""").columns(detail=JSONB)
_NEWEST = text("SELECT id FROM audit_entry ORDER BY id DESC LIMIT 1")
_OUTSIDE = text("""
SELECT count(*) FROM audit_entry AS entry
WHERE entry.id < :settled AND NOT EXISTS (SELECT FROM audit_link AS link WHERE link.entry_id = entry.id)
""")
