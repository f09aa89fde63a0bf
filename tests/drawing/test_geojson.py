"""A map goes out as GeoJSON and comes back as it was; a file with a mistake is refused as a whole."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.core.errors import Invalid
from callcenter.drawing.geojson import MOST_FEATURES, Drawn, read, written
from callcenter.drawing.things import (
    AreaThing,
    BuildingThing,
    PointThing,
    RoadThing,
    What,
    state_of,
)
from callcenter.residents.models import AreaKind, PointKind

LNG, LAT = 104.0, 40.0
RING = [[104.0, 40.0], [104.001, 40.0], [104.001, 40.001], [104.0, 40.001], [104.0, 40.0]]


def feature(kind, geometry, coordinates, **properties):
    return {
        "type": "Feature",
        "id": properties.pop("id", None),
        "properties": {"kind": kind, **properties},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def building(ring=RING, **said):
    return feature("building", "Polygon", [ring], **{"name": "7号楼", "floors": 6} | said)


def point(lng=LNG, lat=LAT, **said):
    return feature("point", "Point", [lng, lat], **{"point": "clinic", "name": "卫生站"} | said)


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def problems(*features, near=None):
    with pytest.raises(Invalid) as refused:
        read(collection(*features), near)
    assert refused.value.code == "geojson_refused"
    return [(each["feature"], each["code"]) for each in refused.value.params["problems"]]


# ---- there and back

degrees = st.floats(-0.02, 0.02).map(lambda off: round(off, 6))
words = st.text("楼里𠮷Aé7·", min_size=1, max_size=6)


@st.composite
def boxes(draw):
    west, south = LNG + draw(degrees), LAT + draw(degrees)
    east, north = west + draw(st.floats(1e-4, 1e-3)), south + draw(st.floats(1e-4, 1e-3))
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@st.composite
def buildings(draw):
    names = draw(st.lists(words, max_size=3, unique=True))
    positions = st.one_of(st.none(), st.tuples(degrees, degrees))
    entrances = [
        {"name": name, "position": place and [LNG + place[0], LAT + place[1]],
         "footprint": draw(st.one_of(st.none(), boxes()))}
        for name in names
        for place in [draw(positions)]
    ]  # fmt: skip
    said = {
        "name": draw(words), "estate": draw(words), "floors": draw(st.integers(1, 99)), "lift": draw(st.booleans()),
        "floor_height_m": draw(st.sampled_from([2.8, 3.0, 3.6])), "footprint": draw(boxes()), "entrances": entrances,
    }  # fmt: skip
    return Drawn(What.BUILDING, state_of(BuildingThing.model_validate(said)))


@st.composite
def roads(draw):
    line = draw(st.lists(st.tuples(degrees, degrees), min_size=2, max_size=5))
    said = {
        "name": draw(st.text("路东é", max_size=4)),
        "width_m": draw(st.sampled_from([3.0, 6.5, 12.0])),
        "line": [[LNG + x, LAT + y] for x, y in line],
    }
    return Drawn(What.ROAD, state_of(RoadThing.model_validate(said)))


@st.composite
def areas(draw):
    said = {
        "kind": draw(st.sampled_from(AreaKind)),
        "name": draw(st.text("绿水é", max_size=4)),
        "ring": draw(boxes()),
    }
    return Drawn(What.AREA, state_of(AreaThing.model_validate(said)))


@st.composite
def points(draw):
    said = {
        "kind": draw(st.sampled_from(PointKind)), "name": draw(words), "lng": LNG + draw(degrees),
        "lat": LAT + draw(degrees), "phone": draw(st.sampled_from([None, "+8613900000001"])),
    }  # fmt: skip
    return Drawn(What.POINT, state_of(PointThing.model_validate(said)))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # cores are shared
@given(
    st.lists(
        st.one_of(buildings(), roads(), areas(), points()),
        max_size=5,
        unique_by=lambda one: (one.what, one.state["name"]),
    )
)
def test_what_goes_out_comes_back_as_it_was(things):
    out = written([(one.what, number, one.state) for number, one in enumerate(things, start=1)])
    back = read(json.loads(json.dumps(out)))
    assert back == things
    again = written([(one.what, number, one.state) for number, one in enumerate(back, start=1)])
    assert again == out


# ---- refused, with which feature and why

BOW_TIE = [RING[0], RING[2], RING[1], RING[3], RING[0]]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("ring_crosses", building(BOW_TIE)),
        ("ring_crosses", feature("area", "Polygon", [BOW_TIE], area="green")),
        ("wrong_property", feature("area", "Polygon", [RING], area="lava")),
        ("wrong_geometry", feature("area", "LineString", RING, area="water")),
        ("ring_open", building(RING[:-1])),
        ("ring_too_short", building([RING[0], RING[1], RING[0]])),
        ("ring_has_holes", feature("building", "Polygon", [RING, RING], name="x", floors=1)),
        ("wrong_geometry", feature("building", "MultiPolygon", [[RING]], name="x", floors=1)),
        ("wrong_geometry", feature("road", "Point", [LNG, LAT])),
        ("wrong_geometry", {"type": "Feature", "properties": {"kind": "road"}, "geometry": None}),
        ("not_a_position", point("104", 40)),
        ("not_a_position", point(float("nan"), 40)),
        ("not_a_position", point(10**400, 40)),
        ("not_a_position", feature("road", "LineString", [[1], [2]])),
        ("not_a_position", feature("road", "LineString", None)),
        ("out_of_range", point(904.0, 40.0)),
        ("out_of_range", point(104.0, 90.5)),
        ("swapped", point(40.0, 104.0)),
        ("swapped", point(43.8, 87.6)),  # Urumqi, the wrong way round
        ("unknown_kind", feature("tree", "Point", [LNG, LAT])),
        ("unknown_kind", {"type": "Feature", "properties": None, "geometry": None}),
        ("not_a_feature", {"type": "Polygon"}),
        ("not_a_feature", "x"),
        ("wrong_property", building(floors=0)),
        ("wrong_property", building(name="")),
        ("wrong_property", point(point="volcano")),
        ("wrong_phone", point(phone="12")),
        ("wrong_property", feature("road", "LineString", [[LNG, LAT]])),
        ("no_such_building", feature("entrance", "Point", [LNG, LAT], name="1", building="b9")),
        ("there_twice", building()),
    ],
)
def test_one_wrong_feature_refuses_the_file_and_is_named(code, wrong):
    assert problems(building(), wrong) == [(2, code)]


def test_all_mistakes_are_told_at_once_with_the_ids_of_their_features():
    with pytest.raises(Invalid) as refused:
        read(collection(building(BOW_TIE, id="b1"), point(), point(200.0, 95.0, id="p2", name="x")))
    assert refused.value.params["problems"] == [
        {"feature": 1, "id": "b1", "code": "ring_crosses"},
        {"feature": 3, "id": "p2", "code": "out_of_range"},
    ]


def test_degrees_the_wrong_way_round_are_seen_by_what_the_region_has_drawn():
    assert problems(point(39.5, 76.0), near=(76.0, 39.5)) == [(1, "swapped")]  # Kashgar
    assert problems(point(116.4, 39.9), near=(76.0, 39.5)) == [(1, "far_away")]
    assert problems(point(76.0, 39.5), point(39.5, 76.0, name="x")) == [(2, "swapped")]


def test_an_entrance_is_there_once():
    entrance = feature("entrance", "Point", [LNG, LAT], name="1", building="b1")
    assert problems(building(id="b1"), entrance, deepcopy(entrance)) == [(3, "entrance_twice")]


def test_a_height_above_the_sea_and_other_peoples_properties_are_left_out():
    (drawn,) = read(
        collection(
            feature("point", "Point", [LNG, LAT, 12.5], point="gate", name="北门", colour="red")
        )
    )
    assert (drawn.state["lng"], drawn.state["lat"]) == (LNG, LAT)
    assert "colour" not in drawn.state


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "x",
        {},
        {"type": "Feature"},
        {"type": "FeatureCollection"},
        {"type": "FeatureCollection", "features": {}},
    ],
)
def test_what_is_no_collection(wrong):
    with pytest.raises(Invalid) as refused:
        read(wrong)
    assert refused.value.code == "not_geojson"


def test_more_features_than_a_community_has_are_not_even_looked_at():
    with pytest.raises(Invalid) as refused:
        read(collection(*["x"] * (MOST_FEATURES + 1)))
    assert refused.value.code == "too_many_features"
    assert refused.value.params == {"features": MOST_FEATURES + 1, "most": MOST_FEATURES}


def test_more_corners_than_anybody_draws_are_refused():
    line = [[LNG + n * 1e-7, LAT] for n in range(500)]
    named = [feature("road", "LineString", line, name=str(n)) for n in range(42)]
    assert {code for _, code in problems(*named)} == {"too_many_positions"}
