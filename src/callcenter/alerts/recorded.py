"""What was recorded of an incident: what texts may state, and what an outcome rests on. Pure.

A text says only what was recorded. Each kind names the facts it asserts, and those that would make it untrue; it is not
written without the ones, or against the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.alerts.bodies import CloseBody, StepKind, StepResult
from callcenter.alerts.entries import Entry, FieldStep, Step
from callcenter.alerts.incident import Incident, Outcome
from callcenter.core.errors import Invalid
from callcenter.dispatch.task import TaskStepKind
from callcenter.sms.catalogue import MessageKind


class Fact(StrEnum):
    TRIED = "tried"
    """Somebody was called, or sent, whatever came of it."""
    SPOKEN = "spoken"
    """Whoever pressed was called back and answered."""
    CONTACT_REACHED = "contact_reached"
    SENT = "sent"
    """Somebody went there."""
    AMBULANCE = "ambulance"
    SAFE = "safe"
    """Somebody confirmed that the person is safe."""
    TAKEN = "taken"
    """Somebody has it."""
    SOMEBODY_ELSE = "somebody_else"
    """The caller turned out not to be whom they were taken for."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step of the timeline."""

    step: str
    result: str


_CALLS = frozenset({StepKind.CALL_BACK, StepKind.CONTACT_CALLED})
_CAME_OF: Mapping[tuple[str, str], frozenset[Fact]] = MappingProxyType(
    {
        (StepKind.CALL_BACK, StepResult.REACHED): frozenset({Fact.SPOKEN}),
        (StepKind.CONTACT_CALLED, StepResult.REACHED): frozenset({Fact.CONTACT_REACHED}),
        (StepKind.WORKER_SENT, StepResult.DONE): frozenset({Fact.SENT, Fact.TRIED}),
        (StepKind.WORKER_SENT, StepResult.REACHED): frozenset({Fact.SENT, Fact.TRIED}),
        (StepKind.AMBULANCE_CALLED, StepResult.DONE): frozenset({Fact.AMBULANCE}),
        (StepKind.AMBULANCE_CALLED, StepResult.REACHED): frozenset({Fact.AMBULANCE}),
        (StepKind.SAFE, StepResult.DONE): frozenset({Fact.SAFE}),
        (StepKind.SAFE, StepResult.REACHED): frozenset({Fact.SAFE}),
    }
)


def facts_of(steps: Iterable[Recorded]) -> frozenset[Fact]:
    """What these steps prove together."""
    found: set[Fact] = set()
    for one in steps:
        found |= _CAME_OF.get((one.step, one.result), frozenset())
        if one.step in _CALLS:
            found.add(Fact.TRIED)
    return frozenset(found)


def steps_in(entries: Iterable[Entry]) -> list[Recorded]:
    """Those of a timeline. Whoever was sent and is there is as good as what an operator writes of it."""
    found = []
    for entry in entries:
        said = entry.data
        if isinstance(said, Step):
            found.append(Recorded(said.step, said.result))
        elif isinstance(said, FieldStep) and said.step == TaskStepKind.ARRIVED:
            found.append(Recorded(StepKind.WORKER_SENT, StepResult.DONE))
    return found


RECORDED: Final = """
CASE kind WHEN 'field' THEN 'worker_sent' ELSE data->>'step' END AS step,
CASE kind WHEN 'field' THEN 'done' ELSE data->>'result' END AS result
"""
"""The same of rows of `timeline_entry`, where IS_RECORDED holds."""
IS_RECORDED: Final = "(kind = 'step' OR (kind = 'field' AND data->>'step' = 'arrived'))"


def facts_at_close(steps: Iterable[Recorded], closing: CloseBody) -> frozenset[Fact]:
    """With what is said in closing."""
    facts = facts_of(steps)
    return facts | {Fact.SAFE} if closing.safe_by else facts


ASSERTS: Mapping[MessageKind, frozenset[Fact]] = MappingProxyType(
    dict.fromkeys(MessageKind, frozenset())
    | {
        MessageKind.AMBULANCE_CALLED: frozenset({Fact.AMBULANCE}),
        MessageKind.SAFE_CLOSED: frozenset({Fact.SAFE}),
        MessageKind.MISTAKEN_PRESS: frozenset({Fact.SPOKEN}),
        MessageKind.CORRECTION: frozenset({Fact.SOMEBODY_ELSE}),  # recorded by its own command
        MessageKind.DUTY_HAS_IT: frozenset({Fact.TAKEN}),  # by the entry of the answer
        MessageKind.DUTY_TAKEN_ALREADY: frozenset({Fact.TAKEN}),
    }
)
_DENIES: Mapping[MessageKind, frozenset[Fact]] = MappingProxyType(
    {
        MessageKind.NOBODY_REACHED: frozenset({Fact.SPOKEN, Fact.SAFE}),
        MessageKind.CAN_YOU_GO: frozenset({Fact.SPOKEN}),  # "not reached yet"
    }
)


def may_say(kind: MessageKind, facts: frozenset[Fact]) -> bool:
    """Whether a text of this kind says what was recorded, and nothing else."""
    return facts >= ASSERTS[kind] and facts.isdisjoint(_DENIES.get(kind, ()))


_CLOSING: Mapping[Outcome, Sequence[MessageKind]] = MappingProxyType(
    {
        Outcome.EMERGENCY: (MessageKind.SAFE_CLOSED,),
        Outcome.ASSISTANCE: (MessageKind.SAFE_CLOSED,),
        Outcome.MISTAKEN_PRESS: (MessageKind.MISTAKEN_PRESS, MessageKind.SAFE_CLOSED),
        Outcome.NOBODY_REACHED: (MessageKind.NOBODY_REACHED,),
    }
)
"""Best first; every other outcome, and one of which too little was recorded, is told as closed, no more."""


def closing_kind(outcome: Outcome, facts: frozenset[Fact]) -> MessageKind:
    """How the end is told."""
    return next(
        (kind for kind in _CLOSING.get(outcome, ()) if may_say(kind, facts)),
        MessageKind.CLOSED_OTHER,
    )


_RESTS_ON: Mapping[Outcome, frozenset[Fact]] = MappingProxyType(
    {
        Outcome.MISTAKEN_PRESS: frozenset(
            {Fact.SPOKEN, Fact.CONTACT_REACHED, Fact.SENT, Fact.SAFE}
        ),
        Outcome.FALSE_ALARM: frozenset({Fact.SPOKEN, Fact.CONTACT_REACHED, Fact.SENT, Fact.SAFE}),
        Outcome.NOBODY_REACHED: frozenset({Fact.TRIED}),
    }
)
"""Outcomes that say that nothing was the matter, or that nobody knows: one of these is on record, or a reason is given."""


def _explains(outcome: Outcome, signal_class: str, facts: frozenset[Fact]) -> bool:
    needed = _RESTS_ON.get(outcome)
    return signal_class != "alarm" or needed is None or not facts.isdisjoint(needed)


def unexplained(signal_class: str, steps: Iterable[Recorded]) -> list[Outcome]:
    """Outcomes that need a reason as long as no more than this is on record."""
    facts = facts_of(steps)
    return [outcome for outcome in Outcome if not _explains(outcome, signal_class, facts)]


def check_reason(incident: Incident, closing: CloseBody, facts: frozenset[Fact]) -> None:
    """Raises Invalid `needs_reason` where an alarm would end without anything that explains it."""
    if not _explains(closing.outcome, incident.signal_class, facts) and not closing.note.strip():
        raise Invalid(
            "Nothing that was recorded explains this outcome: give the reason as a note.",
            code="needs_reason",
        )
