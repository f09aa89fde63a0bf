"""A chain over rows that are only ever added: each link's hash goes over the hash before it, so that no row can be changed, taken
out or slipped in unseen by whoever does not make every later hash anew. Pure; the same for every chained table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

BEFORE_THE_FIRST: Final = bytes(32)
"""What the hash of the first link goes over."""
SETTLED: Final = timedelta(minutes=10)
"""A row has its id and its time when it is made, and is to be seen when its transaction ends; none takes so long."""
_TIME_BITS: Final = 80
"""A UUIDv7 begins with milliseconds, and has so many bits behind them."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

Key = tuple[object, ...]
"""What names a row within its table."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who has linked a row, and when the look began in which it was found."""

    at: datetime
    by: str


class Fault(StrEnum):
    """What is wrong with a row or its link."""

    CHANGED = "changed"
    GONE = "gone"
    LATE = "late"
    """It says a time that the linker was long past when it first saw it: slipped in, or written by a clock that was put back."""
    CUT = "cut"
    """The links that are kept and the cuts that are written down do not make the whole chain."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with the row that it stands for: `said` and `at` (when the row says it was written) are None where that is gone."""

    number: int
    key: Key
    hash: bytes
    mark: Mark | None
    """None: of a release that did not note it."""
    said: Sequence[object] | None
    at: datetime | None
    archived: bool = False
    """Its row belongs to a part that a cut says lies in the archive."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not hold. `key` is empty where the link itself is gone."""

    number: int
    fault: Fault
    key: Key = ()
    at: datetime | None = None
    linked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where a part of a chain begins: the hash before it, None where the link before it is gone, and that link's mark."""

    number: int = 1
    before: bytes | None = BEFORE_THE_FIRST
    mark: Mark | None = None


def hash_of(before: bytes, number: int, mark: Mark | None, said: Iterable[object]) -> bytes:
    """SHA-256 over the hash before, the link's place and mark, and everything that the row says."""
    marked = (mark.at, mark.by) if mark else ()
    values = [plain(value) for value in (number, *marked, *said)]
    return hashlib.sha256(before + _ENCODER.encode(values).encode()).digest()


def plain(value: object) -> object:
    """As JSON has it, the same on every machine."""
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes():
            return value.hex()
        case _:
            return value


def faults(start: Start, links: Iterable[Link], last: int) -> Iterator[Broken]:
    """Every link of these, numbered from `start` to `last`, that does not hold; a fault does not hide those behind it."""
    expected, before = start.number, start.before
    looks = _Looks(start.mark)
    for link in links:
        yield from (Broken(number, Fault.GONE) for number in range(expected, link.number))
        # Of a link behind one that is gone nobody can tell what it went over.
        known = before if link.number == expected else None
        fault = _fault(known, link, is_late=looks.are_past(link))
        if fault is not None:
            linked_at = link.mark.at if link.mark else None
            yield Broken(link.number, fault, link.key, link.at, linked_at)
        expected, before = link.number + 1, link.hash
    yield from (Broken(number, Fault.GONE) for number in range(expected, last + 1))


def _fault(before: bytes | None, link: Link, *, is_late: bool) -> Fault | None:
    if link.said is None:
        return None if link.archived else Fault.GONE
    if before is not None and hash_of(before, link.number, link.mark, link.said) != link.hash:
        return Fault.CHANGED
    return Fault.LATE if is_late else None


class _Looks:
    """When the looks before the present one began: what they did not find was not there then."""

    def __init__(self, mark: Mark | None) -> None:
        self._mark = mark
        self._passed: datetime | None = None

    def are_past(self, link: Link) -> bool:
        if link.mark != self._mark:
            times = [each for each in (self._passed, self._mark and self._mark.at) if each]
            self._passed, self._mark = max(times, default=None), link.mark
        return bool(self._passed and link.at and self._passed - link.at > SETTLED)


def back_from(newest: UUID, by: timedelta) -> UUID:
    """The lowest UUIDv7 that is at most so much older than this one."""
    milliseconds = max(0, (newest.int >> _TIME_BITS) - by // timedelta(milliseconds=1))
    return UUID(int=milliseconds << _TIME_BITS)


def lowest_at(at: datetime) -> UUID:
    """The lowest UUIDv7 that can have been made then."""
    milliseconds = max(0, (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1))
    return UUID(int=milliseconds << _TIME_BITS)


def made_at(id_: UUID) -> datetime:
    """When a UUIDv7 was made, in milliseconds."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=id_.int >> _TIME_BITS)
