"""How long the next try has to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from callcenter.auth.login import (
    FORGOTTEN_AFTER,
    WITH_ALL,
    WITH_ONE,
    Told,
    after_failure,
    network_of,
    patience_with,
    seconds_to_wait,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (12, 512), (13, 900), (5_000, 900)],
)
def test_the_wait_doubles_from_the_third_failure_to_a_quarter_of_an_hour(failures, seconds):
    assert WITH_ONE.wait_after(failures) == timedelta(seconds=seconds)


def test_three_typing_mistakes_cost_one_second():
    failures = None
    for _ in range(3):
        failures = after_failure(failures, NOON, WITH_ONE)
    assert seconds_to_wait(failures, NOON) == 1.0
    assert seconds_to_wait(failures, NOON + timedelta(seconds=1)) == 0.0


def test_an_hour_after_the_last_failure_all_is_forgotten():
    failures = None
    for _ in range(20):
        failures = after_failure(failures, NOON, WITH_ONE)
    later = NOON + FORGOTTEN_AFTER + timedelta(seconds=1)
    assert after_failure(failures, later, WITH_ONE).count == 1


@given(st.lists(st.integers(0, 7_200), max_size=60))
def test_nobody_is_ever_locked_out_for_more_than_a_quarter_of_an_hour(gaps):
    failures, now = None, NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        failures = after_failure(failures, now, WITH_ONE)
        assert seconds_to_wait(failures, now) <= WITH_ONE.longest.total_seconds()


@pytest.mark.parametrize(
    ("failures", "seconds"), [(20, 0), (21, 1), (22, 2), (26, 32), (27, 60), (5_000, 60)]
)
def test_who_guesses_from_everywhere_waits_a_minute_at_most(failures, seconds):
    assert WITH_ALL.wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_stranger_has_one_network_however_many_addresses(address, network):
    assert network_of(address) == network


def test_tries_with_invented_names_are_told_so_many_a_minute_and_the_rest_is_counted():
    told = Told(per_minute=2)
    assert [told.one_more(NOON) for _ in range(5)] == [0, 0, None, None, None]
    later = NOON + timedelta(minutes=1)
    assert [told.one_more(later) for _ in range(3)] == [3, 0, None]
    assert told.one_more(later + timedelta(minutes=1)) == 1


def test_nobody_is_kept_from_a_browser_they_have_used_for_more_than_a_minute():
    patience = patience_with("browser AAAAAAAAAAAAAAAA")
    assert patience.wait_after(3) == timedelta(seconds=1)
    assert patience.wait_after(5_000) == timedelta(minutes=1)
    assert patience_with("10.0.0.7").wait_after(5_000) == timedelta(minutes=15)
