"""On which days a round runs, what comes before a holiday, and who is visited every other day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.records.workdays import Calendar
from callcenter.rounds.days import (
    Alternate,
    OnHoliday,
    RunsOn,
    Visited,
    days_served,
    is_holiday,
    times,
)

DAILY = frozenset(range(1, 8))
LONG_AGO = date(2020, 1, 1)
OCTOBER = Calendar(
    worked={date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True},
    years=frozenset({2026}),
)
"""1 to 7 October are a holiday, Saturday the 10th is worked."""


def _served(on_holiday: OnHoliday, day: int, weekdays: frozenset[int] = DAILY) -> list[int]:
    rule = RunsOn(weekdays, on_holiday, LONG_AGO)
    base = date(2026, 9, 30)
    return [(each - base).days for each in days_served(rule, base + timedelta(day), OCTOBER)]


@pytest.mark.parametrize(
    ("on_holiday", "day", "served"),
    [
        (OnHoliday.AS_USUAL, 0, [0]),
        (OnHoliday.AS_USUAL, 3, [3]),
        (OnHoliday.SKIP, 0, [0]),
        (OnHoliday.SKIP, 3, []),
        (OnHoliday.SKIP, 8, [8]),
        (OnHoliday.DAY_BEFORE, 0, [0, 1, 2, 3, 4, 5, 6, 7]),
        (OnHoliday.DAY_BEFORE, 3, []),
        (OnHoliday.DAY_BEFORE, -1, [-1]),
        (OnHoliday.DAY_BEFORE, 8, [8]),
    ],
)
def test_a_holiday_is_skipped_brought_before_or_a_day_as_any(
    on_holiday: OnHoliday, day: int, served: list[int]
):
    assert _served(on_holiday, day) == served


def test_what_is_moved_runs_before_the_holiday_also_on_a_day_that_is_not_its_own():
    # Only Thursdays: the 1st of October is one, so Wednesday the 30th runs for it.
    assert _served(OnHoliday.DAY_BEFORE, 0, frozenset({4})) == [1]


def test_a_holiday_that_is_not_known_is_none():
    assert not is_holiday(Calendar(worked={}, years=frozenset()), date(2031, 10, 1))


@given(st.integers(-400, 400), st.sampled_from(sorted(DAILY)))
def test_with_the_day_before_nobody_loses_a_day(passed: int, weekday: int):
    rule = RunsOn(frozenset({weekday}), OnHoliday.DAY_BEFORE, LONG_AGO)
    day = date(2026, 10, 1) + timedelta(passed)
    brought = [
        each
        for before in range(15)
        for each in days_served(rule, day - timedelta(before), OCTOBER)
        if each == day
    ]
    assert len(brought) == (day.isoweekday() == weekday)


@pytest.mark.parametrize(
    ("stop", "days"),
    [
        (Visited(), [1, 2, 3, 4]),
        (Visited(Alternate.ODD), [1, 3]),
        (Visited(Alternate.EVEN), [2, 4]),
        (Visited(Alternate.NTH, 3, date(2026, 3, 1)), [1, 4]),
        (Visited(Alternate.NTH, 2, date(2026, 3, 4)), [4]),
    ],
)
def test_somebody_is_visited_on_their_days(stop: Visited, days: list[int]):
    assert [day for day in range(1, 5) if stop.falls_on(date(2026, 3, day))] == days


def test_before_a_holiday_somebody_gets_what_their_days_ask_for():
    served = days_served(RunsOn(DAILY, OnHoliday.DAY_BEFORE, LONG_AGO), date(2026, 9, 30), OCTOBER)
    assert times(Visited(), served) == 8
    assert times(Visited(Alternate.ODD), served) == 4


def test_a_round_ends_on_its_day():
    rule = RunsOn(DAILY, OnHoliday.AS_USUAL, date(2026, 3, 2), date(2026, 3, 4))
    ran = [d for d in range(1, 6) if days_served(rule, date(2026, 3, d), OCTOBER)]
    assert ran == [2, 3]


@pytest.mark.parametrize(
    "rule",
    [
        RunsOn(frozenset(), OnHoliday.SKIP, LONG_AGO),
        RunsOn(frozenset({0}), OnHoliday.SKIP, LONG_AGO),
        RunsOn(DAILY, OnHoliday.SKIP, LONG_AGO, LONG_AGO),
        Visited(Alternate.NTH),
        Visited(Alternate.NTH, 1, LONG_AGO),
        Visited(Alternate.NTH, 3),
    ],
)
def test_a_rule_that_would_never_be_due_is_refused(rule: RunsOn | Visited):
    with pytest.raises(Invalid) as refused:
        rule.check()
    assert refused.value.code == "rule_incomplete"
