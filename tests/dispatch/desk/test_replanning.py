"""Somebody falls ill: nobody is put upon twice where that can be avoided, and where it cannot the line says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from uuid import UUID

from hypothesis import given, strategies as some

from callcenter.dispatch.choosing import Need, Person, Spot
from callcenter.dispatch.desk.replanning import Busy, Line, ToPlace, collide, proposal
from callcenter.dispatch.task import TaskKind
from callcenter.records.staff_kinds import StaffKind
from tests.support.field import NOW, later

HERE = Spot(40.0, 104.0)
WALKING = 80.0


def task(number: int, begins: float = 0, minutes: int = 60, skill: str = "") -> ToPlace:
    skills = frozenset({skill} if skill else ())
    need = Need(
        TaskKind.VISIT, HERE, later(minutes=begins), timedelta(minutes=minutes), skills=skills
    )
    return ToPlace(UUID(int=number), need)


def helper(staff_id: int, *skills: str, jobs: int = 0) -> Person:
    kinds = frozenset({StaffKind.CAREGIVER})
    return Person(
        staff_id,
        f"helper {staff_id}",
        kinds,
        True,
        True,
        frozenset(skills),
        at=HERE,
        jobs_today=jobs,
    )


def plan(
    tasks: Sequence[ToPlace],
    people: Sequence[Person],
    fixed: dict[int, list[Busy]] | None = None,
) -> list[Line]:
    return proposal(tasks, lambda _: people, fixed or {}, NOW)


def who(lines: Sequence[Line]) -> list[int | None]:
    return [line.suggestion and line.suggestion.person.staff_id for line in lines]


def test_the_best_is_taken_and_the_next_task_goes_to_somebody_else():
    lines = plan([task(1), task(2)], [helper(1), helper(2, jobs=3)])
    assert who(lines) == [1, 2]
    assert not any(line.overlaps for line in lines)


def test_one_after_the_other_stays_with_whoever_has_fewer_jobs():
    lines = plan([task(1, 0), task(2, 60), task(3, 120)], [helper(1), helper(2)])
    assert who(lines) == [1, 2, 1]


def test_what_somebody_has_already_is_not_overlapped():
    busy = {1: [Busy(later(minutes=-10), later(minutes=10), HERE)]}
    assert who(plan([task(1)], [helper(1), helper(2, jobs=9)], busy)) == [2]


def test_a_way_that_is_longer_than_the_gap_is_an_overlap():
    far = Spot(40.02, 104.0)  # 28 minutes on foot
    busy = {1: [Busy(later(minutes=-80), later(minutes=-20), far)]}
    assert who(plan([task(1)], [helper(1), helper(2, jobs=9)], busy)) == [2]


def test_a_task_is_moved_on_where_that_makes_room():
    lines = plan([task(1), task(2, skill="lifting")], [helper(1, "lifting"), helper(2, jobs=9)])
    assert who(lines) == [2, 1]
    assert not any(line.overlaps for line in lines)


def test_where_everybody_is_busy_the_line_says_so():
    lines = plan([task(1), task(2)], [helper(1)])
    assert who(lines) == [1, 1]
    assert all(line.overlaps for line in lines)


def test_nobody_is_fit():
    assert who(plan([task(1, skill="lifting")], [helper(1)])) == [None]
    assert who(plan([task(1)], [])) == [None]


def test_the_same_every_time():
    tasks, people = [task(n, n * 20) for n in range(6)], [helper(n) for n in range(3)]
    assert plan(tasks, people) == plan(list(reversed(tasks)), people)


# ---- properties

_skills = some.sampled_from(["", "a", "b"])
_people = some.lists(some.sets(some.sampled_from(["a", "b"])), min_size=1, max_size=3).map(
    lambda several: [helper(n, *skills) for n, skills in enumerate(several)]
)
_free_tasks = some.lists(
    some.tuples(some.integers(0, 200), some.integers(10, 90), _skills), max_size=6
).map(lambda rows: [task(n, *row) for n, row in enumerate(rows)])
_at_once = some.lists(_skills, max_size=4).map(
    lambda skills: [task(n, skill=each) for n, each in enumerate(skills)]
)


def _clashes(lines: Sequence[Line], tasks: Sequence[ToPlace]) -> set[UUID]:
    """The tasks that really collide with another of the same person."""
    by_id = {each.task_id: each for each in tasks}
    found = set()
    for one, other in product(lines, lines):
        if one.task_id == other.task_id or one.suggestion is None or other.suggestion is None:
            continue
        same = one.suggestion.person.staff_id == other.suggestion.person.staff_id
        if same and collide(by_id[one.task_id].busy, by_id[other.task_id].busy, WALKING):
            found.add(one.task_id)
    return found


@given(_free_tasks, _people)
def test_a_line_says_so_exactly_where_two_tasks_collide(tasks, people):
    lines = plan(tasks, people)
    assert {each.task_id for each in lines} == {each.task_id for each in tasks}
    assert {each.task_id for each in lines if each.overlaps} == _clashes(lines, tasks)


@given(_free_tasks, _people)
def test_a_task_is_left_to_nobody_only_where_nobody_is_fit(tasks, people):
    for line in plan(tasks, people):
        skills = next(each for each in tasks if each.task_id == line.task_id).need.skills
        fit = {each.staff_id for each in people if skills <= each.skills}
        chosen = line.suggestion and line.suggestion.person.staff_id
        assert chosen in fit if fit else chosen is None


@given(_at_once, _people)
def test_of_tasks_at_the_same_time_as_many_as_can_be_are_placed_alone(tasks, people):
    lines = plan(tasks, people)
    placed = [each for each in lines if each.suggestion is not None]
    alone = len({line.suggestion.person.staff_id for line in placed if line.suggestion})
    ways = product(*[[None, *people] for _ in tasks])
    assert alone == max(_distinct(tasks, way) for way in ways)


def _distinct(tasks: Sequence[ToPlace], way: Sequence[Person | None]) -> int:
    """How many tasks this way places, each with somebody fit of their own; 0 where it is none."""
    given_ = [(each, one) for each, one in zip(tasks, way, strict=True) if one is not None]
    if len({one.staff_id for _, one in given_}) < len(given_):
        return 0
    return len(given_) if all(each.need.skills <= one.skills for each, one in given_) else 0
