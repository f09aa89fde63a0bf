"""One call that the centre rings by itself: its stages, what is said in it, and what may become of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict

PREFIX: Final = "auto-"
"""Of the legs of these calls: no other has it, and the switchboard hears nothing of them."""


class Stage(StrEnum):
    RINGING = "ringing"
    SAYING = "saying"
    LISTENING = "listening"
    THANKING = "thanking"
    OVER = "over"


class Event(StrEnum):
    ANSWER = "answer"
    SAID = "said"
    REPEAT = "repeat"
    PRESS = "press"
    END = "end"


TRANSITIONS: Final[Mapping[Stage, Mapping[Event, Stage]]] = MappingProxyType(
    {
        Stage.RINGING: {Event.ANSWER: Stage.SAYING, Event.END: Stage.OVER},
        Stage.SAYING: {
            Event.SAID: Stage.LISTENING,
            Event.REPEAT: Stage.SAYING,
            Event.PRESS: Stage.THANKING,
            Event.END: Stage.OVER,
        },
        Stage.LISTENING: {
            Event.REPEAT: Stage.SAYING,
            Event.PRESS: Stage.THANKING,
            Event.END: Stage.OVER,
        },
        Stage.THANKING: {Event.SAID: Stage.OVER, Event.END: Stage.OVER},
        Stage.OVER: {},
    }
)


def apply(stage: Stage, event: Event) -> Stage:
    """The stage that follows. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[stage].get(event)
    if following is None:
        raise Conflict(
            f"An automatic call that is {stage} cannot {event}.",
            code="wrong_state",
            state=stage,
            event=event,
        )
    return following


class Outcome(StrEnum):
    """What became of one attempt. Only `pressed` is an answer."""

    PRESSED = "pressed"
    NO_KEY = "no_key"
    """Everything was said, as often as it is said: a mailbox, or somebody who did not want to."""
    HUNG_UP = "hung_up"
    """Answered, and ended there without a key."""
    FLOOD = "flood"
    """A machine sends tones."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    """Turned away there, or a number that may not be dialled."""
    FAILED = "failed"
    """No line, no such number."""
    LOST = "lost"
    """Nobody saw how it ended: the exchange or this server was away."""
    WITHDRAWN = "withdrawn"
    """Not needed any more."""


CAUSES: Final[Mapping[int, Outcome]] = MappingProxyType(
    {
        16: Outcome.NO_ANSWER,
        17: Outcome.BUSY,
        18: Outcome.NO_ANSWER,
        19: Outcome.NO_ANSWER,
        21: Outcome.REFUSED,
    }
)
"""ITU-T Q.850, of a call that was never answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One attempt: whom it rings and all that is said. `said` and `thanks` are names of prompts that the exchange has."""

    voice_call: UUID
    attempt: int
    number: str
    shown: str
    language: str
    said: Sequence[str]
    thanks: Mapping[str, Sequence[str]]
    """What is said to each key that counts. No other key does."""
    times: int = 3
    """It is said so often, at most."""
    rings_for_s: int = 40
    is_alarm: bool = True

    @property
    def leg(self) -> str:
        """Of the telephone, and the exchange's name of the call: recordings lie under it."""
        return f"{PREFIX}{self.voice_call}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class Attempted:
    """How an attempt ended. `cause` as in Q.850, where the exchange gave one."""

    announcement: Announcement
    outcome: Outcome
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    pressed: str | None = None
    cause: int | None = None
