"""How many somebody may open within an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.alerts.emergency.pace import WITHIN, check_pace
from callcenter.core.errors import TooManyAttempts

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize("minutes", [(), (1, 2), (60, 70, 80, 90), (59, 58, 61)])
def test_so_many_are_free(minutes: tuple[int, ...]):
    check_pace(ago(*minutes), NOW, 3)


@pytest.mark.parametrize(
    ("minutes", "free_in"), [((10, 20, 30), 30), ((1, 2, 3, 4), 57), ((59, 5, 1), 1)]
)
def test_beyond_it_is_said_when_the_next_is_free(minutes: tuple[int, ...], free_in: int):
    with pytest.raises(TooManyAttempts) as refused:
        check_pace(ago(*minutes), NOW, 3)
    assert refused.value.retry_after_s == free_in * 60 < WITHIN.total_seconds()
