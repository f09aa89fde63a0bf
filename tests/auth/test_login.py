"""How long the next try has to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.auth.login import (
    FORGOTTEN_AFTER,
    LONGEST_WAIT,
    after_failure,
    seconds_to_wait,
    wait_after,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (12, 512), (13, 900), (5_000, 900)],
)
def test_the_wait_doubles_from_the_third_failure_to_a_quarter_of_an_hour(failures, seconds):
    assert wait_after(failures) == timedelta(seconds=seconds)


def test_three_typing_mistakes_cost_one_second():
    failures = None
    for _ in range(3):
        failures = after_failure(failures, NOON)
    assert seconds_to_wait(failures, NOON) == 1.0
    assert seconds_to_wait(failures, NOON + timedelta(seconds=1)) == 0.0


def test_an_hour_after_the_last_failure_all_is_forgotten():
    failures = None
    for _ in range(20):
        failures = after_failure(failures, NOON)
    later = NOON + FORGOTTEN_AFTER + timedelta(seconds=1)
    assert after_failure(failures, later).count == 1


@given(st.lists(st.integers(0, 7_200), max_size=60))
def test_nobody_is_ever_locked_out_for_more_than_a_quarter_of_an_hour(gaps):
    failures, now = None, NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        failures = after_failure(failures, now)
        assert seconds_to_wait(failures, now) <= LONGEST_WAIT.total_seconds()
