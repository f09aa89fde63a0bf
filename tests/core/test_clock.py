"""The machine's clock, and the one that tests move."""

from __future__ import annotations

from datetime import UTC, timedelta

from callcenter.core.clock import Clock, SystemClock
from tests.support.clock import HandClock


def test_the_wall_clock_knows_its_zone_and_the_other_never_runs_backwards():
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    first = clock.monotonic()
    assert clock.monotonic() >= first


def test_the_clock_of_tests_stands_still_until_it_is_moved():
    clock: Clock = (hand := HandClock())
    now, at = clock.now(), clock.monotonic()
    assert (clock.now(), clock.monotonic()) == (now, at)
    hand.advance(2.5)
    assert (clock.now() - now, clock.monotonic() - at) == (timedelta(seconds=2.5), 2.5)
