"""When a neighbour's word is due, and when they are asked for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.rounds.pairs.due import is_asked, is_overdue, next_due
from tests.support.outbox import SHANGHAI

DUE = datetime(2026, 3, 14, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_is_due_at_the_end_of_an_afternoon_days_later():
    late_in_the_evening = datetime(2026, 3, 13, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert next_due(late_in_the_evening, 1, SHANGHAI) == DUE
    assert next_due(late_in_the_evening + timedelta(minutes=2), 1, SHANGHAI) == DUE + 24 * HOUR
    assert next_due(late_in_the_evening, 3, SHANGHAI) == DUE + 48 * HOUR


@pytest.mark.parametrize(
    ("now", "reminded", "asked"),
    [
        (DUE - 9 * HOUR, None, False),
        (DUE - 8 * HOUR, None, True),
        (DUE - 7 * HOUR, DUE - 8 * HOUR, False),
        (DUE - 8 * HOUR, DUE - 32 * HOUR, True),
        (DUE, None, False),
    ],
)
def test_they_are_asked_once_on_the_day(now: datetime, reminded: datetime | None, asked: bool):
    assert is_asked(DUE, reminded, now) is asked


def test_from_then_on_it_is_overdue():
    assert not is_overdue(DUE, DUE - timedelta(seconds=1))
    assert is_overdue(DUE, DUE)
