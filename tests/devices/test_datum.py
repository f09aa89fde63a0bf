"""Datums are converted once, at the edge, and back to well below a metre."""

from __future__ import annotations

from math import cos, hypot, radians

import pytest
from hypothesis import given, strategies as st

from callcenter.devices.datum import to_wgs84, wgs84_to_gcj02
from callcenter.devices.signals import Datum, Position


def metres(a: Position, b: tuple[float, float]) -> float:
    north = (a.lat - b[0]) * 110_574
    east = (a.lng - b[1]) * 111_320 * cos(radians(a.lat))
    return hypot(north, east)


@given(st.floats(18, 54), st.floats(73, 135))
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
