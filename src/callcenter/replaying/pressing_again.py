"""Which signals of a night are pressed again for a trainee, when, and what of the night is not played. Pure.

A press has no time of its own any more: the trainee lives now, and only the pauses between presses are the night's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from callcenter.alerts.called import OFFICE
from callcenter.alerts.telephoned import TELEPHONE
from callcenter.replaying.night import Night, What

TEXTS: Final = "sms"
"""The source of texts that came in (`alerts/handling/replies.py`)."""

_NOT_PLAYED: Final[Mapping[str, str]] = MappingProxyType(
    {
        OFFICE: "alarms that somebody of the centre opened by hand",
        TEXTS: "texts that nobody expected",
        TELEPHONE: "keys that dialled",
    }
)
UNREADABLE: Final = "signals that could not be read"
IN_TEST: Final = "signals of devices in test"


@dataclass(frozen=True, slots=True)
class Press:
    """`after_s`: seconds of the night since it began. `source` speaks HTTP in the exercise, whatever it spoke then."""

    after_s: float
    source: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Presses:
    """In their order; `not_played` counts what stays out, in words."""

    presses: Sequence[Press]
    not_played: Mapping[str, int]

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(press.source for press in self.presses)


def presses_of(night: Night) -> Presses:
    """What devices have sent, with the key that they had: a repeat is a repeat again."""
    lines, left = night.lines, Counter[str]()
    made: list[Press] = []
    for row in sorted(lines[What.SIGNAL], key=_stored_at):
        why = _why_not(row)
        if why is None:
            after = (_stored_at(row) - night.since).total_seconds()
            made.append(Press(max(after, 0.0), row["source"], _body(row)))
        else:
            left[why] += 1
    left["answers of families and of duty phones"] = len(lines[What.ANSWER])
    left["commands of the operators of then"] = len(lines[What.COMMAND])
    left.update({name.replace("_", " "): n for name, n in night.header["left_out"].items()})
    return Presses(made, {what: count for what, count in left.items() if count})


def _why_not(row: Mapping[str, Any]) -> str | None:
    if row["outcome"] == "undecodable":
        return UNREADABLE
    if row.get("mode") == "test":
        return IN_TEST
    return _NOT_PLAYED.get(row["source"])


def _stored_at(row: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(row["stored_at"])


def _body(row: Mapping[str, Any]) -> Mapping[str, Any]:
    placed = row["lat"] is not None and row["lng"] is not None
    told = {
        "id": row["key"],
        "device": row["identifier"] or "?",
        "kind": row["kind"],
        "lat": row["lat"] if placed else None,
        "lon": row["lng"] if placed else None,
        "datum": "wgs84" if placed else None,
        "text": row["text"],
    }
    return {name: value for name, value in told.items() if value is not None}


class Pace:
    """How far the night is: its seconds pass `speed` times as fast as the room's, or stand still. Pure: the room's time is given."""

    def __init__(self, speed: float, at: float) -> None:
        self._speed, self._at = speed, at
        self._passed = 0.0
        self._runs = True

    @property
    def speed(self) -> float:
        """0 while it is held."""
        return self._speed if self._runs else 0.0

    def passed(self, at: float) -> float:
        """Seconds of the night at this time of the room (s, monotonic)."""
        self._passed += (at - self._at) * self.speed
        self._at = at
        return self._passed

    def hold(self, at: float) -> None:
        """No press comes until `go_on`."""
        self.passed(at)
        self._runs = False

    def go_on(self, at: float, speed: float | None = None) -> None:
        """At this speed from here on; without one as before."""
        self.passed(at)
        self._runs = True
        self._speed = self._speed if speed is None else speed

    def skip_to(self, passed_s: float, at: float) -> None:
        """What lies between is passed over, and it goes on."""
        self.go_on(at)
        self._passed = max(self._passed, passed_s)
