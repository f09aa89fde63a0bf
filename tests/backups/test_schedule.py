"""When the daily copy is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.backups.schedule import drill_is_due, is_due
from callcenter.core.last_copy import Kind, LastCopy

ZONE = ZoneInfo("Asia/Shanghai")
AT = time(3, 10)
PASSED = datetime(2026, 11, 28, 3, 10, tzinfo=ZONE)


def last(at: datetime, *, ok: bool = True) -> LastCopy:
    return LastCopy(at, Kind.BACKUP, ok, "/mnt/backup")


@pytest.mark.parametrize(
    ("now", "before", "due"),
    [
        (PASSED - timedelta(minutes=1), last(PASSED - timedelta(days=1)), False),
        (PASSED, last(PASSED - timedelta(days=1)), True),
        (PASSED + timedelta(hours=12), last(PASSED + timedelta(minutes=1)), False),
        (PASSED + timedelta(hours=12), last(PASSED - timedelta(days=1)), True),
        (PASSED + timedelta(hours=12), None, True),
        (PASSED + timedelta(minutes=30), last(PASSED, ok=False), False),
        (PASSED + timedelta(minutes=60), last(PASSED, ok=False), True),
    ],
)
def test_it_is_taken_once_a_day_made_up_for_and_tried_again(now, before, due):
    assert is_due(now.astimezone(UTC), AT, ZONE, before) is due


def test_a_drill_is_due_by_days_and_soon_where_one_failed():
    week, now = timedelta(days=7), PASSED
    assert drill_is_due(now, week, None)
    assert drill_is_due(now, week, last(now - timedelta(days=1), ok=False))
    assert drill_is_due(now, week, last(now - timedelta(days=6, hours=23)))
    assert not drill_is_due(now, week, last(now - timedelta(days=6)))
    assert not drill_is_due(now, timedelta(0), None)
