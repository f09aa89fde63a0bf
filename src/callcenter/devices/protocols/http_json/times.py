"""Times as devices write them: ISO 8601, seconds or milliseconds since 1970, with a zone or without. Pure.

The year stands first, or it is no time: whether 03-04-2026 is in March or in April is not guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from unicodedata import normalize

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
_COMPACT = re.compile(r"(?:19|20)\d{12}")
"""20260314041207"""
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T_ ]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:[.,]\d*)?秒?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_UNITS: Final = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this number on it counts nanoseconds, microseconds or milliseconds: in seconds it would be the year 5138."""


def read_moment(value: object, zone: tzinfo) -> datetime | None:
    """A moment in UTC; None for what is no time. A time without a zone is one of `zone`. Raises ValueError and OverflowError."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since_1970(float(value))
    if not isinstance(value, str):
        return None
    text = normalize("NFKC", value).strip()
    if _COMPACT.fullmatch(text):
        return _in_utc(datetime.strptime(text, "%Y%m%d%H%M%S"), zone)  # noqa: DTZ007 the zone comes next
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text))
    return _written(text, zone)


def _since_1970(number: float) -> datetime:
    for least, unit in _UNITS:
        if abs(number) >= least:
            number /= unit
            break
    return datetime.fromtimestamp(number, UTC)


def _written(text: str, zone: tzinfo) -> datetime | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return _in_utc(datetime.fromisoformat(text), zone)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 as above
    offset = (match["zone"] or "").upper()
    if offset in ("Z", "UTC", "GMT"):
        return local.replace(tzinfo=UTC)
    if offset:
        return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(UTC)
    return _in_utc(local, zone)


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
