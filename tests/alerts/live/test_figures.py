"""The live figures as sums of regions, and their targets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callcenter.alerts.live.figures import (
    MOST_LATE,
    TARGETS,
    OpenCount,
    Opened,
    Reading,
    Requests,
    Taking,
    Today,
    Waiting,
    figures,
    is_late,
    midnight,
)
from callcenter.core.ids import new_id

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ROOT, EAST, WEST = 1, 2, 3
IN_EAST, IN_WEST = (ROOT, EAST), (ROOT, WEST)
NOTHING = Reading(NOW, NOW, "Asia/Shanghai", (), (), (), (), ())


def waiting(number: int, seconds: float, **fields: Any) -> Waiting:
    values: dict[str, Any] = {"kind": "sos", "priority": 1, "why": "untaken"} | fields
    return Waiting(new_id(), number, since=NOW - timedelta(seconds=seconds), **values)


@pytest.mark.parametrize(
    ("decided", "met", "reached"),
    [(0, 0, None), (1, 1, True), (1, 0, False), (40, 39, True), (41, 39, False), (1_000, 975, True), (1_000, 974, False)],
)  # fmt: skip
def test_a_target_is_reached_exactly_or_not(decided: int, met: int, reached: bool | None):
    reading = replace(NOTHING, takings=[Taking(IN_EAST, "today", 60, decided, met)])
    level = figures(reading, {ROOT}).service_today[2]
    assert (level.seconds, level.permille, level.decided, level.met) == (60, 975, decided, met)
    assert level.reached is reached


def test_the_targets_are_four_and_the_windows_are_kept_apart():
    reading = replace(NOTHING, takings=[Taking(IN_EAST, "now", 15, 4, 3)])
    found = figures(reading, {ROOT})
    assert [(each.seconds, each.permille) for each in found.service_now] == [
        (15, 900), (20, 950), (60, 975), (180, 990),
    ]  # fmt: skip
    assert found.service_now[0].decided == 4
    assert [each.decided for each in found.service_today] == [0] * len(TARGETS)


def test_each_sees_the_sum_of_their_own_regions():
    reading = replace(
        NOTHING,
        takings=[Taking(IN_EAST, "now", 15, 2, 2), Taking(IN_WEST, "now", 15, 3, 1)],
        waiting=[(IN_EAST, waiting(7, 90)), (IN_WEST, waiting(8, 300))],
        late=[(IN_EAST, 1), (IN_WEST, 4)],
        open=[(IN_EAST, OpenCount("alarm", "waiting", 1, 2)), (IN_WEST, OpenCount("alarm", "waiting", 1, 3))],
        opened=[Opened(IN_EAST, "alarm", "emergency", 2), Opened(IN_WEST, "alarm", None, 5), Opened(IN_WEST, "technical", None, 9)],
    )  # fmt: skip
    whole, east = figures(reading, {ROOT}, {ROOT}), figures(reading, {EAST}, {EAST})
    assert (whole.service_now[0].decided, whole.service_now[0].met) == (5, 3)
    assert (east.service_now[0].decided, east.service_now[0].met) == (2, 2)
    assert whole.longest_waiting is not None
    assert whole.longest_waiting.number == 8
    assert [one.number for one in whole.late] == [8, 7]
    assert [one.number for one in east.late] == [7]
    assert (whole.late_count, east.late_count) == (5, 1)
    assert whole.open == [OpenCount("alarm", "waiting", 1, 5)]
    assert east.open == [OpenCount("alarm", "waiting", 1, 2)]
    assert whole.today == Today(7, 2, {"emergency": 2}, 9, 0)
    assert east.today == Today(2, 2, {"emergency": 2}, 0, 0)


def test_whoever_sees_figures_alone_is_told_of_no_single_incident():
    reading = replace(NOTHING, waiting=[(IN_EAST, waiting(7, 90))], late=[(IN_EAST, 1)])
    official = figures(reading, {ROOT})
    assert (official.longest_waiting, official.late, official.late_count) == (None, [], 1)
    assert figures(reading, {ROOT}, {WEST}).late == []


@pytest.mark.parametrize(
    ("one", "late"),
    [
        (waiting(1, 60), False),
        (waiting(1, 60.1), True),
        (waiting(1, 0, why="follow_up"), True),
    ],
)
def test_an_alarm_is_late_after_a_minute_and_a_call_at_once(one: Waiting, late: bool):
    assert is_late(one, NOW) is late


def test_a_call_that_is_due_is_no_alarm_that_nobody_has_taken():
    reading = replace(NOTHING, waiting=[(IN_EAST, waiting(7, 900, why="follow_up"))])
    found = figures(reading, {ROOT}, {ROOT})
    assert found.longest_waiting is None
    assert [one.number for one in found.late] == [7]


def test_the_list_of_the_late_has_an_end():
    many = [(IN_EAST, waiting(number, 61 + number)) for number in range(MOST_LATE + 5)]
    late = figures(replace(NOTHING, waiting=many), {ROOT}, {ROOT}).late
    assert [one.number for one in late] == list(range(MOST_LATE + 4, 4, -1))


def test_the_day_begins_at_midnight_of_the_site():
    zone = ZoneInfo("Asia/Shanghai")
    evening = datetime(2026, 3, 14, 16, 30, tzinfo=UTC)  # half past midnight there
    assert midnight(evening, zone) == datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
    assert midnight(evening - timedelta(hours=1), zone) == datetime(2026, 3, 13, 16, tzinfo=UTC)


def test_requests_for_service_are_counted_apart():
    requests = [(IN_EAST, Requests(3, 2, 1)), (IN_WEST, Requests(1, 1, 0))]
    reading = replace(NOTHING, requests=requests)
    assert figures(reading, {ROOT}).requests == Requests(open=4, waiting=3, late=1)
    assert figures(reading, {WEST}).requests == Requests(1, 1, 0)
    assert figures(NOTHING, {ROOT}).requests == Requests()
