"""The day of one person: the ways between their tasks, and what nobody can do both of."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given, strategies as some

from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.desk.days import Piece, laid_out
from tests.support.field import later

WALKING = 80.0
HERE, FAR = Spot(40.0, 104.0), Spot(40.02, 104.0)
"""2.2 km apart: 28 minutes on foot."""


def piece(number: int, begins: float, minutes: int = 60, at: Spot | None = HERE) -> Piece:
    return Piece(UUID(int=number), later(minutes=begins), timedelta(minutes=minutes), at)


def test_a_gap_that_is_shorter_than_the_way_is_an_overlap():
    near, far = laid_out([piece(1, 0), piece(2, 70, at=FAR)], WALKING)
    assert (near.way_minutes, near.overlaps) == (None, False)
    assert (far.way_minutes, far.overlaps) == (28, True)


def test_a_gap_that_is_long_enough_is_none():
    assert not laid_out([piece(1, 0), piece(2, 90, at=FAR)], WALKING)[1].overlaps


def test_a_long_task_overlaps_also_what_comes_after_a_short_one():
    day = laid_out([piece(1, 0, 300), piece(2, 310, 10), piece(3, 100, 10)], WALKING)
    assert [each.overlaps for each in day] == [False, True, False]


def test_without_a_place_nobody_knows_the_way():
    assert laid_out([piece(1, 0), piece(2, 60, at=None)], WALKING)[1].way_minutes is None


@given(some.lists(some.tuples(some.integers(0, 600), some.integers(5, 120)), max_size=8))
def test_nothing_is_flagged_exactly_where_the_day_can_be_done_in_its_order(times):
    day = laid_out([piece(at, *each) for at, each in enumerate(times)], WALKING)
    free = all(
        one.piece.ends <= other.piece.begins
        for at, one in enumerate(day)
        for other in day[at + 1 :]
    )
    assert free == (not any(each.overlaps for each in day))
