"""Times as devices write them: ISO 8601, seconds or milliseconds since 1970, in words, with a zone or without. Pure.

The year stands first or the month is a word, or it is no time: whether 03-04-2026 is in March or in April is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from unicodedata import normalize

MAX_SIGNS: Final = 80

_NUMBER = re.compile(r"([+-]?\d+(?:\.\d*)?)\s*(s|sec|ms|us|ns)?", re.IGNORECASE)
_OF_A_SCRIPT = re.compile(r"/?Date\(([+-]?\d+)(?:[+-]\d{4})?\)/?", re.IGNORECASE)
"""/Date(1773461527000+0800)/: milliseconds in UTC, whatever the zone."""
_COMPACT = re.compile(
    r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[T_ -]*([01]\d|2[0-3])([0-5]\d)([0-6]\d)?(?:[.,]?\d{3})?(?P<behind>\D.*)?"
)
"""20260314041207, also without seconds, with milliseconds, or with a zone behind it."""
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATE = re.compile(
    r"(?<!\d)(?P<year>\d{4})[-/.年–—](?P<month>\d{1,2})[-/.月–—](?P<day>\d{1,2})日?(?!\d)"
)
_NAMED_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<year>\d{{4}})[-/ ]{_MONTH}[-/ ](?P<day>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})[-/ ]{_MONTH}[-/, ]\s*(?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH} +(?P<day>\d{{1,2}})(?!\d)(?:,? +(?P<year>\d{{4}})(?!\d))?",
    )
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:时点.](?P<minute>\d{1,2})(?:[:分.](?P<second>\d{1,2}))?(?:[.,]\d+)?[分秒]?(?![\d:])"
    r"|(?<!\d)(?P<hours>\d{2})(?P<minutes>\d{2})(?P<seconds>\d{2})(?!\d)"
)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?P<year>\d{4})(?!\d)")
_HALF = re.compile(r"上午|下午|凌晨|晚上|\b[AP]\.?M\b\.?", re.IGNORECASE)
_AFTERNOON: Final = ("下午", "晚上", "p")
_SAYS_NOTHING = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b|周.|星期.|\bT\b|[\s,;.()\[\]_-]|日", re.IGNORECASE
)

_UNITS: Final = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this number on it counts nanoseconds, microseconds or milliseconds: in seconds it would be the year 5138."""
_WRAPPED: Final = ("seconds", "$date", "value", "time", "timestamp")


def read_moment(value: object, zone: tzinfo) -> datetime | None:
    """A moment in UTC; None for what is no time. A time without a zone is one of `zone`. Raises ValueError and OverflowError."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in _WRAPPED if name in value), None)
    elif isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return _since_1970(value)
    if not isinstance(value, str | int):
        return None
    text = normalize("NFKC", str(value)[:MAX_SIGNS]).strip(" \t\r\n\0\"'")
    return _read(text, zone)


def _read(text: str, zone: tzinfo) -> datetime | None:
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        parts = [int(part or 0) for part in compact.groups()[:6]]
        return _placed(parts, compact["behind"] or "", zone)
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _since_1970(float(number[1]))
    script = _OF_A_SCRIPT.fullmatch(text)
    if script is not None:
        return _since_1970(float(script[1]))
    try:
        return _in_utc(datetime.fromisoformat(text), zone)
    except ValueError:
        return _written(text, zone)


def _since_1970(number: float) -> datetime:
    for least, unit in _UNITS:
        if abs(number) >= least:
            number /= unit
            break
    return datetime.fromtimestamp(number, UTC)


def _written(text: str, zone: tzinfo) -> datetime | None:
    """Date, time of day, half of the day and zone, in any order; None where anything else is said."""
    date, rest = _taken(text, _DATE, *_NAMED_DATES)
    clock, rest = _taken(rest, _CLOCK)
    if date is None or clock is None:
        return None
    year: str | None = date["year"]
    if year is None:
        last, rest = _taken(rest, _YEAR)
        year = last["year"] if last else None
    half, rest = _taken(rest, _HALF)
    if year is None:
        return None
    hour, minute, second = (
        int(clock[one] or clock[other] or 0)
        for one, other in (("hour", "hours"), ("minute", "minutes"), ("second", "seconds"))
    )
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half.group().lower().startswith(_AFTERNOON) else 0)
    parts = [int(year), _month(date["month"]), int(date["day"]), hour, minute, second]
    return _placed(parts, rest, zone)


def _taken(text: str, *patterns: re.Pattern[str]) -> tuple[re.Match[str] | None, str]:
    """The first of them that is found, and the text without it."""
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None:
            return found, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _MONTHS.index(written.lower()) + 1


def _placed(parts: list[int], rest: str, zone: tzinfo) -> datetime | None:
    """In the zone that the rest names, else in the source's; None where the rest says something else."""
    year, month, day, hour, minute, second = parts
    local = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 the zone comes next
    offset, rest = _taken(rest, _OFFSET)
    words = _SAYS_NOTHING.sub(" ", rest).split()
    own = (str(zone), local.replace(tzinfo=zone).tzname())
    if offset is not None:
        behind = [word for word in words if "/" not in word]
        return None if behind else _in_utc(local, _zone(offset))
    if words in (["Z"], ["z"], ["UTC"], ["GMT"]):
        return local.replace(tzinfo=UTC)
    return _in_utc(local, zone) if all(word in own for word in words) else None


def _zone(offset: re.Match[str]) -> tzinfo:
    ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(-ahead if offset["sign"] == "-" else ahead)


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
