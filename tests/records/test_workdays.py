"""Deadlines in workdays across an October holiday with its make-up Saturday. The list is invented for the tests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.core.errors import Invalid
from callcenter.records.workdays import Calendar, add_workdays, workdays_between

CALENDAR = Calendar(
    worked={
        **{date(2030, 10, day): False for day in range(1, 8)},
        date(2030, 9, 28): True,  # a Saturday
        date(2030, 10, 12): True,  # a Saturday
    },
    years={2030},
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2030, 9, 27), True),
        (date(2030, 9, 28), True),
        (date(2030, 9, 29), False),
        (date(2030, 10, 1), False),
        (date(2030, 10, 12), True),
        (date(2030, 10, 13), False),
    ],
)
def test_the_list_goes_before_the_weekday(day, works):
    assert CALENDAR.is_workday(day) == works


@pytest.mark.parametrize(
    ("day", "workdays", "due"),
    [
        (date(2030, 9, 26), 5, date(2030, 10, 9)),  # 27, 28, 30 September, 8 and 9 October
        (date(2030, 10, 11), 1, date(2030, 10, 12)),
        (date(2030, 10, 5), 0, date(2030, 10, 5)),
    ],
)
def test_a_deadline_runs_across_the_holiday(day, workdays, due):
    assert add_workdays(CALENDAR, day, workdays) == due
    assert workdays_between(CALENDAR, day, due) == workdays


@pytest.mark.parametrize("day", [date(2030, 12, 30), date(2031, 3, 3)])
def test_a_year_that_is_missing_is_named(day):
    with pytest.raises(Invalid) as refused:
        add_workdays(CALENDAR, day, 5)
    assert (refused.value.code, refused.value.params["year"]) == ("calendar_year_missing", 2031)
    assert "2031" in refused.value.message


def test_no_deadline_lies_in_the_past():
    with pytest.raises(Invalid, match="below zero"):
        add_workdays(CALENDAR, date(2030, 5, 1), -1)


days = st.dates(date(2030, 1, 1), date(2030, 12, 31))


@given(days, days)
def test_workdays_are_counted_as_one_would_by_hand(first, last):
    sign = 1 if first <= last else -1
    begin, end = min(first, last), max(first, last)
    passed = [begin + timedelta(days=n) for n in range(1, (end - begin).days + 1)]
    assert workdays_between(CALENDAR, first, last) == sign * len(
        [day for day in passed if CALENDAR.is_workday(day)]
    )


@given(days, st.integers(1, 20))
def test_a_deadline_ends_on_a_workday_that_is_the_last_of_so_many(day, workdays):
    if day > date(2030, 11, 20):
        day -= timedelta(days=60)
    due = add_workdays(CALENDAR, day, workdays)
    assert CALENDAR.is_workday(due)
    assert workdays_between(CALENDAR, day, due) == workdays
