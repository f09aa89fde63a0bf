"""Where a run of a plan stands after what was done so far. Pure: the same answers lead to the same step, on every server and
after every restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.alerts.plans.choosing import Choice
from callcenter.alerts.plans.plan import PlanStep, Steps, StepType, by_id

DONE: Final = "done"
SKIPPED: Final = "skipped"
"""Passed over: it stays among what was not done."""
BACK: Final = "back"
"""Takes the answer before it back."""


class CallResult(StrEnum):
    """What a call came to; the same words as the results of a step by hand."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DONE = "done"
    DECLINED = "declined"


_REACHED: Final = frozenset({CallResult.REACHED, CallResult.DONE})


@dataclass(frozen=True, slots=True)
class Done:
    """An answer to a step, as the timeline has it. A question is answered by the place of its answer, "1" the first."""

    step: str
    answer: str
    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the run stands."""

    current: str | None
    """None: the plan is at its end."""
    since: datetime
    due_at: datetime | None = None
    """Of a wait: when it goes on by itself."""
    done: Sequence[Done] = ()
    """What counts, in its order: without what was taken back."""
    round: int = 1
    """How often a retry has led back so far, and one."""
    undone: Sequence[str] = ()
    """Passed over, and what is still to come as far as no answer decides about it."""


@dataclass
class _Walk:
    steps: Steps
    at: datetime
    position: str | None = None
    jumps: dict[str, int] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = by_id(self.steps)
        self.go(self.steps[0].id if self.steps else None, self.at)

    @property
    def step(self) -> PlanStep | None:
        return self._known.get(self.position or "")

    @property
    def due_at(self) -> datetime | None:
        step = self.step
        if step is None or step.type is not StepType.WAIT:
            return None
        return self.at + timedelta(minutes=step.minutes or 0)

    def go(self, target: str | None, at: datetime) -> None:
        """To this step; a retry is no step to stand on."""
        self.position, self.at = target, at
        while (step := self.step) is not None and step.type is StepType.RETRY:
            jumps = self.jumps.get(step.id, 0)
            if jumps < (step.times or 0):
                self.jumps[step.id] = jumps + 1
                self.position = step.to
            else:
                self.position = step.next

    def pass_time(self, now: datetime) -> None:
        """Waits that are over by now."""
        while (due := self.due_at) is not None and due <= now:
            step = self.step
            self.go(step.next if step else None, due)

    def take(self, one: Done) -> None:
        """An answer; what was said to a step that the run does not stand on changes nothing."""
        if self.position != one.step:
            self.pass_time(one.at)
        step = self.step
        if step is None or step.id != one.step:
            return
        self.done.append(one)
        self.go(following(step, one.answer), one.at)


def following(step: PlanStep, answer: str) -> str | None:
    """Where this answer leads."""
    if step.type is StepType.QUESTION:
        place = int(answer) - 1 if answer.isdecimal() else -1
        return step.answers[place].next if 0 <= place < len(step.answers) else None
    if step.type is StepType.CALL and answer != SKIPPED and answer not in _REACHED:
        return step.otherwise or step.next
    return step.next


def answers_to(step: PlanStep) -> Sequence[str]:
    """What can be said to it. A question has to be answered: nothing else tells where to go on."""
    if step.type is StepType.QUESTION:
        return [str(place) for place in range(1, len(step.answers) + 1)]
    if step.type is StepType.CALL:
        return [*CallResult, SKIPPED]
    return [DONE, SKIPPED]


def stands(steps: Steps, said: Sequence[Done], started_at: datetime, now: datetime) -> Standing:
    """The run that began at this time, after these answers in their order."""
    walk = _Walk(steps, started_at)
    for one in _kept(said):
        walk.take(one)
    walk.pass_time(now)
    skipped = [one.step for one in walk.done if one.answer == SKIPPED]
    return Standing(
        current=walk.position,
        since=walk.at,
        due_at=walk.due_at,
        done=tuple(walk.done),
        round=sum(walk.jumps.values()) + 1,
        undone=tuple(dict.fromkeys([*skipped, *_to_come(steps, walk.position)])),
    )


def _kept(said: Sequence[Done]) -> Sequence[Done]:
    kept: list[Done] = []
    for one in said:
        if one.answer != BACK:
            kept.append(one)
        elif kept:
            kept.pop()
    return kept


def _to_come(steps: Steps, position: str | None) -> Iterator[str]:
    """The step it stands on and those after it, up to the first whose answer decides which way."""
    known, seen = by_id(steps), set[str]()
    while position is not None and position in known and position not in seen:
        step = known[position]
        seen.add(position)
        if step.type is not StepType.RETRY:
            yield position
        if step.type is StepType.QUESTION or (step.otherwise or step.next) != step.next:
            return
        position = step.next


@dataclass(frozen=True, slots=True)
class Run:
    """A plan that an incident runs with, and the answers so far."""

    choice: Choice
    name: str
    name_en: str
    steps: Steps
    started_at: datetime | None
    """None: nobody has taken the incident yet."""
    said: Sequence[Done] = ()
    resident_id: int | None = None
    """Whose own plan it is."""

    def standing(self, now: datetime) -> Standing:
        """Where it stands; before the take at its beginning."""
        return stands(self.steps, self.said, self.started_at or now, now)
