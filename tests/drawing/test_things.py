"""What is drawn becomes columns, or is refused by name."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from callcenter.core.errors import Invalid
from callcenter.drawing.things import (
    AreaThing,
    BuildingThing,
    PointThing,
    RoadThing,
    mark_of,
    state_of,
)

SQUARE = [[104.0, 40.0], [104.0, 40.001], [104.001, 40.001], [104.001, 40.0], [104.0, 40.0]]


def building(**fields):
    return BuildingThing.model_validate(
        {"name": "7号楼", "floors": 6, "footprint": SQUARE} | fields
    )


def test_a_building_is_kept_counterclockwise_to_the_centimetre_with_an_english_name():
    state = state_of(building(entrances=[{"name": "1", "position": [104.00051234567, 40.0]}]))
    assert state["footprint"][1] == [104.001, 40.0]
    assert state["name_en"] == "Building 7"
    assert state["entrances"] == [{"name": "1", "position": [104.0005123, 40.0], "footprint": None}]


@pytest.mark.parametrize(
    ("name", "english"), [("A座", "A座"), ("12栋", "Building 12"), ("门诊楼", "门诊楼")]
)
def test_a_name_without_number_stays_as_it_is(name, english):
    assert state_of(building(name=name))["name_en"] == english


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("ring_open", {"footprint": SQUARE[:-1]}),
        ("ring_crosses", {"footprint": [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]}),
        ("entrance_twice", {"entrances": [{"name": "1"}, {"name": "1"}]}),
        ("out_of_range", {"footprint": [[104, 97], [104, 98], [105, 98], [104, 97]]}),
    ],
)
def test_shapes_that_no_building_has(code, fields):
    with pytest.raises(Invalid) as refused:
        state_of(building(**fields))
    assert refused.value.code == code


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 200.0])
def test_numbers_that_are_no_longitude_are_no_body(number):
    with pytest.raises(ValidationError):
        RoadThing.model_validate({"line": [[number, 40.0], [104.0, 40.0]]})


def test_a_point_and_a_road():
    point = PointThing.model_validate({"kind": "clinic", "name": "卫生站", "lat": 40, "lng": 104})
    assert state_of(point) == {
        "kind": "clinic", "name": "卫生站", "name_en": "卫生站", "lat": 40.0, "lng": 104.0, "phone": None,
    }  # fmt: skip
    road = RoadThing.model_validate({"line": [[104.0, 40.0], [104.1, 40.0]]})
    assert state_of(road)["width_m"] == 6.0


def test_a_mark_changes_with_the_content_and_not_with_the_order():
    assert mark_of({"a": 1, "b": [1.5]}) == mark_of({"b": [1.5], "a": 1})
    assert mark_of({"a": 1}) != mark_of({"a": 2})


def test_an_area_is_kept_counterclockwise_and_needs_no_name():
    pond = AreaThing.model_validate({"kind": "water", "ring": SQUARE})
    assert state_of(pond) == {"kind": "water", "name": "", "name_en": "", "ring": SQUARE[::-1]}


def test_an_area_that_crosses_itself_is_refused():
    crossed = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
    with pytest.raises(Invalid) as refused:
        state_of(AreaThing.model_validate({"kind": "green", "ring": crossed}))
    assert refused.value.code == "ring_crosses"
