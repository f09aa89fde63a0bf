"""The chain over the audit trail: each entry's hash goes over the hash before it, so that none can be changed, taken out or
slipped in unseen by whoever does not make every later hash anew. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

BEFORE_THE_FIRST: Final = bytes(32)
"""What the hash of the first entry goes over."""
SETTLED_MS: Final = 10 * 60 * 1000
"""An entry has its id when it is made, and is to be seen when its transaction ends; none takes so long."""
_TIME_BITS: Final = 80
"""A UUIDv7 begins with milliseconds, and has so many bits behind them."""


class Row(Protocol):
    """What both ways of asking the database answer with."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry with its place in the chain."""

    number: int
    id: UUID
    at: datetime
    user_id: int | None
    action: str
    subject: str
    region_ids: tuple[int, ...]
    address: str | None
    detail: object

    @classmethod
    def of(cls, number: int, row: Row) -> Linked:
        """An entry as the database has it."""
        names = ("id", "at", "user_id", "action", "subject", "address", "detail")
        said = {name: row[name] for name in names}
        return cls(number=number, region_ids=tuple(row["region_ids"]), **said)


class Fault(StrEnum):
    """What is wrong with a link."""

    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the chain with the entry that it stands for; `entry` is None where that is gone."""

    number: int
    entry_id: UUID
    hash: bytes
    entry: Linked | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold."""

    number: int
    fault: Fault


def hash_of(before: bytes, entry: Linked) -> bytes:
    """SHA-256 over the hash before and everything that the entry says."""
    said = [
        entry.number,
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(),
        entry.user_id,
        entry.action,
        entry.subject,
        entry.region_ids,
        entry.address,
        entry.detail,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def first_broken(before: bytes, expected: int, links: Iterable[Link]) -> Broken | None:
    """The first of these links that does not follow from `before`; the first must have the number `expected`."""
    for link in links:
        if link.number != expected or link.entry is None:
            return Broken(expected, Fault.GONE)
        if hash_of(before, link.entry) != link.hash:
            return Broken(expected, Fault.CHANGED)
        before, expected = link.hash, expected + 1
    return None


def settled_before(newest: UUID) -> UUID:
    """Below this id no entry is still to come, when `newest` was seen."""
    milliseconds = max(0, (newest.int >> _TIME_BITS) - SETTLED_MS)
    return UUID(int=milliseconds << _TIME_BITS)
