"""A desk that asks every two seconds leaves one look a person and day in the trail."""

from __future__ import annotations

from datetime import date

from callcenter.dispatch.desk.looks import Looks

TODAY, TOMORROW = date(2026, 11, 12), date(2026, 11, 13)


def test_each_is_new_once_a_day_to_each_user():
    looks = Looks()
    assert looks.new_to(1, [5, 3, 5], TODAY) == [3, 5]
    assert looks.new_to(1, [3, 4], TODAY) == [4]
    assert looks.new_to(2, [3], TODAY) == [3]
    assert looks.new_to(1, [3], TOMORROW) == [3]


def test_what_is_forgotten_is_written_once_more():
    looks = Looks(most=2)
    looks.new_to(1, [1, 2, 3], TODAY)
    assert looks.new_to(1, [1], TODAY) == [1]
