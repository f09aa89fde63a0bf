"""Whenever the stories begin, it is the morning of their site, and no midnight is near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.site_zone import zone_of_morning

A_DAY = [
    datetime(2026, 11, 28, 0, 7, tzinfo=UTC) + timedelta(minutes=n) for n in range(0, 1440, 23)
]


@pytest.mark.parametrize("now", A_DAY)
def test_it_is_ten_o_clock_give_or_take_half_an_hour(now):
    local = now.astimezone(ZoneInfo(zone_of_morning(now)))
    assert abs(local.hour * 60 + local.minute - 600) <= 30
