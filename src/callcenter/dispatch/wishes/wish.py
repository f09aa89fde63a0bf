"""What may become of a wish. Pure; the database repeats it (migration 0076b)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict, Invalid


class WishState(StrEnum):
    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """Not wished any more, or it cannot be; the words say why."""


class WishEvent(StrEnum):
    TICK = "tick"
    WITHDRAW = "withdraw"


TRANSITIONS: Final[Mapping[WishState, Mapping[WishEvent, WishState]]] = MappingProxyType(
    {
        WishState.OPEN: {
            WishEvent.TICK: WishState.DONE,
            WishEvent.WITHDRAW: WishState.WITHDRAWN,
        },
        WishState.DONE: {},
        WishState.WITHDRAWN: {},
    }
)


def apply(state: WishState, event: WishEvent, words: str) -> WishState:
    """The state that follows. Raises Conflict `wish_over`; Invalid `words_missing` where nobody says what became of it."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A wish that is {state} cannot be {event}ed again.",
            code="wish_over",
            state=state.value,
            event=event.value,
        )
    if not words.strip():
        raise Invalid("Say in a word what became of the wish.", code="words_missing")
    return following
