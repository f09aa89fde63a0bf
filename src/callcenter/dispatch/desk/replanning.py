"""Who does what instead when somebody cannot: for each of their tasks the best who is free then, with what stands against it. Pure.

Greedy in the order of time over `choosing.ranked`. Where everybody who is fit is busy at that time, a task that was placed before is
moved on to somebody else who is free, if that makes room (augmenting path); only where that helps nobody either are two tasks
put upon each other, and the line says so. A proposal is looked over line by line; nothing here is done by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from callcenter.dispatch.choosing import Need, Person, Spot, Suggestion, minutes_between, ranked

PeopleFor = Callable[[UUID], Sequence[Person]]
"""Everybody as they stand for one task."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A time that somebody has given away already, and where. `task_id` None: of something that is no task."""

    begins: datetime
    ends: datetime
    at: Spot | None = None
    task_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ToPlace:
    """A task that somebody else is wanted for."""

    task_id: UUID
    need: Need

    @property
    def busy(self) -> Busy:
        """What it takes of whoever does it."""
        need = self.need
        return Busy(need.begins, need.begins + need.lasts, need.at, self.task_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a proposal. `suggestion` None: nobody is fit. `overlaps`: they have something else then, or cannot be there in time."""

    task_id: UUID
    suggestion: Suggestion | None
    overlaps: bool = False


def collide(one: Busy, other: Busy, speed_m_per_min: float) -> bool:
    """Whether nobody can do both: they overlap, or the way between is longer than the gap."""
    first, second = (one, other) if one.begins <= other.begins else (other, one)
    way = timedelta()
    if first.at is not None and second.at is not None:
        way = timedelta(minutes=minutes_between(first.at, second.at, speed_m_per_min))
    return second.begins < first.ends + way


@dataclass(slots=True)
class _Plan:
    people_for: PeopleFor
    fixed: Mapping[int, Sequence[Busy]]
    tasks: dict[UUID, ToPlace] = field(default_factory=dict)
    held: dict[int, list[UUID]] = field(default_factory=dict)
    found: dict[UUID, Suggestion] = field(default_factory=dict)
    upon: set[UUID] = field(default_factory=set)

    def fit(self, task: ToPlace, now: datetime) -> list[Suggestion]:
        """As `choosing.ranked` has them, with what this plan has given to each."""
        people = [self._as_planned(task, each) for each in self.people_for(task.task_id)]
        return ranked(task.need, people, now)

    def _as_planned(self, task: ToPlace, person: Person) -> Person:
        given = len(self.held.get(person.staff_id, ()))
        in_the_way = self.in_the_way(task, person)
        until = max((each.ends for each in in_the_way), default=None)
        if until is not None:  # a way that is too long keeps them as well
            until = max(until, task.need.begins + timedelta(minutes=1))
        return replace(person, busy_until=until, jobs_today=person.jobs_today + given)

    def in_the_way(self, task: ToPlace, person: Person) -> list[Busy]:
        """What this person has that they cannot do beside the task."""
        given = [self.tasks[each].busy for each in self.held.get(person.staff_id, ())]
        all_of_it = [*self.fixed.get(person.staff_id, ()), *given]
        mine = task.busy
        return [
            each
            for each in all_of_it
            if each.task_id != task.task_id and collide(mine, each, person.speed_m_per_min)
        ]

    def give(self, task: ToPlace, suggestion: Suggestion) -> None:
        self.held.setdefault(suggestion.person.staff_id, []).append(task.task_id)
        self.found[task.task_id] = suggestion

    def take(self, task_id: UUID) -> Suggestion:
        suggestion = self.found.pop(task_id)
        self.held[suggestion.person.staff_id].remove(task_id)
        return suggestion

    def place(self, task: ToPlace, now: datetime, tried: set[int]) -> bool:
        """Give it to whoever is free; else make room with somebody by moving one task on. `tried`: with whom that was tried."""
        fit = self.fit(task, now)
        for each in fit:
            if not self.in_the_way(task, each.person):
                self.give(task, each)
                return True
        return any(self._make_room(task, each, now, tried) for each in fit)

    def _make_room(
        self, task: ToPlace, suggestion: Suggestion, now: datetime, tried: set[int]
    ) -> bool:
        staff_id = suggestion.person.staff_id
        stands = self.in_the_way(task, suggestion.person)
        if staff_id in tried or len(stands) != 1:
            return False
        other = stands[0].task_id
        if other is None or other not in self.held.get(staff_id, ()) or other in self.upon:
            return False
        tried.add(staff_id)
        before = self.take(other)
        again = next(
            each for each in self.fit(task, now) if each.person.staff_id == staff_id
        )  # its reasons have changed: they are free now
        self.give(task, again)
        if self.place(self.tasks[other], now, tried):
            return True
        self.take(task.task_id)
        self.give(self.tasks[other], before)
        return False


def proposal(
    tasks: Iterable[ToPlace],
    people_for: PeopleFor,
    fixed: Mapping[int, Sequence[Busy]],
    now: datetime,
) -> list[Line]:
    """One line a task, in the order of time. `fixed`: what each has besides, by staff id."""
    ordered = sorted(tasks, key=lambda each: (each.need.begins, each.task_id))
    plan = _Plan(people_for, fixed, {each.task_id: each for each in ordered})
    for each in ordered:
        if not plan.place(each, now, set()):
            _put_upon(plan, each, now)
    return [_line(plan, each) for each in ordered]


def _put_upon(plan: _Plan, task: ToPlace, now: datetime) -> None:
    """Nobody is free: the best of those who are not, so that somebody looks at it."""
    fit = plan.fit(task, now)
    if fit:
        plan.give(task, fit[0])
        plan.upon.add(task.task_id)


def _line(plan: _Plan, task: ToPlace) -> Line:
    suggestion = plan.found.get(task.task_id)
    if suggestion is None:
        return Line(task.task_id, None)
    return Line(task.task_id, suggestion, bool(plan.in_the_way(task, suggestion.person)))
