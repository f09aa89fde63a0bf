"""When the watchdog says what, by which way; no clock runs here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.liveness.circle import Leg, LegResult, LegState
from callcenter.watchdog.alarming import (
    Event,
    Rules,
    Standing,
    WayState,
    after_circle,
    due,
    fitted,
    next_due,
    not_said,
    repeated,
    said,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
RULES = Rules(failures=2, repeat=timedelta(minutes=15))
FAILED = LegResult(leg=Leg.DEVICE, state=LegState.FAILED, detail="answers 503")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def calm() -> Standing:
    return Standing((WayState(), WayState()))


@pytest.fixture
def raised(calm: Standing) -> Standing:
    return after_circle(after_circle(calm, FAILED, at(0), RULES), FAILED, at(15), RULES)


def tell_all(standing: Standing, now: datetime) -> Standing:
    for place, notice in due(standing, now):
        standing = said(standing, place, notice, now)
    return standing


def test_one_circle_that_does_not_close_is_no_alarm(calm: Standing):
    once = after_circle(calm, FAILED, at(0), RULES)
    assert due(once, at(1)) == []
    assert due(after_circle(once, None, at(15), RULES), at(16)) == []


def test_two_in_a_row_are_said_by_each_way_with_the_leg_and_since_when(raised: Standing):
    notices = [notice for _, notice in due(raised, at(15))]
    assert [(n.event, n.leg, n.since, n.detail) for n in notices] == [
        (Event.ALARM, Leg.DEVICE, at(0), "answers 503")
    ] * 2


def test_it_is_said_once_and_again_after_a_time_while_it_lasts(raised: Standing):
    told = tell_all(raised, at(16))
    told = after_circle(told, FAILED, at(30), RULES)
    assert due(repeated(told, at(60), RULES), at(60)) == []
    later = repeated(told, at(16 + 900), RULES)
    assert [notice.event for _, notice in due(later, at(16 + 900))] == [Event.AGAIN] * 2
    assert next_due(told, RULES) == at(16 + 900)


def test_a_way_that_cannot_is_tried_later_each_time_and_holds_up_no_other(raised: Standing):
    tried = said(not_said(raised, 0, at(15)), 1, due(raised, at(15))[1][1], at(15))
    assert due(tried, at(19)) == []
    assert [place for place, _ in due(tried, at(20))] == [0]
    pauses = []
    for _ in range(10):
        before = tried.ways[0].due_at
        assert before is not None
        tried = not_said(tried, 0, before)
        after = tried.ways[0].due_at
        assert after is not None
        pauses.append((after - before).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[-1] == 300


def test_all_clear_goes_to_those_who_were_told_and_to_nobody_else(raised: Standing):
    one_told = said(raised, 1, due(raised, at(15))[1][1], at(15))
    clear = after_circle(one_told, None, at(40), RULES)
    assert [(place, notice.event) for place, notice in due(clear, at(40))] == [(1, Event.CLEAR)]
    assert due(tell_all(clear, at(41)), at(4_000)) == []


def test_who_was_told_before_a_restart_gets_the_all_clear_after_it(raised: Standing):
    told = tell_all(raised, at(16))
    again = fitted(Standing(told.ways, told.trouble, told.raised, told.closed_at), 2)
    assert [n.event for _, n in due(after_circle(again, None, at(60), RULES), at(60))] == [
        Event.CLEAR
    ] * 2


def test_a_new_alarm_after_an_all_clear_that_was_not_said_yet_takes_its_place(raised: Standing):
    told = tell_all(raised, at(16))
    clear = after_circle(told, None, at(20), RULES)
    worse = after_circle(after_circle(clear, FAILED, at(21), RULES), FAILED, at(22), RULES)
    assert [notice.event for _, notice in due(worse, at(22))] == [Event.ALARM] * 2


def test_a_file_with_more_ways_than_before_tells_the_new_one_with_the_next_alarm(raised: Standing):
    assert len(fitted(raised, 3).ways) == 3
    assert len(fitted(raised, 1).ways) == 1
