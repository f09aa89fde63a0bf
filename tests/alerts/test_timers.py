"""What an incident is watched for, and what a look at a timer leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.alerts.incident import IncidentMode, State
from callcenter.alerts.timers import (
    GAP,
    Absence,
    TimerKind,
    absence,
    break_of,
    starts_anew,
    timer_of,
)
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

NOW = LONG_AGO
DELAY = timedelta(seconds=60)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, TimerKind.UNTAKEN),
        ({"signal_class": "service"}, TimerKind.REQUEST),
        ({"signal_class": "service", "marks": ("request_due",)}, TimerKind.REQUEST),
        ({"signal_class": "service", "marks": ("request_due", "request_late")}, None),
        ({"signal_class": "service", "mode": IncidentMode.TEST}, None),
        ({"signal_class": "technical"}, None),
        ({"marks": ("duty_told",)}, TimerKind.UNTAKEN),  # until somebody takes it
        ({"marks": ("escalation_over",)}, None),
        ({"state": State.TAKEN, "taken_by": 7}, TimerKind.TAKER_GONE),
        ({"state": State.TAKEN, "taken_by": 7, "signal_class": "service"}, TimerKind.TAKER_GONE),
        ({"state": State.TAKEN, "taken_by_name": "+8613900000009"}, TimerKind.FOLLOW_UP),
        ({"state": State.FOLLOWING, "taken_by": 7}, TimerKind.FOLLOW_UP),
        ({"state": State.CLOSED}, None),
    ],
)
def test_what_an_incident_is_watched_for(fields: dict[str, object], expected: TimerKind | None):
    assert timer_of(incident(**fields)) is expected


def test_the_watch_begins_again_for_another_reason_another_taker_another_time_or_another_ring():
    taken = incident(state=State.TAKEN, taken_by=7)
    assert not starts_anew(taken, replace(taken, version=9, press_count=2, escalated=2))
    assert starts_anew(taken, replace(taken, taken_by=8))
    assert starts_anew(taken, replace(taken, ring=2))
    assert starts_anew(taken, replace(taken, state=State.CLOSED))
    followed = incident(state=State.FOLLOWING, taken_by=7, follow_due_at=NOW)
    assert starts_anew(followed, replace(followed, follow_due_at=ago(-60)))
    assert starts_anew(followed, replace(followed, marks=("follow_due",)))
    request = incident(signal_class="service", call_back_by=NOW)
    assert starts_anew(request, replace(request, call_back_by=ago(-60)))
    assert starts_anew(request, replace(request, marks=("request_due",)))


def test_while_somebody_is_there_nothing_counts():
    for since in (None, ago(70)):
        assert absence(since, last_there=None, delay=DELAY, now=NOW) == Absence(None)


def test_the_first_look_that_finds_nobody_begins_to_count_and_one_after_the_delay_acts():
    counts = {"last_there": ago(8), "delay": DELAY, "now": NOW}
    assert absence(None, **counts) == Absence(ago(8))  # when it was last heard
    assert absence(ago(59), **counts) == Absence(ago(59))
    assert absence(ago(60), **counts) == Absence(ago(60), acts=True)


def test_what_may_not_last_at_all_acts_at_once():
    assert absence(None, last_there=NOW, delay=timedelta(), now=NOW) == Absence(NOW, acts=True)


@pytest.mark.parametrize("passed_s", [0, 1, GAP.total_seconds()])
def test_an_unbroken_watch_moves_nothing(passed_s: float):
    assert break_of(ago(passed_s), NOW) == timedelta()


@pytest.mark.parametrize("passed_s", [GAP.total_seconds() + 1, 300, -1, -3_600])
def test_g7_an_outage_or_a_jump_of_the_clock_moves_every_timer_by_itself(passed_s: float):
    assert break_of(ago(passed_s), NOW) == timedelta(seconds=passed_s)


def test_nobody_is_called_to_a_test():
    assert timer_of(incident(mode=IncidentMode.TEST)) is None
    assert timer_of(incident()) is TimerKind.UNTAKEN
    assert starts_anew(incident(mode=IncidentMode.TEST), incident())
