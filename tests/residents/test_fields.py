"""Values of a resident as people write them; everything that is wrong is said at once."""

from __future__ import annotations

from datetime import date

import pytest

from callcenter.residents.fields import Reading
from callcenter.residents.problems import InvalidFields

TODAY = date(2026, 3, 14)


@pytest.fixture
def reading() -> Reading:
    return Reading(TODAY)


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in reading.problems]


def test_names_lose_their_odd_spaces_and_must_be_there(reading: Reading):
    assert reading.name("name", "  沈  玉兰 ") == "沈玉兰"
    assert codes(reading) == []
    reading.name("name", " ")
    reading.name("name", None)
    reading.name("name", "x" * 61)
    assert codes(reading) == [("name", "missing"), ("name", "missing"), ("name", "too_long")]


def test_numbers_become_e164_and_nothing_is_nothing(reading: Reading):
    assert reading.phone("phone", "139 0000 0001") == "+8613900000001"
    assert reading.phone("phone", " ") is None
    assert codes(reading) == []
    assert reading.phone("phone", "12") is None
    assert codes(reading) == [("phone", "not_a_phone_number")]


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(1943, 3, 1), None),
        (None, None),
        (TODAY, None),
        (date(2026, 3, 15), "unlikely_date"),
        (date(1889, 12, 31), "unlikely_date"),
    ],
)
def test_nobody_is_born_tomorrow_or_in_1889(reading: Reading, born: date | None, code: str | None):
    assert reading.birth_date("birth_date", born, None) == born
    assert codes(reading) == ([("birth_date", code)] if code else [])


@pytest.mark.parametrize(
    ("lat", "lng", "wrong"),
    [
        (40.0, 104.0, []),
        (None, None, []),
        (40.0, None, [("lng", "missing")]),
        (None, 104.0, [("lat", "missing")]),
        (91.0, 181.0, [("lat", "not_a_position"), ("lng", "not_a_position")]),
    ],
)
def test_a_position_is_whole_and_on_this_planet(
    reading: Reading, lat: float | None, lng: float | None, wrong: list[tuple[str, str]]
):
    reading.position(lat, lng)
    assert codes(reading) == wrong


def test_everything_that_is_wrong_is_raised_together(reading: Reading):
    reading.finish()
    reading.name("name", "")
    reading.short([("note", "x" * 2_001), ("access", None)])
    with pytest.raises(InvalidFields) as error:
        reading.finish()
    problems = error.value.params["problems"]
    assert [each["column"] for each in problems] == ["name", "note"]  # type: ignore[attr-defined]
