"""Who opens many wrong links waits, and nobody else."""

from __future__ import annotations

from callcenter.families.wrong import MOST, MOST_ADDRESSES, WITHIN_S, WrongLinks


def test_thirty_in_ten_minutes_and_no_more():
    wrong = WrongLinks()
    for second in range(MOST):
        assert not wrong.has_too_many("203.0.113.7", float(second))
        wrong.note("203.0.113.7", float(second))
    assert wrong.has_too_many("203.0.113.7", float(MOST))
    assert not wrong.has_too_many("203.0.113.8", float(MOST))
    assert not wrong.has_too_many("203.0.113.7", WITHIN_S)


def test_what_is_kept_is_bounded():
    wrong = WrongLinks()
    for number in range(MOST_ADDRESSES + 10):
        wrong.note(f"address {number}", 0.0)
    for _ in range(MOST * 3):
        wrong.note("address 3", 1.0)
    assert wrong.has_too_many("address 3", 2.0)
    assert not wrong.has_too_many("address 4", 2.0)
