"""An action plan as a tree of steps, and what makes one unfit to be followed. Pure.

The first step is the beginning; each names what follows. Ways may meet again, but only a retry leads back, and it does so a
bounded number of times: so every run of a plan comes to an end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

from callcenter.core.written import Written

MOST_STEPS: Final = 40
"""An operator under way reads no longer plan."""
MOST_ANSWERS: Final = 9
"""One for each number key."""
LONGEST_WAIT_MIN: Final = 240
MOST_TRIES: Final = 10


class StepType(StrEnum):
    INSTRUCTION = "instruction"
    QUESTION = "question"
    CALL = "call"
    TEXT = "text"
    """Ask the next contact by SMS."""
    SEND = "send"
    """Send a worker there."""
    WAIT = "wait"
    RETRY = "retry"
    """Back to an earlier step, a number of times; then on."""


class Whom(StrEnum):
    RESIDENT = "resident"
    CONTACT = "contact"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    POLICE = "police"
    NUMBER = "number"


StepId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Words = Annotated[str, Field(max_length=500)]
Short = Annotated[str, Field(max_length=100)]


class PlanAnswer(Written):
    """One answer to a question, and where it leads; None: the plan ends there."""

    text: Short
    text_en: Short = ""
    next: StepId | None = None


class PlanStep(Written):
    """One step. `text` is what the operator reads, or says. What its type does not use is ignored."""

    id: StepId
    type: StepType
    text: Words
    text_en: Words = ""
    next: StepId | None = None
    """What follows; None: the plan ends there. Of a call: once somebody was reached."""
    answers: Annotated[list[PlanAnswer], Field(max_length=MOST_ANSWERS, default_factory=list)]
    whom: Whom | None = None
    rank: Annotated[int, Field(ge=1, le=20)] | None = None
    """Of the contact to call, 1 the first."""
    number: Annotated[str, Field(max_length=32)] | None = None
    otherwise: StepId | None = None
    """What follows when nobody answers; None: as if somebody had."""
    minutes: Annotated[int, Field(ge=1, le=LONGEST_WAIT_MIN)] | None = None
    to: StepId | None = None
    times: Annotated[int, Field(ge=1, le=MOST_TRIES)] | None = None


class Flaw(StrEnum):
    """Why a plan is refused."""

    NO_STEPS = "no_steps"
    TOO_MANY_STEPS = "too_many_steps"
    SAME_ID = "same_id"
    LEADS_NOWHERE = "leads_nowhere"
    NEVER_REACHED = "never_reached"
    ENDLESS_LOOP = "endless_loop"
    NO_TEXT = "no_text"
    NO_ANSWERS = "no_answers"
    SAME_ANSWER = "same_answer"
    NOBODY_TO_CALL = "nobody_to_call"
    NO_RANK = "no_rank"
    NO_NUMBER = "no_number"
    NO_MINUTES = "no_minutes"
    NO_RETRY = "no_retry"
    RETRY_NOT_BACK = "retry_not_back"


@dataclass(frozen=True, slots=True)
class Found:
    """A flaw, at which step; None: of the plan as a whole. `field` is where in the step, `more` what is named there."""

    flaw: Flaw
    step: str | None = None
    field: str = ""
    more: str = ""


Steps = Sequence[PlanStep]

_STORED: Final = TypeAdapter(tuple[PlanStep, ...])
_NUMBER: Final = re.compile(r"^\+?[0-9][0-9 -]{1,30}$")


def read_steps(stored: object) -> Steps | None:
    """As they were stored; None for what only a newer server understands."""
    try:
        return _STORED.validate_python(stored)
    except ValidationError:
        return None


def stored_steps(steps: Steps) -> list[dict[str, object]]:
    """As they are stored: without what is as it would be anyway."""
    return [step.model_dump(mode="json", exclude_defaults=True) for step in steps]


def by_id(steps: Steps) -> Mapping[str, PlanStep]:
    """Of two with one id the first."""
    return {step.id: step for step in reversed(steps)}


def exits(step: PlanStep) -> Iterator[tuple[str, str | None]]:
    """Where it leads without going back, by the field that says so."""
    if step.type is StepType.QUESTION:
        yield from ((f"answers.{place}", one.next) for place, one in enumerate(step.answers))
        return
    yield "next", step.next
    if step.type is StepType.CALL:
        yield "otherwise", step.otherwise


def check(steps: Steps) -> list[Found]:
    """Everything that is wrong with it; nothing: it may be followed."""
    if not steps:
        return [Found(Flaw.NO_STEPS)]
    found = [flaw for look in _LOOKS for flaw in look(steps)]
    return found or _check_ways(steps)


# ---- each step by itself


def _number_of_steps(steps: Steps) -> Iterator[Found]:
    if len(steps) > MOST_STEPS:
        yield Found(Flaw.TOO_MANY_STEPS, steps[MOST_STEPS].id, more=str(MOST_STEPS))


def _ids(steps: Steps) -> Iterator[Found]:
    counted = Counter(step.id for step in steps)
    yield from (Found(Flaw.SAME_ID, step, "id") for step, count in counted.items() if count > 1)


def _texts(steps: Steps) -> Iterator[Found]:
    """A call, a text, a wait and a retry say by themselves what they are."""
    for step in steps:
        if step.type in _SAYS and not step.text.strip():
            yield Found(Flaw.NO_TEXT, step.id, "text")


def _questions(steps: Steps) -> Iterator[Found]:
    for step in steps:
        if step.type is not StepType.QUESTION:
            continue
        if not step.answers:
            yield Found(Flaw.NO_ANSWERS, step.id, "answers")
        known: set[str] = set()
        for place, answer in enumerate(step.answers):
            text = answer.text.strip()
            if not text:
                yield Found(Flaw.NO_TEXT, step.id, f"answers.{place}")
            elif text in known:
                yield Found(Flaw.SAME_ANSWER, step.id, f"answers.{place}", text)
            known.add(text)


def _calls(steps: Steps) -> Iterator[Found]:
    for step in steps:
        if step.type is not StepType.CALL:
            continue
        if step.whom is None:
            yield Found(Flaw.NOBODY_TO_CALL, step.id, "whom")
        elif step.whom is Whom.CONTACT and step.rank is None:
            yield Found(Flaw.NO_RANK, step.id, "rank")
        elif step.whom is Whom.NUMBER and not _NUMBER.match(step.number or ""):
            yield Found(Flaw.NO_NUMBER, step.id, "number", step.number or "")


def _waits(steps: Steps) -> Iterator[Found]:
    for step in steps:
        if step.type is StepType.WAIT and step.minutes is None:
            yield Found(Flaw.NO_MINUTES, step.id, "minutes")
        if step.type is StepType.RETRY and (step.to is None or step.times is None):
            yield Found(Flaw.NO_RETRY, step.id, "to" if step.to is None else "times")


def _targets(steps: Steps) -> Iterator[Found]:
    known = by_id(steps)
    for step in steps:
        back = [("to", step.to)] if step.type is StepType.RETRY else []
        for field, target in (*exits(step), *back):
            if target is not None and target not in known:
                yield Found(Flaw.LEADS_NOWHERE, step.id, field, target)


_SAYS: Final = frozenset({StepType.INSTRUCTION, StepType.QUESTION})
_LOOKS: Final[Sequence[Callable[[Steps], Iterator[Found]]]] = (
    _number_of_steps, _ids, _texts, _questions, _calls, _waits, _targets,
)  # fmt: skip


# ---- the ways through it, once every step is sound


def _check_ways(steps: Steps) -> list[Found]:
    after = {step.id: [to for _, to in exits(step) if to is not None] for step in steps}
    back = {step.id: step.to for step in steps if step.type is StepType.RETRY and step.to}
    either = {
        step: [*ways, *([back[step]] if step in back else [])] for step, ways in after.items()
    }
    reached = _reached(either, steps[0].id)
    return [
        *(Found(Flaw.NEVER_REACHED, step.id) for step in steps if step.id not in reached),
        *_loops(after),
        *(
            Found(Flaw.RETRY_NOT_BACK, step, "to", to)
            for step, to in back.items()
            if to == step or step not in _reached(after, to)
        ),
    ]


def _reached(ways: Mapping[str, Sequence[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for to in ways[waiting.pop()]:
            if to not in found:
                found.add(to)
                waiting.append(to)
    return found


def _loops(after: Mapping[str, Sequence[str]]) -> Iterator[Found]:
    """Each step that comes round to itself without a retry, once a loop: at its first step."""
    told: set[str] = set()
    for step, ways in after.items():
        if step in told or not any(step in _reached(after, to) for to in ways):
            continue
        told |= {one for one in _reached(after, step) if step in _reached(after, one)}
        yield Found(Flaw.ENDLESS_LOOP, step)
