"""How far a call is, in the words of a family."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.alerts.incident import Outcome, State
from callcenter.dispatch.task import TaskState
from callcenter.families.course import END_SHOWN, ENDS, Case, Course, Goer, Stage, course

NOW = datetime(2026, 11, 28, 6, 5, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(minutes=20)


def case(state: State = State.TAKEN, *goers: Goer, **parts: object) -> Case:
    return Case(state, NOW, goers=goers, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (State.WAITING, Stage.RECEIVED),
        (State.TAKEN, Stage.OPERATOR),
        (State.FOLLOWING, Stage.OPERATOR),
    ],
)
def test_without_anybody_who_goes_it_is_as_far_as_the_centre(state: State, stage: Stage):
    assert course(case(state), NOW) == Course(stage)


@pytest.mark.parametrize(
    ("task", "stage"),
    [
        (TaskState.OPEN, Stage.OPERATOR),
        (TaskState.OFFERED, Stage.OPERATOR),
        (TaskState.UNPLACED, Stage.OPERATOR),
        (TaskState.ACCEPTED, Stage.ASKED),
        (TaskState.UNDER_WAY, Stage.ON_THE_WAY),
        (TaskState.ARRIVED, Stage.ARRIVED),
        (TaskState.DONE, Stage.ARRIVED),
        (TaskState.CANCELLED, Stage.OPERATOR),
    ],
)
def test_whoever_was_only_asked_is_not_on_the_way(task: TaskState, stage: Stage):
    assert course(case(State.TAKEN, Goer(task)), NOW).stage is stage


def test_every_state_of_a_task_has_its_place():
    for state in TaskState:
        assert course(case(State.FOLLOWING, Goer(state)), NOW).is_open


def test_who_is_furthest_is_shown_and_of_these_who_comes_first():
    one = Goer(TaskState.UNDER_WAY, "一", eta=LATER)
    two = Goer(TaskState.UNDER_WAY, "二", eta=SOON)
    three = Goer(TaskState.ACCEPTED, "三", eta=NOW)
    four = Goer(TaskState.UNDER_WAY, "四")
    assert course(case(State.TAKEN, one, two, three, four), NOW).goer is two
    there = Goer(TaskState.ARRIVED, "五", arrived_at=NOW)
    assert course(case(State.TAKEN, one, there), NOW) == Course(Stage.ARRIVED, there)


@pytest.mark.parametrize(
    ("outcome", "safe", "stage"),
    [
        (Outcome.EMERGENCY, True, Stage.SAFE),
        (Outcome.ASSISTANCE, False, Stage.CLOSED),
        (Outcome.MISTAKEN_PRESS, False, Stage.SAFE),
        (Outcome.NOBODY_REACHED, False, Stage.NOBODY_REACHED),
        (Outcome.FALSE_ALARM, False, Stage.CLOSED),
    ],
)
def test_safe_is_what_somebody_has_confirmed(outcome: Outcome, safe: bool, stage: Stage):
    ended = case(State.CLOSED, closed_at=NOW, outcome=outcome, safe=safe)
    found = course(ended, NOW + END_SHOWN)
    assert found == Course(stage, ended_at=NOW)
    assert not found.is_open
    assert course(ended, NOW + END_SHOWN + timedelta(seconds=1)).stage is Stage.OVER


def test_nobody_is_on_the_way_to_what_has_ended():
    ended = case(State.CLOSED, Goer(TaskState.UNDER_WAY, eta=SOON), closed_at=NOW)
    assert course(ended, NOW).goer is None
    assert course(ended, NOW).stage in ENDS
