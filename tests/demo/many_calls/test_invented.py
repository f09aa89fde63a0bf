"""Invented days: as many effective calls as were asked for, the peak where it was, and nobody at two telephones."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from callcenter.core.errors import Invalid
from callcenter.demo.many_calls.invented import InventedCall, Wanted, invented_days

SHANGHAI = ZoneInfo("Asia/Shanghai")


def wanted(days: int = 3, calls_a_day: int = 500, seats: int = 6, seed: int = 1) -> Wanted:
    return Wanted(
        date(2013, 1, 1),
        days,
        calls_a_day,
        SHANGHAI,
        range(1, seats + 1),
        ["asked"],
        ["wrong"],
        seed,
    )


def calls(of: Wanted) -> list[InventedCall]:
    return [call for day in invented_days(of) for call in day]


@settings(max_examples=15)
@given(st.integers(1, 4), st.integers(1, 300), st.integers(1, 10**6))
def test_two_of_five_are_effective_to_the_last_call(days, calls_a_day, seed):
    made = calls(wanted(days, calls_a_day, 12, seed))
    assert len(made) == days * calls_a_day
    effective = [each for each in made if each.disposition == "asked"]
    assert len(effective) == days * calls_a_day * 400 // 1000
    assert all(each.answered_at for each in effective)


def test_most_call_between_nine_and_eleven():
    hours = Counter(each.offered_at.astimezone(SHANGHAI).hour for each in calls(wanted(10, 1000)))
    assert {hour for hour, _ in hours.most_common(2)} == {9, 10}


def test_nobody_speaks_with_two_at_once_and_nobody_before_they_rang():
    spoken = defaultdict(list)
    for each in calls(wanted(2, 800, seats=3)):
        assert each.ended_at >= each.offered_at
        assert (each.answered_at is None) == (each.answered_by is None)
        if each.answered_at is not None:
            assert each.offered_at < each.answered_at < each.ended_at < each.wrapped_up_at
            spoken[each.answered_by].append((each.answered_at, each.wrapped_up_at))
    assert set(spoken) == {1, 2, 3}
    for one in spoken.values():
        one.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(one))


def test_the_same_seed_is_the_same_month():
    assert calls(wanted(seed=7)) == calls(wanted(seed=7))
    assert calls(wanted(seed=7)) != calls(wanted(seed=8))
    assert len({each.id for each in calls(wanted())}) == 1500


def test_too_few_seats_for_so_many_effective_calls_are_refused():
    with pytest.raises(Invalid, match="give more seats"):
        calls(wanted(1, 5000, seats=1))
