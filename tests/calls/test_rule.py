"""When a call is due: by the site's clock, each day once, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from callcenter.calls.rule import LONGEST_GAP, Every, Rule, due_until, next_after
from callcenter.core.errors import Invalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HALF_PAST_NINE = time(9, 30)
SATURDAY = datetime(2026, 3, 14, 9, 0, tzinfo=SHANGHAI)

RULES = {
    Every.DAILY: Rule(Every.DAILY, HALF_PAST_NINE),
    Every.WEEKDAYS: Rule(Every.WEEKDAYS, HALF_PAST_NINE),
    Every.WEEKLY: Rule(Every.WEEKLY, HALF_PAST_NINE, weekday=3),
    Every.MONTHLY: Rule(Every.MONTHLY, HALF_PAST_NINE, month_day=28),
}


@pytest.mark.parametrize(
    ("every", "days"),
    [
        (Every.DAILY, ["03-14", "03-15", "03-16"]),
        (Every.WEEKDAYS, ["03-16", "03-17", "03-18"]),
        (Every.WEEKLY, ["03-18", "03-25", "04-01"]),
        (Every.MONTHLY, ["03-28", "04-28", "05-28"]),
    ],
)
def test_the_days_of_a_rule(every: Every, days: list[str]):
    moment, found = SATURDAY, []
    for _ in days:
        occurrence = next_after(RULES[every], moment, SHANGHAI)
        found.append(occurrence.day.strftime("%m-%d"))
        assert occurrence.at.astimezone(SHANGHAI).time() == HALF_PAST_NINE
        moment = occurrence.at
    assert found == days


def test_the_moment_itself_is_due_and_the_next_one_is_later():
    at = SATURDAY.replace(hour=9, minute=30)
    assert [each.at for each in due_until(RULES[Every.DAILY], at, at, SHANGHAI)] == [at]
    assert next_after(RULES[Every.DAILY], at, SHANGHAI).at == at + timedelta(days=1)


def test_nothing_is_due_before_its_time():
    assert due_until(RULES[Every.DAILY], SATURDAY.replace(minute=30), SATURDAY, SHANGHAI) == []


def test_after_a_year_without_a_server_only_a_month_is_written_down():
    due = due_until(RULES[Every.DAILY], SATURDAY - timedelta(days=400), SATURDAY, SHANGHAI)
    assert len(due) == 31
    assert due[-1].day == date(2026, 3, 13)


def test_a_time_that_a_night_leaves_out_or_has_twice_is_due_once():
    at_half_past_two = Rule(Every.DAILY, time(2, 30))
    for short_or_long in (date(2026, 3, 29), date(2026, 10, 25)):
        begin = datetime.combine(short_or_long, time(), BERLIN)
        due = due_until(at_half_past_two, begin, begin + timedelta(days=1), BERLIN)
        assert [each.day for each in due] == [short_or_long]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Every.WEEKLY, HALF_PAST_NINE),
        Rule(Every.WEEKLY, HALF_PAST_NINE, weekday=8),
        Rule(Every.MONTHLY, HALF_PAST_NINE),
        Rule(Every.MONTHLY, HALF_PAST_NINE, month_day=31),
    ],
)
def test_a_rule_that_would_never_be_due_is_refused(rule: Rule):
    with pytest.raises(Invalid) as refused:
        rule.check()
    assert refused.value.code == "rule_incomplete"


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 - made aware below
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(st.sampled_from(Every), MOMENTS, st.sampled_from([SHANGHAI, BERLIN]))
def test_the_next_one_is_never_further_than_the_longest_gap(
    every: Every, moment: datetime, zone: ZoneInfo
):
    following = next_after(RULES[every].check(), moment, zone).at
    assert timedelta() < following - moment <= LONGEST_GAP[every]


@given(st.sampled_from(Every), MOMENTS, st.integers(0, 30 * 24 * 60))
def test_what_is_due_in_two_steps_is_what_is_due_in_one(
    every: Every, first: datetime, minutes: int
):
    end = first + timedelta(days=30)
    middle = first + timedelta(minutes=minutes)
    rule = RULES[every]
    before = due_until(rule, first, middle, SHANGHAI)
    after = due_until(rule, next_after(rule, middle, SHANGHAI).at, end, SHANGHAI)
    assert before + after == due_until(rule, first, end, SHANGHAI)
