"""How long a duty lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.dispatch.duty.lasting import (
    Ending,
    Job,
    Shift,
    ending,
    is_given_back,
    keeps_on_duty,
    shift_meant,
    until_when,
    until_when_again,
)
from callcenter.dispatch.task import HELD, TaskState

NOW = datetime(2026, 3, 14, 8, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


MORNING, EVENING = Shift(at(0), at(6)), Shift(at(6), at(14))


@pytest.mark.parametrize(
    ("hours", "meant"),
    [
        (-1.1, None),
        (-1, MORNING),
        (0, MORNING),
        (5.5, MORNING),
        (6, EVENING),
        (13.9, EVENING),
        (14, None),
    ],
)
def test_the_shift_that_is_meant_holds_now_or_begins_within_the_hour(hours, meant):
    assert shift_meant([EVENING, MORNING], at(hours)) == meant


def test_a_duty_lasts_as_it_is_said_else_to_the_end_of_the_shift():
    assert until_when(at(2), MORNING) == at(2)
    assert until_when(None, MORNING) == at(6)
    assert until_when(None, None) is None


@pytest.mark.parametrize(
    ("stands", "asked", "by_roster", "lasts"),
    [
        (at(3), at(6), True, at(6)),
        (at(9), at(6), True, at(9)),
        (None, at(6), True, None),
        (at(9), at(6), False, at(6)),
        (at(9), None, False, at(9)),
        (at(-1), None, False, at(6)),
        (None, None, False, None),
    ],
)
def test_of_somebody_who_is_on_duty_already(stands, asked, by_roster, lasts):
    assert until_when_again(stands, asked, MORNING, NOW, by_roster=by_roster) == lasts


def test_a_task_keeps_whoever_is_at_it_or_is_to_begin_it_soon():
    kept = {
        (state, hours)
        for state in TaskState
        for hours in (-1, 0.5, 0.6)
        if keeps_on_duty(Job(state, at(hours)), NOW)
    }
    there = {
        (state, hours)
        for state in (TaskState.UNDER_WAY, TaskState.ARRIVED)
        for hours in (-1, 0.5, 0.6)
    }
    assert kept == there | {(TaskState.ACCEPTED, -1), (TaskState.ACCEPTED, 0.5)}


def test_only_a_dispatcher_ends_the_duty_of_somebody_with_a_task():
    for state in HELD:
        jobs = [Job(state, NOW)]
        assert ending(jobs, NOW, by_dispatcher=False) is Ending.AFTER_THE_TASK
        assert ending(jobs, NOW, by_dispatcher=True) is Ending.ENDS
    assert ending([], NOW, by_dispatcher=False) is Ending.ENDS


def test_what_somebody_is_at_stays_theirs_and_what_is_to_come_is_given_back():
    given_back = {state for state in HELD if is_given_back(Job(state, NOW), NOW)}
    assert given_back == {TaskState.ACCEPTED, TaskState.UNDER_WAY}
    assert not is_given_back(Job(TaskState.ACCEPTED, at(24)), NOW)
