"""Who is called to an alarm that nobody takes, one step after the other. Pure.

Every seat of its region, then the supervisors, then the duty list, one number after the other and from its top again. A
step whose people are not there is passed at once, and the timeline says so. Where nobody sits at all, the duty list is
called at once, all of it. Taking the alarm stops whatever waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from callcenter.alerts.incident import Incident
from callcenter.regions.policies import EscalationPolicy


class Step(StrEnum):
    ALL_SEATS = "all_seats"
    SUPERVISORS = "supervisors"
    DUTY = "duty"


LADDER = tuple(Step)
DUTY_MADE = len(LADDER)
"""Steps of an alarm of which the duty list was told once; each further telling is one more."""
COMING_BACK = timedelta(seconds=15)
"""An operator who loads the page again is on duty again within this."""
RETRY = timedelta(seconds=2)
"""What was due and could not be done, or whose server died over it, is due again."""


@dataclass(frozen=True, slots=True)
class World:
    """Who is there at this moment for one alarm."""

    seats: int
    """Manned, where it could ring."""
    rings_at: int
    """Of these, where it rings, and whose operator is free to take it."""
    supervisors: int
    duty: int
    """Numbers on the duty list."""
    shown: bool
    """A seat has shown this ring, or sounded it."""
    proved: bool
    """Both, where it rings."""
    missing_for: timedelta = timedelta()
    """Since when nobody sits there."""

    @property
    def deserted(self) -> bool:
        """Nobody sits there; whoever has shown it may be loading the page again."""
        return self.seats == 0 and (not self.shown or self.missing_for >= COMING_BACK)


@dataclass(frozen=True, slots=True)
class Made:
    """A step, and how many people it reached: none, and the next is made at once."""

    step: Step
    reached: int


@dataclass(frozen=True, slots=True)
class Climb:
    """What a look at a waiting alarm leads to. `due_in`: from now until the next step is due by time alone."""

    made: Sequence[Made]
    escalated: int
    """Steps made by then, as the incident counts them."""
    due_in: timedelta


def offset(policy: EscalationPolicy, step: Step) -> timedelta:
    """From the beginning of the ring until the step."""
    seconds = {
        Step.ALL_SEATS: policy.unproved_s,
        Step.SUPERVISORS: policy.supervisors_s,
        Step.DUTY: policy.duty_s,
    }[step]
    return timedelta(seconds=seconds)


def climb(
    policy: EscalationPolicy, escalated: int, waited: timedelta, world: World, *, due: bool
) -> Climb:
    """`waited`: since the ring began. `due`: the time that the last climb gave is over."""
    if escalated >= DUTY_MADE:
        return _again(policy, escalated, world, due=due)
    made: list[Made] = []
    at_once = world.deserted
    for step in LADDER[escalated:]:
        if _is_needless(step, world):
            continue
        if not at_once and not _is_left(step, world) and waited < offset(policy, step):
            return Climb(made, _steps(made, escalated), offset(policy, step) - waited)
        reached = _reached(step, world, escalated)
        made.append(Made(step, reached))
        if reached and step is not Step.DUTY:
            return Climb(made, _steps(made, escalated), _until_next(policy, step, waited))
        at_once = True
    return Climb(made, _steps(made, escalated), timedelta(seconds=policy.again_s))


def _until_next(policy: EscalationPolicy, made: Step, waited: timedelta) -> timedelta:
    following = LADDER[LADDER.index(made) + 1]
    return max(offset(policy, following) - waited, timedelta())


def _again(policy: EscalationPolicy, escalated: int, world: World, *, due: bool) -> Climb:
    made = [Made(Step.DUTY, _reached(Step.DUTY, world, escalated))] if due else []
    return Climb(made, escalated + len(made), timedelta(seconds=policy.again_s))


def _steps(made: Sequence[Made], escalated: int) -> int:
    return LADDER.index(made[-1].step) + 1 if made else escalated


def _is_needless(step: Step, world: World) -> bool:
    """It rings at every seat already, or where it rings somebody sees and hears it."""
    if step is not Step.ALL_SEATS:
        return False
    return world.rings_at == world.seats or (world.proved and world.rings_at > 0)


def _is_left(step: Step, world: World) -> bool:
    """Whoever it was offered to has gone, pauses or has another: nobody waits for a proof."""
    return step is Step.ALL_SEATS and world.rings_at == 0


def _reached(step: Step, world: World, escalated: int) -> int:
    if step is Step.ALL_SEATS:
        return world.seats - world.rings_at
    if step is Step.SUPERVISORS:
        return world.supervisors
    return min(world.duty, 1) if escalated >= DUTY_MADE or world.seats else world.duty


def duty_numbers(numbers: Sequence[str], escalated: int, reached: int) -> Sequence[str]:
    """Whom this telling is for: the next one down the list, or all of it."""
    if reached >= len(numbers):
        return numbers
    first = (max(escalated, LADDER.index(Step.DUTY)) - LADDER.index(Step.DUTY)) % len(numbers)
    return (*numbers[first:], *numbers[:first])[:reached]


def not_made(incident: Incident) -> Sequence[str]:
    """The steps that whoever takes it now has made unnecessary."""
    return tuple(
        step.value
        for place, step in enumerate(LADDER)
        if place >= incident.escalated and (step is not Step.ALL_SEATS or incident.ring_to)
    )


def is_over(policy: EscalationPolicy, missed: timedelta) -> bool:
    """Whether it is too old to call anybody, because no server has looked on for so long: from a back-up that was restored, say.
    However long it waits before their eyes, it never is.
    """
    return missed > timedelta(seconds=policy.horizon_s)
