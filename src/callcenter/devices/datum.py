"""Positions of other datums into WGS-84, once, at the edge. Pure.

GCJ-02 and BD-09 are the obfuscated datums of Chinese map services (up to about 600 m off). The forward formula is the one
published in open converters; the inverse is its fixed point, exact to well below a millimetre. Which datum a position has
is what its source declares, never guessed from the place.
"""

from __future__ import annotations

from math import atan2, cos, pi, radians, sin, sqrt

from callcenter.devices.signals import Datum, Position

_SEMI_MAJOR_AXIS_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_X_PI = pi * 3000.0 / 180.0
_ROUNDS = 12
"""Each round of the fixed point gains about three digits; four would do."""


def to_wgs84(lat: float, lng: float, datum: Datum) -> Position:
    """Degrees in `datum` as a WGS-84 position."""
    if datum is Datum.BD09:
        lat, lng = _bd09_to_gcj02(lat, lng)
    if datum is not Datum.WGS84:
        lat, lng = _gcj02_to_wgs84(lat, lng)
    return Position(lat, lng)


def wgs84_to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    """The forward formula."""
    x, y = lng - 105.0, lat - 35.0
    phi = radians(lat)
    magic = 1 - _ECCENTRICITY_SQUARED * sin(phi) ** 2
    metres_lat = (_SEMI_MAJOR_AXIS_M * (1 - _ECCENTRICITY_SQUARED)) / (magic * sqrt(magic))
    metres_lng = _SEMI_MAJOR_AXIS_M / sqrt(magic) * cos(phi)
    return (
        lat + _shift_lat(x, y) * 180.0 / (metres_lat * pi),
        lng + _shift_lng(x, y) * 180.0 / (metres_lng * pi),
    )


def _gcj02_to_wgs84(lat: float, lng: float) -> tuple[float, float]:
    found_lat, found_lng = lat, lng
    for _ in range(_ROUNDS):
        there_lat, there_lng = wgs84_to_gcj02(found_lat, found_lng)
        found_lat += lat - there_lat
        found_lng += lng - there_lng
    return found_lat, found_lng


def _bd09_to_gcj02(lat: float, lng: float) -> tuple[float, float]:
    x, y = lng - 0.0065, lat - 0.006
    distance = sqrt(x * x + y * y) - 0.00002 * sin(y * _BD_X_PI)
    angle = atan2(y, x) - 0.000003 * cos(x * _BD_X_PI)
    return distance * sin(angle), distance * cos(angle)


def _shift_lat(x: float, y: float) -> float:
    base = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    waves += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return base + waves + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _shift_lng(x: float, y: float) -> float:
    base = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    waves += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return base + waves + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
