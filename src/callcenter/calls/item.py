"""One call that is to be made, and its state machine. Everything that decides about it lives in this file. Pure.

An item is open until somebody takes it under a lease, or until its horizon has passed: nothing is called late by itself, it is
shown as missed. What the person who called reports ends it, or opens it again for the next try.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict, Invalid
from callcenter.devices.signals import Kind as SignalKind


class ListKind(StrEnum):
    """Of a list."""

    ROLL_CALL = "roll_call"
    DOOR = "door"
    """Whom somebody who went there has not found: nobody opened, or nobody went."""
    WELL_BEING = "well_being"
    SILENT_DEVICE = "silent_device"
    LOW_BATTERY = "low_battery"
    PRESS_TEST = "press_test"
    IDLE_DEVICE = "idle_device"
    SATISFACTION = "satisfaction"
    """How content they are, as a score."""
    NOTICE = "notice"
    """Something that they are to be told."""


OF_DEVICES: Final = frozenset(
    {ListKind.SILENT_DEVICE, ListKind.LOW_BATTERY, ListKind.PRESS_TEST, ListKind.IDLE_DEVICE}
)
"""Lists that fill themselves from what is known of devices."""

CALLED_OUT: Final = frozenset({ListKind.SATISFACTION, ListKind.NOTICE})
"""Lists that are made once, of everybody in a region."""

NEVER_TOO_LATE: Final = frozenset({ListKind.ROLL_CALL, ListKind.DOOR})
"""Whoever may lie on the floor is called as long as nobody has heard of them."""


class CallState(StrEnum):
    OPEN = "open"
    LEASED = "leased"
    DONE = "done"
    GIVEN_UP = "given_up"
    ESCALATED = "escalated"
    MISSED = "missed"


class Event(StrEnum):
    LEASE = "lease"
    LAPSE = "lapse"  # the lease has run out, or was given back
    SETTLE = "settle"
    RETRY = "retry"
    GIVE_UP = "give_up"
    ESCALATE = "escalate"
    MISS = "miss"
    RECOVER = "recover"  # the device has reported by itself
    WITHDRAW = "withdraw"  # nobody to be called lives there any more
    REOPEN = "reopen"  # it was written as missed by a clock that was wrong


class CallResult(StrEnum):
    """What whoever called reports."""

    WELL = "well"
    NEEDS_HELP = "needs_help"
    NEEDS_SERVICE = "needs_service"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    POSTPONED = "postponed"
    NOT_NEEDED = "not_needed"


RECOVERED: Final = "recovered"
"""CallResult of an item that nobody had to call about."""
GONE: Final = "gone"
"""CallResult of an item whose resident has died, moved, or lies in hospital."""
RATED: Final = "rated"
"""CallResult of an item whose score was given by key."""
HEARD: Final = "heard"
"""CallResult of an item whose notice was heard: a key says so."""
PRESSED: Final = "pressed"
"""CallResult of a press test that has ticked itself off: the press has arrived."""

_REPORTED: Mapping[Event, CallState] = {
    Event.SETTLE: CallState.DONE,
    Event.RETRY: CallState.OPEN,
    Event.GIVE_UP: CallState.GIVEN_UP,
    Event.ESCALATE: CallState.ESCALATED,
}
"""What was said on the telephone counts, also when the lease has run out meanwhile."""

TRANSITIONS: Mapping[CallState, Mapping[Event, CallState]] = MappingProxyType(
    {
        CallState.OPEN: {
            Event.LEASE: CallState.LEASED,
            Event.MISS: CallState.MISSED,
            Event.RECOVER: CallState.DONE,
            Event.WITHDRAW: CallState.GIVEN_UP,
            **_REPORTED,
        },
        CallState.LEASED: {Event.LEASE: CallState.LEASED, Event.LAPSE: CallState.OPEN, **_REPORTED},
        CallState.MISSED: {Event.LEASE: CallState.LEASED, Event.REOPEN: CallState.OPEN},
        CallState.DONE: {},
        CallState.GIVEN_UP: {},
        CallState.ESCALATED: {},
    }
)

ENDED: Final = frozenset(state for state, events in TRANSITIONS.items() if not events)


def apply(state: CallState, event: Event) -> CallState:
    """The state that follows. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A call that is {state} cannot {event}.", code="wrong_state", state=state, event=event
        )
    return following


