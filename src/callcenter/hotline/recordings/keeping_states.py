"""What may become of a recording. Pure; the database repeats it (migrations 0065b, 0068b)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict
from callcenter.hotline.recordings.models import RecordingState as State


class Event(StrEnum):
    HOLD = "hold"
    RELEASE = "release"
    EXPIRE = "expire"
    LOSE = "lose"  # its file is not where it was put
    FIND = "find"  # it is there after all


TRANSITIONS: Final[Mapping[State, Mapping[Event, State]]] = MappingProxyType(
    {
        State.RECORDING: {},
        State.KEPT: {
            Event.HOLD: State.HELD,
            Event.EXPIRE: State.EXPIRED,
            Event.LOSE: State.MISSING,
        },
        State.REPAIRED: {
            Event.HOLD: State.HELD,
            Event.EXPIRE: State.EXPIRED,
            Event.LOSE: State.MISSING,
        },
        # One whose file is gone stays held: who asks for it must hear of it until it is found.
        State.HELD: {Event.RELEASE: State.KEPT},
        State.MISSING: {Event.FIND: State.KEPT, Event.EXPIRE: State.EXPIRED},
        State.EXPIRED: {},
    }
)
HEARD_IN: Final = frozenset({State.KEPT, State.REPAIRED, State.HELD})
"""States in which there is something to hear."""


def apply(state: State, event: Event, *, repaired: bool = False) -> State:
    """The state that follows; what was `repaired` is so again. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A recording that is {state} cannot be asked to {event}.",
            code="wrong_state",
            state=state.value,
            event=event.value,
        )
    return State.REPAIRED if following is State.KEPT and repaired else following
