"""A bucket that fills with time."""

from __future__ import annotations

from callcenter.seats.allowance import Allowance


def test_it_gives_what_it_holds_and_no_more():
    allowance = Allowance(per_s=10, most=3)
    assert [allowance.takes(1, 100.0) for _ in range(5)] == [True, True, True, False, False]


def test_it_fills_with_time_up_to_its_brim():
    allowance = Allowance(per_s=8, most=3)
    assert allowance.takes(3, 100.0)
    assert not allowance.takes(1, 100.0625)
    assert allowance.takes(1, 100.125)
    assert allowance.takes(3, 1000.0)
    assert not allowance.takes(1, 1000.0)


def test_what_is_too_much_takes_nothing():
    allowance = Allowance(per_s=1, most=3)
    assert not allowance.takes(4, 0.0)
    assert allowance.takes(3, 0.0)


def test_a_clock_that_stands_still_gives_nothing_new():
    allowance = Allowance(per_s=1, most=1)
    assert allowance.takes(1, 5.0)
    assert not allowance.takes(1, 5.0)
    assert not allowance.takes(1, 4.0)
