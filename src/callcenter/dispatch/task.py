"""One piece of work that somebody has to go for, and its state machine. Pure.

A task is offered to one after the other, or to several at once; the first yes has it. Who has it sets out, arrives and is done;
who cannot after all gives it back. Where nobody is left to ask it is unplaced, which is loud at the dispatcher's desk, and a
yes that comes late still counts. Times never end a task: it is late, and shown so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict, Invalid


class TaskKind(StrEnum):
    """Of which origin it is."""

    RESCUE = "rescue"
    """From an incident."""
    VISIT = "visit"
    STOP = "stop"
    """Of a round."""
    RIDE = "ride"
    ERRAND = "errand"
    INSPECTION = "inspection"


class TaskState(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    UNPLACED = "unplaced"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"


class TaskEvent(StrEnum):
    OFFER = "offer"
    LAPSE = "lapse"  # no offer of it runs any more
    GIVE_UP = "give_up"  # nobody is left to ask
    ACCEPT = "accept"  # by a yes, or given by the dispatcher
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    FINISH = "finish"
    GIVE_BACK = "give_back"  # whoever has it cannot, or it was taken from them
    CANCEL = "cancel"


class TaskStepKind(StrEnum):
    """What is written of a task: its events, and what changes no state."""

    ENTERED = "entered"
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNPLACED = "unplaced"
    ACCEPTED = "accepted"
    GIVEN = "given"  # by the dispatcher, who has spoken to them
    SET_OUT = "set_out"
    ETA_CHANGED = "eta_changed"
    ARRIVED = "arrived"
    DONE = "done"
    GIVEN_BACK = "given_back"
    CANCELLED = "cancelled"
    CHANGED = "changed"
    HELP = "help"  # whoever is there asks for it
    OVERDUE_OUT = "overdue_out"
    CALLED = "called"  # the lone worker, and what came of it
    LATE = "late"
    NOTE = "note"


_UNTIL_THERE: Mapping[TaskEvent, TaskState] = {
    TaskEvent.ARRIVE: TaskState.ARRIVED,
    TaskEvent.FINISH: TaskState.DONE,
    TaskEvent.GIVE_BACK: TaskState.OPEN,
    TaskEvent.CANCEL: TaskState.CANCELLED,
}
"""Whoever forgets to say that they are on the way has arrived all the same."""

TRANSITIONS: Mapping[TaskState, Mapping[TaskEvent, TaskState]] = MappingProxyType(
    {
        TaskState.OPEN: {
            TaskEvent.OFFER: TaskState.OFFERED,
            TaskEvent.GIVE_UP: TaskState.UNPLACED,
            TaskEvent.ACCEPT: TaskState.ACCEPTED,
            TaskEvent.CANCEL: TaskState.CANCELLED,
        },
        TaskState.OFFERED: {
            TaskEvent.OFFER: TaskState.OFFERED,
            TaskEvent.LAPSE: TaskState.OPEN,
            TaskEvent.GIVE_UP: TaskState.UNPLACED,
            TaskEvent.ACCEPT: TaskState.ACCEPTED,
            TaskEvent.CANCEL: TaskState.CANCELLED,
        },
        TaskState.UNPLACED: {
            TaskEvent.OFFER: TaskState.OFFERED,
            TaskEvent.ACCEPT: TaskState.ACCEPTED,
            TaskEvent.CANCEL: TaskState.CANCELLED,
        },
        TaskState.ACCEPTED: {TaskEvent.SET_OUT: TaskState.UNDER_WAY, **_UNTIL_THERE},
        TaskState.UNDER_WAY: _UNTIL_THERE,
        TaskState.ARRIVED: {
            TaskEvent.FINISH: TaskState.DONE,
            TaskEvent.GIVE_BACK: TaskState.OPEN,
            TaskEvent.CANCEL: TaskState.CANCELLED,
        },
        TaskState.DONE: {},
        TaskState.CANCELLED: {},
    }
)

ENDED: Final = frozenset(state for state, events in TRANSITIONS.items() if not events)
SEEKING: Final = frozenset({TaskState.OPEN, TaskState.OFFERED, TaskState.UNPLACED})
"""Nobody has it yet."""
HELD: Final = frozenset({TaskState.ACCEPTED, TaskState.UNDER_WAY, TaskState.ARRIVED})
"""Somebody has it."""


def apply(state: TaskState, event: TaskEvent) -> TaskState:
    """The state that follows. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A task that is {state} cannot {event}.", code="wrong_state", state=state, event=event
        )
    return following


def finish(state: TaskState, *, checked_in: bool, checked_out: bool, reason: str) -> TaskState:
    """Done needs both check-ins, or the reason of a dispatcher. Raises Conflict `wrong_state`, Invalid `reason_wanted`."""
    following = apply(state, TaskEvent.FINISH)
    if not (checked_in and checked_out) and not reason.strip():
        raise Invalid(
            "Nobody has checked in and out there: say why it counts as done.", code="reason_wanted"
        )
    return following


ON_SITE: Final = timedelta(minutes=45)
"""In which nine of ten rescues are there (TSA Quality Standards Framework, responders)."""
LAST_ON_SITE: Final = timedelta(minutes=60)
"""And the rest."""
