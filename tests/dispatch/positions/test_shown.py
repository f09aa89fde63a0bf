"""Which dots a reader is told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from callcenter.dispatch.positions.shown import MOST_GONE, Dot, Field

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
EAST, WEST = frozenset({2}), frozenset({3})


def dot(staff_id: int, region: int = 2, lat: float = 40.0) -> Dot:
    return Dot(
        staff_id, f"n{staff_id}", ["caregiver"], region, [1, region], AT, lat, 104, None, "page"
    )


def test_a_new_reader_gets_everybody_of_its_regions() -> None:
    field = Field().next([dot(1), dot(2, region=3)])
    told = field.since(None, EAST)
    assert (told.whole, [each.staff_id for each in told.dots]) == (True, [1])
    assert len(field.since(None, frozenset({1})).dots) == 2


def test_who_reads_on_gets_what_changed() -> None:
    field = Field().next([dot(1), dot(2)])
    before = field.revision
    field = field.next([dot(1), dot(2, lat=40.1)])
    told = field.since(before, EAST)
    assert (told.whole, [each.staff_id for each in told.dots], told.gone) == (False, [2], [])
    assert not field.since(field.revision, EAST).dots


def test_nothing_new_is_no_new_revision() -> None:
    field = Field().next([dot(1)])
    assert field.next([dot(1)]).revision == field.revision


def test_who_went_off_duty_is_gone_until_they_are_back() -> None:
    field = Field().next([dot(1), dot(2)])
    before = field.revision
    field = field.next([dot(2)])
    assert (field.since(before, EAST).gone, field.since(before, WEST).gone) == ([1], [])
    back = field.next([dot(1), dot(2)]).since(before, EAST)
    assert (back.gone, [each.staff_id for each in back.dots]) == ([], [1])


def test_who_works_in_another_region_now_is_gone_from_the_old_one() -> None:
    field = Field().next([dot(1)])
    before = field.revision
    field = field.next([replace(dot(1), region_id=3, region_path=[1, 3])])
    assert (field.since(before, EAST).gone, field.since(before, EAST).dots) == ([1], [])
    assert [each.staff_id for each in field.since(before, WEST).dots] == [1]


def test_a_cursor_of_before_what_is_remembered_gets_everything() -> None:
    field = Field().next([dot(n) for n in range(MOST_GONE + 3)])
    before = field.revision
    field = field.next([dot(n) for n in range(MOST_GONE + 2)])
    after_the_first = field.revision
    field = field.next([dot(0)])
    told = field.since(before, EAST)
    assert (told.whole, [each.staff_id for each in told.dots]) == (True, [0])
    assert field.since(after_the_first, EAST).whole
    assert not field.since(field.revision, EAST).whole


def test_a_cursor_from_the_future_gets_everything() -> None:
    field = Field().next([dot(1)])
    assert field.since(field.revision + 7, EAST).whole
