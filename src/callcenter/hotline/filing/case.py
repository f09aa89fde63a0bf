"""A complaint, a question, a wish or a call to be made: open until somebody says what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Conflict, Invalid


class CaseState(StrEnum):
    OPEN = "open"
    DONE = "done"


class CaseStep(StrEnum):
    OPENED = "opened"
    NOTED = "noted"
    POSTPONED = "postponed"
    DONE = "done"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    """Its call was filed anew, as about something else."""


TRANSITIONS: Final[Mapping[CaseState, Mapping[CaseStep, CaseState]]] = MappingProxyType(
    {
        CaseState.OPEN: {
            CaseStep.NOTED: CaseState.OPEN,
            CaseStep.POSTPONED: CaseState.OPEN,
            CaseStep.DONE: CaseState.DONE,
            CaseStep.WITHDRAWN: CaseState.DONE,
        },
        CaseState.DONE: {CaseStep.NOTED: CaseState.DONE, CaseStep.REOPENED: CaseState.OPEN},
    }
)
BY_HAND: Final = frozenset({CaseStep.NOTED, CaseStep.POSTPONED, CaseStep.DONE, CaseStep.REOPENED})
_WORDS_WANTED: Final = BY_HAND - {CaseStep.POSTPONED}


def after(state: CaseState, step: CaseStep, *, words: str, minutes: int | None) -> CaseState:
    """The state that follows. Raises Conflict `wrong_state`; Invalid `needs_words`, `postponed_until_when`."""
    following = TRANSITIONS[state].get(step)
    if following is None:
        raise Conflict(
            f"A case that is {state} cannot be {step}.", code="wrong_state", state=state, event=step
        )
    if step in _WORDS_WANTED and not words.strip():
        raise Invalid("Say what came of it.", code="needs_words", step=step)
    if step is CaseStep.POSTPONED and minutes is None:
        raise Invalid("Say for how long: `minutes`.", code="postponed_until_when")
    return following
