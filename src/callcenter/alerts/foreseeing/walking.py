"""Who would be called when, if an alarm rang now and nobody took it: the ladder walked through time with who is there now. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from callcenter.alerts.board import Manning
from callcenter.alerts.escalation import DUTY_MADE, Step, World, climb, duty_numbers
from callcenter.regions.policies import EscalationPolicy


class Happening(StrEnum):
    RINGS = "rings"
    """The alarm is stored, and rings."""
    CONTACTS = "contacts"
    ALL_SEATS = "all_seats"
    SUPERVISORS = "supervisors"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A step, when it is made (seconds since the ring began) and whom it reaches: users at their seats, or numbers by text."""

    event: Happening
    after_s: int
    users: Collection[int] = frozenset()
    numbers: Sequence[str] = ()
    one_of: bool = False
    """Only the best of these users."""

    @property
    def nobody(self) -> bool:
        """Nobody is there: the next step is made at once."""
        return not self.users and not self.numbers


def foresee(
    policy: EscalationPolicy, manning: Manning, numbers: Sequence[str]
) -> Sequence[Foreseen]:
    """Until the duty list begins anew, as it does for as long as nobody takes it. No console proves that it has shown or sounded it."""
    walk = _Walk(policy, manning, numbers)
    return [walk.ring(), *walk.climb()]


class _Walk:
    def __init__(self, policy: EscalationPolicy, manning: Manning, numbers: Sequence[str]) -> None:
        self._policy = policy
        self._manning = manning
        self._numbers = numbers
        self._one = policy.ring == "one"
        seats = len(manning.users)
        self._world = World(
            seats=seats,
            rings_at=min(seats, 1) if self._one else seats,
            supervisors=len(manning.supervisors),
            duty=len(numbers),
            shown=False,
            proved=False,
        )

    def ring(self) -> Foreseen:
        users = self._manning.users
        return Foreseen(Happening.RINGS, 0, users, one_of=self._one and len(users) > 1)

    def climb(self) -> list[Foreseen]:
        """Where nobody sits, the opening itself tells the duty list."""
        steps: list[Foreseen] = []
        escalated, waited = 0, timedelta()
        if not self._manning.users and self._numbers:
            steps.append(Foreseen(Happening.DUTY, 0, numbers=self._numbers))
            escalated, waited = DUTY_MADE, timedelta(seconds=self._policy.again_s)
        while True:
            found = climb(self._policy, escalated, waited, self._world, due=True)
            for made in found.made:
                steps.append(self._step(made.step, made.reached, escalated, waited))
                if made.step is Step.DUTY and self._ends(steps):
                    return steps
            escalated, waited = found.escalated, waited + found.due_in

    def _step(self, step: Step, reached: int, escalated: int, waited: timedelta) -> Foreseen:
        after_s = int(waited.total_seconds())
        if step is Step.DUTY:
            told = duty_numbers(self._numbers, escalated, reached) if reached else ()
            return Foreseen(Happening.DUTY, after_s, numbers=told)
        manning = self._manning
        users = manning.users if step is Step.ALL_SEATS else manning.supervisors
        return Foreseen(Happening(step.value), after_s, users)

    def _ends(self, steps: Sequence[Foreseen]) -> bool:
        """There is nobody to tell, or the list has begun anew."""
        told = [step for step in steps if step.event is Happening.DUTY]
        return not self._numbers or len(told) > len(self._numbers)
