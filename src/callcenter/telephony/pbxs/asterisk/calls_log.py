"""The exchange's own log of calls, as `cel_custom.conf` has it written: which calls came, whatever was with the server meanwhile. Pure.

One line an event: event, time (Unix s), id of the channel, id of the whole call, the caller's number, the number that was called, the part of
the dialplan, and what goes with the event as JSON. A line is whole or, at the end of the file, torn.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import orjson

from callcenter.telephony.own_log import Logged

ARRIVING: Final = "from-outside"
"""The part of the dialplan in which calls from outside begin."""
ALONE: Final = "alone"
"""The part that goes on where no server answers: duty phones, and a message."""
FIELDS: Final = 8


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

    A call that began in an earlier portion is told by its later events alone: `own_log.follow` puts the two together.
    """
    whole = text.rfind("\n") + 1
    calls: dict[str, Logged] = {}
    for event in _events(text[:whole]):
        if event.is_of_the_caller:
            known = calls.get(event.call) or _begun(event)
            calls[event.call] = _after(known, event)
    return calls.values(), whole


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
