"""One address may ask so often, and nobody else waits for it."""

from __future__ import annotations

from callcenter.api.outside.pace import MOST_ADDRESSES, Pace


def asked(pace: Pace, address: str, now: float, times: int) -> int:
    """How many of these were let pass."""
    return sum(pace.wait_s(address, now) == 0 for _ in range(times))


def test_a_fifth_at_once_and_then_as_many_as_it_says():
    pace = Pace(60)
    assert asked(pace, "203.0.113.7", 0.0, 100) == 12
    assert asked(pace, "203.0.113.7", 1.0, 100) == 1
    assert asked(pace, "203.0.113.7", 61.0, 100) == 12
    assert sum(asked(pace, "203.0.113.8", float(second), 5) for second in range(600)) == 611


def test_who_is_refused_hears_when_to_come_again():
    pace = Pace(60)
    asked(pace, "203.0.113.7", 0.0, 12)
    wait_s = pace.wait_s("203.0.113.7", 0.0)
    assert wait_s == 1.0
    assert pace.wait_s("203.0.113.7", wait_s) == 0.0


def test_others_do_not_wait():
    pace = Pace(60)
    asked(pace, "203.0.113.7", 0.0, 1000)
    assert pace.wait_s("203.0.113.8", 0.0) == 0.0


def test_a_household_has_one_pace_whatever_address_of_its_network_it_takes():
    pace = Pace(60)
    assert sum(pace.wait_s(f"2001:db8:1:2::{n:x}", 0.0) == 0 for n in range(100)) == 12
    assert pace.wait_s("2001:db8:1:3::1", 0.0) == 0.0
    assert asked(pace, "203.0.113.7", 0.0, 12) == 12
    assert pace.wait_s("::ffff:203.0.113.7", 0.0) > 0
    assert pace.wait_s("no address", 0.0) == 0.0


def test_a_million_addresses_are_not_all_remembered():
    pace = Pace(60)
    for number in range(MOST_ADDRESSES + 500):
        pace.wait_s(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0.0)
    assert len(pace) == MOST_ADDRESSES
