"""The exchange's own log of calls, as `cel_custom.conf` has it written: which calls came, whatever was with the server meanwhile. Pure.

One line an event: event, time (Unix s), id of the channel, id of the whole call, the caller's number, the number that was called, the part of
the dialplan, and what goes with the event as JSON. A line is whole or, at the end of the file, torn.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import orjson

ARRIVING: Final = "from-outside"
"""The part of the dialplan in which calls from outside begin."""
ALONE: Final = "alone"
"""The part that goes on where no server answers: duty phones, and a message."""
FIELDS: Final = 8


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
class _Event:
    name: str
    at: datetime
    channel: str
    call: str
    caller: str
    line: str
    context: str
    extra: str

    @property
    def is_of_the_caller(self) -> bool:
        """Not of the telephones that were called for them."""
        return self.channel == self.call and self.context in (ARRIVING, ALONE)


def read(text: str) -> tuple[Iterable[Logged], int]:
    """The calls that these bytes tell of, in the order in which they began, and how many characters were whole lines.

    A call that began in an earlier portion is told by its later events alone: `follow` puts the two together.
    """
    whole = text.rfind("\n") + 1
    calls: dict[str, Logged] = {}
    for event in _events(text[:whole]):
        if event.is_of_the_caller:
            known = calls.get(event.call) or _begun(event)
            calls[event.call] = _after(known, event)
    return calls.values(), whole


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


def _events(lines: str) -> Iterator[_Event]:
    """Lines that are none of ours are passed over: a file may have been written by hand."""
    for row in csv.reader(lines.splitlines()):
        if len(row) < FIELDS:
            continue
        name, at, *rest = row[:FIELDS]
        try:
            when = datetime.fromtimestamp(float(at), UTC)
        except (ValueError, OverflowError, OSError):
            continue
        yield _Event(name, when, *rest)


def _begun(event: _Event) -> Logged:
    line = event.line if event.context == ARRIVING else ""
    return Logged(event.call, line, event.caller, event.at)


def _after(call: Logged, event: _Event) -> Logged:
    match event.name:
        case "ANSWER":
            return replace(call, answered_at=call.answered_at or event.at)
        case "HANGUP":
            return replace(call, ended_at=event.at, cause=_cause(event.extra))
        case _:
            return call


def _cause(extra: str) -> int | None:
    try:
        return int(orjson.loads(extra)["hangupcause"])
    except (ValueError, KeyError, TypeError):
        return None
