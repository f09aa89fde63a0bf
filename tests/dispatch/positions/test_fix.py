"""What is believed of a fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from callcenter.dispatch.models import PositionSource
from callcenter.dispatch.positions.fix import Fix, believed, newest, of_way

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
FIX = Fix(1, AT, 40.0, 104.0, 12.0, PositionSource.PAGE)


def after(seconds: int, staff_id: int = 1) -> Fix:
    return replace(FIX, staff_id=staff_id, at=AT + timedelta(seconds=seconds))


def test_an_accuracy_that_means_nothing_is_left_out() -> None:
    said = (12.0, 0.0, -1.0, float("nan"), float("inf"), 2e6, None)
    kept = [believed(replace(FIX, accuracy_m=each), AT).accuracy_m for each in said]
    assert kept == [12.0, 0.0, None, None, None, None, None]


def test_fixes_lie_in_the_order_in_which_rows_are_locked() -> None:
    given = [after(5, 2), after(9), after(0), after(0)]
    assert newest(given) == [after(0), after(9), after(5, 2)]


def test_the_way_has_a_fix_every_ten_seconds_of_each_person() -> None:
    given = [after(0), after(4), after(10), after(19), after(20), after(21, 2)]
    assert of_way(given, timedelta(seconds=10)) == [True, False, True, False, True, True]
