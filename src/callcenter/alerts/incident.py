"""The incident's state machine. Everything that decides about state lives in this file; it does no I/O. Pure.

An incident waits until an operator takes it. The taker works, may put it into following (somebody is on the way, the
operator keeps in touch), gives it back, or offers it to a colleague, with whom it lies only once that colleague takes it.
Only its taker closes it, with an outcome. A new press while it is open joins it: see `JOINS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from callcenter.core.errors import Conflict, Forbidden, Invalid
from callcenter.devices.signals import SignalClass


class State(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    FOLLOWING = "following"
    CLOSED = "closed"


class Event(StrEnum):
    TAKE = "take"
    RELEASE = "release"
    OFFER = "offer"
    DECLINE = "decline"
    FOLLOW = "follow"
    RESUME = "resume"
    RECORD = "record"  # a step, a note, an assignment: the state stays
    LOSE_TAKER = "lose_taker"
    CLOSE = "close"


class Outcome(StrEnum):
    EMERGENCY = "emergency"
    ASSISTANCE = "assistance"
    MISTAKEN_PRESS = "mistaken_press"
    FALSE_ALARM = "false_alarm"
    TEST = "test"
    TECHNICAL = "technical"
    NOBODY_REACHED = "nobody_reached"


TRANSITIONS: Mapping[State, Mapping[Event, State]] = MappingProxyType(
    {
        State.WAITING: {Event.TAKE: State.TAKEN, Event.RECORD: State.WAITING},
        State.TAKEN: {
            Event.TAKE: State.TAKEN,  # by the colleague it was offered to
            Event.RELEASE: State.WAITING,
            Event.OFFER: State.TAKEN,
            Event.DECLINE: State.TAKEN,
            Event.FOLLOW: State.FOLLOWING,
            Event.RECORD: State.TAKEN,
            Event.LOSE_TAKER: State.WAITING,
            Event.CLOSE: State.CLOSED,
        },
        State.FOLLOWING: {
            Event.TAKE: State.TAKEN,
            Event.RELEASE: State.WAITING,
            Event.RESUME: State.TAKEN,
            Event.RECORD: State.FOLLOWING,
            Event.CLOSE: State.CLOSED,
        },
        State.CLOSED: {},
    }
)
