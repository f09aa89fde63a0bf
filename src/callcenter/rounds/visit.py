"""What became of one stop on one day, and how a run of a round ends: two state machines. Pure.

Whoever stands at the door says what is so there, and the word that was spoken last counts, in whatever order words arrive: phones
without a network send theirs hours later, and two phones may walk one run. The clock says something only where nobody has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from callcenter.core.errors import Conflict


class RoundKind(StrEnum):
    MILK = "milk"
    PAPER = "paper"
    MEAL = "meal"
    SAFETY = "safety"
    """An inspection, with a list of what to look at."""


class RunState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    CLOSED = "closed"


class RunEvent(StrEnum):
    BEGIN = "begin"
    """The first word about one of its stops."""
    CLOSE = "close"


RUN_TRANSITIONS: Mapping[RunState, Mapping[RunEvent, RunState]] = MappingProxyType(
    {
        RunState.PLANNED: {RunEvent.BEGIN: RunState.RUNNING, RunEvent.CLOSE: RunState.CLOSED},
        RunState.RUNNING: {RunEvent.BEGIN: RunState.RUNNING, RunEvent.CLOSE: RunState.CLOSED},
        RunState.CLOSED: {RunEvent.BEGIN: RunState.CLOSED},  # a word that was spoken before
    }
)


class VisitState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    """Somebody was there and did not want it: that is not the same as nobody."""
    AWAY_KNOWN = "away_known"
    MISSED = "missed"
    """Nobody has been there by the end of the day."""


class VisitEvent(StrEnum):
    DELIVER = "deliver"
    NOBODY = "nobody"
    REFUSE = "refuse"
    AWAY = "away"
    MISS = "miss"  # the clock
    LEAVE = "leave"  # the records say that they are away
    RETURN = "return"  # the records say that they are back


_SAID: Mapping[VisitEvent, VisitState] = {
    VisitEvent.DELIVER: VisitState.DONE,
    VisitEvent.NOBODY: VisitState.NO_ANSWER,
    VisitEvent.REFUSE: VisitState.REFUSED,
    VisitEvent.AWAY: VisitState.AWAY_KNOWN,
}
"""People may put right what was said before, also by themselves."""

TRANSITIONS: Mapping[VisitState, Mapping[VisitEvent, VisitState]] = MappingProxyType(
    {
        VisitState.PENDING: {
            **_SAID,
            VisitEvent.MISS: VisitState.MISSED,
            VisitEvent.LEAVE: VisitState.AWAY_KNOWN,
        },
        VisitState.DONE: _SAID,
        VisitState.NO_ANSWER: _SAID,
        VisitState.REFUSED: _SAID,
        # By the records alone; a word of somebody at the door is not taken back by them.
        VisitState.AWAY_KNOWN: {**_SAID, VisitEvent.RETURN: VisitState.PENDING},
        VisitState.MISSED: _SAID,
    }
)

ENDED: Final = frozenset(VisitState) - {VisitState.PENDING}
NEEDS_CALL: Final = frozenset({VisitState.NO_ANSWER, VisitState.MISSED})
"""Nobody has seen them: a call is due in the same transaction."""
EVENT_OF: Mapping[VisitState, VisitEvent] = MappingProxyType(
    {state: event for event, state in _SAID.items()}
)
"""What somebody at the door can say, by the state that it makes."""


def apply(state: VisitState, event: VisitEvent) -> VisitState:
    """The state that follows. Raises Conflict `wrong_state`."""
    following = TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A stop that is {state} cannot {event}.", code="wrong_state", state=state, event=event
        )
    return following


def apply_run(state: RunState, event: RunEvent) -> RunState:
    """The state that follows. Raises Conflict `wrong_state`."""
    following = RUN_TRANSITIONS[state].get(event)
    if following is None:
        raise Conflict(
            f"A run that is {state} cannot {event}.", code="wrong_state", state=state, event=event
        )
    return following


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """When somebody said something of a stop, by their clock put right; `id` decides between two of one moment."""

    at: datetime
    id: UUID


def counts(word: Word, standing: Word | None) -> bool:
    """Whether it says more than the word that stands. `standing` None: only the clock or the records have spoken."""
    return standing is None or word > standing
