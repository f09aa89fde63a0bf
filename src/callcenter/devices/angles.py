"""Latitudes and longitudes as devices write them: degrees, with minutes and seconds, with the half of the earth. Pure.

`40.0012`, `40,0012`, `40.0012N`, `N40.0012`, `北纬40.0012`, `40°0'4.32"N`, `104E00.042` (DC-09), `10400.042E` (NMEA).
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_MARK: Final = "[:\\s°º度'′m分\"″秒]*"
_ANGLE: Final = re.compile(
    rf"(?P<lead>[NSEW])?\s*(?P<sign>[+-])?(?P<degrees>{_NUMBER})(?:(?:deg(?:rees)?|{_MARK})(?P<middle>[NSEW])?"
    rf"(?:(?<!\d)(?P<minutes>{_NUMBER}){_MARK}(?:(?<!\d)(?P<seconds>{_NUMBER}){_MARK})?)?)?\s*(?P<tail>[NSEW])?",
    re.IGNORECASE,
)
_HALVES: Final = str.maketrans(
    {"北": "N", "南": "S", "东": "E", "東": "E", "西": "W", "纬": "", "緯": "", "经": "", "經": ""}
)
_LARGEST_DEGREES: Final = 180
MAX_SIGNS: Final = 40

Angle = tuple[float, str]
"""Degrees, and which half was named, N, S, E or W, "" where none was."""


def read_angle(written: str | float) -> Angle:
    """Raises ValueError and OverflowError for what is no angle."""
    if isinstance(written, int | float):
        return float(written), ""
    text = normalize("NFKC", written[:MAX_SIGNS]).strip().translate(_HALVES)
    if (plain := _plain(text)) is not None:
        return plain, ""
    found = _ANGLE.fullmatch(text)
    if found is None:
        raise ValueError("no angle")
    half = (found["lead"] or found["middle"] or found["tail"] or "").upper()
    degrees, minutes, seconds = (_float(found[name]) for name in ("degrees", "minutes", "seconds"))
    if degrees > _LARGEST_DEGREES and half and found["minutes"] is None:
        degrees, minutes = degrees // 100, degrees % 100
    if minutes >= 60 or seconds >= 60:
        raise ValueError("no minutes or seconds of an angle")
    angle = degrees + minutes / 60 + seconds / 3600
    return -angle if half in ("S", "W") or found["sign"] == "-" else angle, half


def read_pair(lat: str | float, lng: str | float) -> tuple[float, float]:
    """Latitude and longitude, also where their halves prove that they were taken for each other. Raises as `read_angle` does."""
    (one, half), (other, other_half) = read_angle(lat), read_angle(lng)
    if half in ("E", "W") and other_half in ("N", "S"):
        return other, one
    if half in ("E", "W") or other_half in ("N", "S"):
        raise ValueError("a latitude is north or south, a longitude east or west")
    return one, other


def _plain(text: str) -> float | None:
    if "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _float(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0
