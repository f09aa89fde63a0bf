"""How a drill goes: what is pressed when, when it waits, and how it ends. Pure.

It gives way: while a real alarm waits in its region nothing is pressed, and what was planned comes later by so much. It never
outlasts its time, and what nobody pressed in time, as after an outage, is not pressed late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.devices.signals import CLASS_OF, Kind, SignalClass

PRESSED: Final = tuple(kind for kind in Kind if CLASS_OF[kind] is SignalClass.ALARM)
"""What may be pressed in a drill."""
MOST_PRESSES: Final = 50
LATEST: Final = timedelta(hours=2)
"""After the beginning nothing is planned."""
REST: Final = timedelta(minutes=30)
"""From the last press until it ends by itself, with whatever is still open."""
TOO_LATE: Final = timedelta(minutes=1)
"""What is due for longer was missed."""


class PressState(StrEnum):
    WAITING = "waiting"
    MADE = "made"
    MISSED = "missed"
    """Nobody was there to press it in its time, or its home is gone."""
    LEFT_OUT = "left_out"
    """The drill was over before."""


class Ending(StrEnum):
    OVER = "over"
    STOPPED = "stopped"


class Move(StrEnum):
    """What a look at a running drill leads to."""

    PRESS = "press"
    PAUSE = "pause"
    RESUME = "resume"
    REST = "rest"
    END = "end"


@dataclass(frozen=True, slots=True)
class Standing:
    """A running drill at this moment."""

    until_at: datetime
    paused: bool
    real_waits: bool
    """A real alarm of its region has no taker."""
    presses_left: bool
    still_open: bool
    """Something that it pressed is not closed."""


def move(drill: Standing, now: datetime) -> Move:
    """One step at a time: what comes next shows the next look."""
    if drill.until_at <= now:
        return Move.END
    if drill.real_waits:
        return Move.REST if drill.paused else Move.PAUSE
    if drill.paused:
        return Move.RESUME
    if drill.presses_left:
        return Move.PRESS
    return Move.REST if drill.still_open else Move.END


def is_missed(due_at: datetime, now: datetime) -> bool:
    """Whether a press that is due comes too late to be made."""
    return now - due_at > TOO_LATE


def ends_at(started_at: datetime, after_s: Sequence[int]) -> datetime:
    """When it is over whatever happens, with presses so many seconds after its beginning."""
    return started_at + timedelta(seconds=max(after_s)) + REST
