"""What an exchange writes of its calls by itself, whatever is with the server meanwhile: a port. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Logged:
    """One call from outside as the log has it so far. `answered_at` is by whatever: a prompt, a duty phone, a seat. Without a `line` only its
    later events are known.
    """

    call: str
    line: str
    caller: str
    began_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where a log was read. `mark` is hex."""

    inode: int = 0
    offset: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """Calls as these bytes tell of them (`follow` puts them to those before), and where to read on."""

    calls: Sequence[Logged]
    place: Place
    more: bool


class OwnLog(Protocol):
    """Where it is read."""

    def read_on(self, place: Place) -> Portion:
        """The next portion. Called beside the event loop. Raises OSError."""


def follow(before: Mapping[str, Logged], later: Iterable[Logged]) -> Mapping[str, Logged]:
    """By id of the call: what stood, with what was written since."""
    merged = dict(before)
    for each in later:
        known = merged.get(each.call)
        merged[each.call] = each if known is None else _joined(known, each)
    return merged


def _joined(known: Logged, later: Logged) -> Logged:
    return replace(
        known,
        line=known.line or later.line,
        began_at=min(known.began_at, later.began_at),
        answered_at=known.answered_at or later.answered_at,
        ended_at=known.ended_at or later.ended_at,
        cause=later.cause if known.cause is None else known.cause,
    )
