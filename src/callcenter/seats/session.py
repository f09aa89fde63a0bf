"""The session of whoever sits at a seat: a table from state and event to state. Pure.

Whoever takes an alarm is busy, whatever was before; a pause is taken only by who has nothing taken. No state keeps anything
from being seen or taken: it decides whom an alarm is offered to, and who counts as manned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class SeatState(StrEnum):
    OFF = "off"
    """Not on duty, or its console cannot be heard, or does not sound."""
    READY = "ready"
    BUSY = "busy"
    """Has a taken incident."""
    WRAP_UP = "wrap_up"
    """Some seconds after the last one: to write down what was said."""
    PAUSE = "pause"


class SeatEvent(StrEnum):
    ON = "on"
    OFF = "off"
    PAUSE = "pause"
    RESUME = "resume"
    TAKE = "take"
    """Has the first incident."""
    FREE = "free"
    """Has none any more."""
    WRAPPED = "wrapped"
    """The time to write down is over."""


PauseReason = Literal["meal", "break", "training", "other"]

ATTENTIVE = frozenset({SeatState.READY, SeatState.WRAP_UP})
"""Answers what was offered to it."""

WEIGHT: Mapping[SeatState, int] = MappingProxyType(
    {
        SeatState.OFF: 0,
        SeatState.PAUSE: 1,
        SeatState.WRAP_UP: 2,
        SeatState.READY: 3,
        SeatState.BUSY: 4,
    }
)
"""Of two sessions of one user, at two servers, the weightier holds."""

_S, _E = SeatState, SeatEvent
SESSIONS: Mapping[SeatState, Mapping[SeatEvent, SeatState]] = MappingProxyType(
    {
        _S.OFF: {_E.ON: _S.READY},
        _S.READY: {_E.OFF: _S.OFF, _E.PAUSE: _S.PAUSE, _E.TAKE: _S.BUSY},
        _S.BUSY: {_E.OFF: _S.OFF, _E.FREE: _S.WRAP_UP},
        _S.WRAP_UP: {
            _E.OFF: _S.OFF,
            _E.PAUSE: _S.PAUSE,
            _E.RESUME: _S.READY,
            _E.TAKE: _S.BUSY,
            _E.WRAPPED: _S.READY,
        },
        _S.PAUSE: {_E.OFF: _S.OFF, _E.PAUSE: _S.PAUSE, _E.RESUME: _S.READY, _E.TAKE: _S.BUSY},
    }
)
"""What is not in it changes nothing."""


@dataclass(frozen=True, slots=True)
class Session:
    """How somebody sits there, and since when. `reason`: of a pause."""

    state: SeatState
    since: datetime
    reason: PauseReason | None = None

    def after(self, event: SeatEvent, now: datetime, reason: PauseReason | None = None) -> Session:
        """The session that follows; the same one where the event means nothing."""
        following = SESSIONS[self.state].get(event)
        if following is None or (following, reason) == (self.state, self.reason):
            return self
        since = self.since if following is self.state else now
        return Session(following, since, reason if following is SeatState.PAUSE else None)

    def is_wrapped_up(self, wrap_up: timedelta, now: datetime) -> bool:
        """Whether the time to write down is over; also after the clock was put back."""
        passed = now - self.since
        return self.state is SeatState.WRAP_UP and not timedelta() <= passed < wrap_up
