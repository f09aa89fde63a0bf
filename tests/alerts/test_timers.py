"""What an incident is watched for, and what a look at a timer leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callcenter.alerts.incident import State
from callcenter.alerts.timers import GAP, RETRY, Look, TimerKind, look, starts_anew, timer_of
from tests.support.community import LONG_AGO
from tests.support.incidents import incident

NOW = LONG_AGO
DELAY = timedelta(seconds=60)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, TimerKind.UNSEEN),
        ({"signal_class": "service"}, None),
        ({"signal_class": "technical"}, None),
        ({"marks": ("duty_told",)}, None),
        ({"marks": ("taker_lost",)}, TimerKind.UNSEEN),
        ({"state": State.TAKEN}, TimerKind.TAKER_GONE),
        ({"state": State.TAKEN, "signal_class": "service"}, TimerKind.TAKER_GONE),
        ({"state": State.FOLLOWING}, None),
        ({"state": State.CLOSED}, None),
    ],
)
def test_what_an_incident_is_watched_for(fields: dict[str, object], expected: TimerKind | None):
    assert timer_of(incident(**fields)) is expected


def test_the_watch_begins_again_for_another_reason_another_taker_or_another_ring():
    taken = incident(state=State.TAKEN, taken_by=7)
    assert not starts_anew(taken, replace(taken, version=9, press_count=2))
    assert starts_anew(taken, replace(taken, taken_by=8))
    assert starts_anew(taken, replace(taken, ring=2))
    assert starts_anew(taken, replace(taken, state=State.CLOSED))


def at(due_at: datetime | None, looked_at: datetime | None, **more: object) -> Look:
    options: dict[str, object] = {"missing": True, "delay": DELAY, "now": NOW} | more
    return look(due_at, looked_at, **options)  # type: ignore[arg-type]


def test_while_somebody_is_there_it_rests():
    assert at(None, None, missing=False) == Look(None)
    assert at(ago(-30), ago(2), missing=False) == Look(None)


def test_the_first_look_that_finds_nobody_begins_to_count():
    assert at(None, None) == Look(NOW + DELAY)
    assert at(None, ago(2)) == Look(NOW + DELAY)


def test_a_later_look_goes_on_and_the_one_that_is_due_acts():
    assert at(ago(-1), ago(2)) == Look(ago(-1))
    assert at(NOW, ago(2)) == Look(NOW + RETRY, acts=True)


def test_what_may_not_last_at_all_acts_at_once_and_again_if_it_failed():
    assert at(None, None, delay=timedelta()) == Look(NOW + RETRY, acts=True)
    assert at(ago(0), ago(2), delay=timedelta()) == Look(NOW + RETRY, acts=True)


@pytest.mark.parametrize("looked", [GAP + timedelta(seconds=1), -timedelta(seconds=1)])
def test_g7_a_break_in_the_watch_or_a_clock_that_was_set_counts_anew(looked: timedelta):
    assert at(ago(1), NOW - looked) == Look(NOW + DELAY)
