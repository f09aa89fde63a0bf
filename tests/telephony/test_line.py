"""When somebody is there for a line."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from callcenter.telephony.line import Hours, Line, LineKind, unknown

WEEKDAYS = Hours(frozenset({1, 2, 3, 4, 5}), time(8), time(18))
EVENING = Hours(frozenset({6}), time(20), time(0))
FRIDAY, SATURDAY, SUNDAY = (datetime(2026, 11, day) for day in (13, 14, 15))  # noqa: DTZ001 - local


def line(kind: LineKind = LineKind.HOTLINE, *hours: Hours) -> Line:
    return Line("12349", kind, 7, hours=hours)


@pytest.mark.parametrize(
    ("day", "at", "is_there"),
    [
        (FRIDAY, time(7, 59, 59), False),
        (FRIDAY, time(8), True),
        (FRIDAY, time(17, 59, 59), True),
        (FRIDAY, time(18), False),
        (SATURDAY, time(12), False),
        (SATURDAY, time(23, 59, 59), True),
        (SUNDAY, time(0), False),
    ],
)
def test_from_the_first_minute_until_the_last(day: datetime, at: time, is_there: bool):
    staffed = line(LineKind.HOTLINE, WEEKDAYS, EVENING)
    assert staffed.is_staffed(datetime.combine(day, at)) is is_there


@pytest.mark.parametrize("kind", LineKind)
def test_only_help_is_there_whatever_the_hours_say(kind: LineKind):
    assert line(kind, WEEKDAYS).is_staffed(SUNDAY) is (kind is LineKind.RED)


@pytest.mark.parametrize("kind", LineKind)
def test_a_line_without_hours_never_closes(kind: LineKind):
    assert line(kind).is_staffed(SUNDAY)


def test_a_number_that_nobody_has_entered_rings_like_the_hotline_at_all_hours():
    nobodys = unknown("031100000", 3)
    assert (nobodys.kind, nobodys.region_id) == (LineKind.HOTLINE, 3)
    assert nobodys.is_staffed(SUNDAY)