@dataclass(frozen=True, slots=True)
class Pace:
    """How a call is repeated when nobody answers, as its region says (`calls.policy`)."""

    tries_after: tuple[timedelta, ...]
    """Pauses before the second try, the third and so on."""
    horizon: timedelta | None
    """How late a call may be made; None: it is never too late."""


_UNREACHED: Mapping[ListKind, Event] = MappingProxyType(
    {
        # Somebody who may have called for help and cannot be reached: somebody has to go there.
        ListKind.ROLL_CALL: Event.ESCALATE,
        ListKind.DOOR: Event.ESCALATE,
        ListKind.WELL_BEING: Event.ESCALATE,
        **dict.fromkeys(OF_DEVICES | CALLED_OUT, Event.GIVE_UP),
    }
)
"""After the last try. No region says otherwise."""
_WRONG_NUMBER: Mapping[ListKind, Event] = MappingProxyType(
    {
        **dict.fromkeys(ListKind, Event.GIVE_UP),
        ListKind.ROLL_CALL: Event.ESCALATE,
        ListKind.DOOR: Event.ESCALATE,
    }
)

LONGEST_POSTPONED: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a report does to an item."""

    state: CallState
    attempts: int
    next_try_at: datetime
    stale_at: datetime | None
    """After this it is missed; None: never."""
    raises: SignalKind | None = None
    """The signal that goes to intake, like one of a device."""


def report(
    kind: ListKind,
    state: CallState,
    attempts: int,
    result: CallResult,
    *,
    pace: Pace,
    postponed: timedelta | None,
    now: datetime,
) -> Decision:
    """What follows from a report. `attempts`: tries before this one.

    Raises Conflict `wrong_state`; Invalid `postponed_until_when` for a postponement without its length, or for too long.
    """
    tried = attempts + (result is not CallResult.POSTPONED)
    event, pause = _event(kind, pace.tries_after, attempts, result, postponed)
    following = apply(state, event)
    next_try_at = now + pause
    raises = SignalKind.INACTIVITY if event is Event.ESCALATE else _RAISES.get(result)
    return Decision(following, tried, next_try_at, stale_after(pace, next_try_at), raises)


_RAISES: Mapping[CallResult, SignalKind] = {
    CallResult.NEEDS_HELP: SignalKind.SOS,
    CallResult.NEEDS_SERVICE: SignalKind.HELP,
}


def _event(
    kind: ListKind,
    tries_after: Sequence[timedelta],
    attempts: int,
    result: CallResult,
    postponed: timedelta | None,
) -> tuple[Event, timedelta]:
    now = timedelta()
    match result:
        case CallResult.WELL | CallResult.NEEDS_HELP | CallResult.NEEDS_SERVICE:
            return Event.SETTLE, now
        case CallResult.NOT_NEEDED:
            return Event.GIVE_UP, now
        case CallResult.WRONG_NUMBER:
            return _WRONG_NUMBER[kind], now
        case CallResult.POSTPONED:
            return Event.RETRY, _checked(postponed)
        case CallResult.NO_ANSWER if attempts < len(tries_after):
            return Event.RETRY, tries_after[attempts]
        case CallResult.NO_ANSWER:
            return _UNREACHED[kind], now


def _checked(postponed: timedelta | None) -> timedelta:
    if postponed is None or not timedelta() < postponed <= LONGEST_POSTPONED:
        raise Invalid(
            "Say for how long the call is postponed: a minute to seven days.",
            code="postponed_until_when",
        )
    return postponed


def stale_after(pace: Pace, due_at: datetime) -> datetime | None:
    """When a call that is due then has become one that was missed."""
    return None if pace.horizon is None else due_at + pace.horizon


def state_when_written(pace: Pace, due_at: datetime, now: datetime) -> CallState:
    """After a time without a server: open while it can still be made, else missed from the beginning."""
    stale_at = stale_after(pace, due_at)
    return CallState.MISSED if stale_at is not None and stale_at <= now else CallState.OPEN
