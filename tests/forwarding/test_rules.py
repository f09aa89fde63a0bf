"""What a rule says of an alarm at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.forwarding.rules import MOST_HOPS, Mode, Rule, Standing, Why, judge

AT = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
RULE = Rule(1, 7, 10, Mode.UNTAKEN, after_s=60)
ALARM = Standing(new_id(), (1, 10, 11), "sos", 1, waits=True, rang_at=AT)
LATER = AT + timedelta(seconds=60)


@pytest.mark.parametrize(
    ("rule", "alarm", "manned", "now", "why"),
    [
        (RULE, ALARM, True, LATER, Why.NOW),
        (RULE, ALARM, True, LATER - timedelta(seconds=1), Why.LATER),
        (RULE, replace(ALARM, waits=False), True, LATER, Why.TAKEN),
        (replace(RULE, mode=Mode.ALWAYS), replace(ALARM, waits=False), True, LATER, Why.NOW),
        (replace(RULE, mode=Mode.UNMANNED), ALARM, True, LATER, Why.MANNED),
        (replace(RULE, mode=Mode.UNMANNED), ALARM, False, LATER, Why.NOW),
        (replace(RULE, region_id=99), ALARM, False, LATER, Why.ELSEWHERE),
        (replace(RULE, kinds=("smoke",)), ALARM, False, LATER, Why.OTHER_KIND),
        (replace(RULE, least_priority=1), replace(ALARM, priority=2), False, LATER, Why.OTHER_KIND),
        (RULE, replace(ALARM, came_from=7), False, LATER, Why.FROM_THERE),
        (RULE, replace(ALARM, hops=MOST_HOPS), False, LATER, Why.FROM_THERE),
        (replace(RULE, begins=300, ends=600), ALARM, False, LATER, Why.OTHER_HOUR),
        (replace(RULE, begins=1320, ends=360), ALARM, False, LATER, Why.NOW),
    ],
)
def test_each_condition_alone_keeps_it_here(rule, alarm, manned, now, why):
    assert judge(rule, alarm, manned=manned, now=now) is why


def test_a_night_ends_at_its_minute_and_equal_times_are_a_whole_day():
    night = replace(RULE, begins=1320, ends=360)
    assert [night.holds_at(minute) for minute in (1319, 1320, 1439, 0, 359, 360)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert all(RULE.holds_at(minute) for minute in (0, 719, 1439))
