"""What is a position, and those of other datums into WGS-84, once, at the edge. Pure.

GCJ-02 and BD-09 are the obfuscated datums of Chinese map services (up to about 600 m off). The forward formula is the one
published in open converters; the inverse is its fixed point, exact to well below a millimetre. Which datum a position has
is what its source declares, never guessed from the place. Outside China map services obfuscate nothing, so nothing is
converted there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import atan2, cos, isfinite, pi, radians, sin, sqrt
from typing import Final
from unicodedata import normalize

from callcenter.devices.signals import Datum, Position

_SEMI_MAJOR_AXIS_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_X_PI = pi * 3000.0 / 180.0
_ROUNDS = 12
"""Each round of the fixed point gains about three digits; four would do."""

NO_PLACE_DEGREES: Final = 0.01
"""So close to 0, 0 (in the Atlantic) lies only what has no fix and sends its empty fields."""

NOT_A_PLACE: Final = "position_not_read"
NO_FIX: Final = "position_zero"

_Box = tuple[float, float, float, float]
"""South, west, north, east, in degrees."""

_CHINA: Sequence[_Box] = (
    (42.8899, 79.4462, 49.2204, 96.3300),
    (39.3742, 109.6872, 54.1415, 135.0002),
    (29.5297, 73.1246, 42.8899, 124.143255),
    (26.7186, 82.9684, 29.5297, 97.0352),
    (20.414096, 97.0253, 29.5297, 124.367395),
    (17.871542, 107.975793, 20.414096, 111.744104),
)
_ABROAD: Sequence[_Box] = (
    (21.785006, 119.921265, 25.398623, 122.497559),
    (20.0988, 101.8652, 22.284, 106.665),
    (20.4878, 106.4525, 21.5422, 108.051),
    (50.325701, 109.0323, 55.8175, 119.127),
    (50.4, 127.4568, 55.8175, 137.0227),  # north of Heihe, which lies on the border
    (42.5692, 131.2662, 44.8922, 137.0227),
)
"""Where the obfuscated datums are in use: the rectangles of open converters, and what lies within them abroad."""


_NO_WORD = re.compile(r"[\W_]+")
_NAMES: Mapping[str, Datum] = {
    name: datum
    for datum, names in (
        (Datum.WGS84, "wgs84 wgs wgs1984 wgs84ll epsg4326 4326 gps cgcs2000 epsg4490 4490"),
        (
            Datum.GCJ02,
            "gcj02 gcj gcj2 gcj02ll 火星 火星坐标 火星坐标系 amap gaode 高德 tencent qq 腾讯",
        ),
        (Datum.BD09, "bd09 bd bd9 bd09ll baidu 百度 百度坐标"),
    )
    for name in names.split()
}
"""As services and devices call them. CGCS2000 differs from WGS-84 by centimetres; `bd09mc` is none, it counts metres."""


def datum_named(text: str) -> Datum | None:
    """The datum of this name, however it is written; None for a name that nobody knows."""
    name = _NO_WORD.sub("", normalize("NFKC", text).casefold())
    return _NAMES.get(name) or _NAMES.get(name.removeprefix("urnogcdefcrs"))


def locate(lat: float, lng: float, datum: Datum) -> tuple[Position | None, tuple[str, ...]]:
    """The WGS-84 position that these degrees name, or None with the remark why there is none."""
    if not (isfinite(lat) and isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):
        return None, (NOT_A_PLACE,)
    if abs(lat) < NO_PLACE_DEGREES and abs(lng) < NO_PLACE_DEGREES:
        return None, (NO_FIX,)
    return to_wgs84(lat, lng, datum), ()


def is_in_china(lat: float, lng: float) -> bool:
    """Whether the obfuscated datums apply there, to some kilometres."""
    return _within(_CHINA, lat, lng) and not _within(_ABROAD, lat, lng)


def _within(boxes: Sequence[_Box], lat: float, lng: float) -> bool:
    return any(s <= lat <= n and w <= lng <= e for s, w, n, e in boxes)


def to_wgs84(lat: float, lng: float, datum: Datum) -> Position:
    """Degrees in `datum` as a WGS-84 position."""
    if datum is Datum.WGS84 or not is_in_china(lat, lng):
        return Position(lat, lng)
    if datum is Datum.BD09:
        lat, lng = _bd09_to_gcj02(lat, lng)
    return Position(*_gcj02_to_wgs84(lat, lng))


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
