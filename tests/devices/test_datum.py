"""Datums are converted once, at the edge, and back to well below a metre."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest
from hypothesis import given, strategies as st

from callcenter.devices.datum import datum_named, locate, to_wgs84, wgs84_to_gcj02
from callcenter.devices.signals import Datum, Position


def metres(a: Position, b: tuple[float, float]) -> float:
    north = (a.lat - b[0]) * 110_574
    east = (a.lng - b[1]) * 111_320 * cos(radians(a.lat))
    return hypot(north, east)


@given(st.floats(30, 42), st.floats(80, 120))
def test_gcj02_comes_back_to_where_it_was(lat: float, lng: float) -> None:
    shifted = wgs84_to_gcj02(lat, lng)
    assert metres(to_wgs84(*shifted, Datum.GCJ02), (lat, lng)) < 0.001


def test_a_wrong_datum_would_send_help_to_another_block() -> None:
    shanghai = (31.2304, 121.4737)
    shifted = wgs84_to_gcj02(*shanghai)
    assert metres(Position(*shanghai), shifted) == pytest.approx(481, abs=5)


def test_wgs84_is_left_alone() -> None:
    assert to_wgs84(40.0, 104.0, Datum.WGS84) == Position(40.0, 104.0)


def test_the_forward_formula_agrees_with_published_values() -> None:
    # As the coordtransform package (npm, MIT) documents them.
    assert wgs84_to_gcj02(39.915, 116.404) == pytest.approx((39.91640428150164, 116.41024449916938))


def test_bd09_is_undone_before_gcj02() -> None:
    gcj02 = (
        39.90865673957631,
        116.39762729119315,
    )  # of BD-09 39.915, 116.404, from the same source
    found = to_wgs84(39.915, 116.404, Datum.BD09)
    assert (
        metres(found, (to_wgs84(*gcj02, Datum.GCJ02).lat, to_wgs84(*gcj02, Datum.GCJ02).lng)) < 0.01
    )


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize(
    ("place", "lat", "lng"),
    [
        ("Seoul", 37.566, 126.978),
        ("Hanoi", 21.028, 105.854),
        ("Delhi", 28.614, 77.209),
        ("Ulaanbaatar", 47.921, 106.918),
        ("Vladivostok", 43.115, 131.886),
        ("Tokyo", 35.689, 139.692),
        ("London", 51.507, -0.128),
        ("the date line", 10.0, -180.0),
        ("the south pole", -90.0, 0.0),
        ("the north pole", 90.0, 180.0),
    ],
)
def test_nothing_is_shifted_where_no_map_obfuscates(
    datum: Datum, place: str, lat: float, lng: float
):
    assert locate(lat, lng, datum) == (Position(lat, lng), ()), place


@pytest.mark.parametrize(
    ("place", "lat", "lng"),
    [
        ("Beijing", 39.904, 116.407),
        ("Ürümqi", 43.825, 87.617),
        ("Kashgar", 39.468, 75.994),
        ("Lhasa", 29.652, 91.172),
        ("Sanya", 18.253, 109.512),
        ("Heihe", 50.245, 127.528),
        ("Fuyuan", 48.365, 134.293),
        ("Dandong", 40.129, 124.394),
        ("Hong Kong", 22.319, 114.169),
    ],
)
def test_in_china_an_obfuscated_position_comes_back(place: str, lat: float, lng: float):
    found, flags = locate(*wgs84_to_gcj02(lat, lng), Datum.GCJ02)
    assert found is not None, place
    assert metres(found, (lat, lng)) < 0.001
    assert flags == ()


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize(
    ("lat", "lng", "flag"),
    [
        (0.0, 0.0, "position_zero"),
        (-0.0, 0.0001, "position_zero"),
        (90.1, 104.0, "position_not_read"),
        (40.0, -180.1, "position_not_read"),
        (float("nan"), 104.0, "position_not_read"),
        (40.0, float("inf"), "position_not_read"),
    ],
)
def test_what_is_no_place_is_no_position(lat: float, lng: float, flag: str, datum: Datum):
    assert locate(lat, lng, datum) == (None, (flag,))


@pytest.mark.parametrize(
    ("datum", "names"),
    [
        (Datum.WGS84, ["wgs84", "WGS-84", "WGS 84", "EPSG:4326", "4326", "gps", "CGCS2000"]),
        (
            Datum.GCJ02,
            ["gcj02", "GCJ-02", "gcj", "ＧＣＪ０２", "火星坐标", "amap", "高德", "tencent"],
        ),
        (Datum.BD09, ["bd09", "BD-09", "bd09ll", "baidu", "百度"]),
        (Datum.WGS84, ["urn:ogc:def:crs:EPSG::4326"]),
        (None, ["", "utm", "bd09mc", "mars", "84"]),
    ],
)
def test_a_datum_is_known_by_what_services_call_it(datum: Datum | None, names: list[str]) -> None:
    assert [datum_named(name) for name in names] == [datum] * len(names)
