"""Dates of birth as they stand in registers: days, months, years, and what a spreadsheet makes of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.directory.numerals import in_digits


class Precision(StrEnum):
    """How much was said."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date with how much of it was written; what was not is the first."""

    day: date
    precision: Precision

    def agrees(self, other: date) -> bool:
        """Whether the other date is one of those that this may mean."""
        if self.precision is Precision.DAY:
            return self.day == other
        same_year = self.day.year == other.year
        return same_year and (self.precision is Precision.YEAR or self.day.month == other.month)


_TIME: Final = r"(?:[ T]*(?:上午|am)?\s*(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d(?:\.\d+)?)?\s*(?:am|上午)?)?"
"""A day has its time from the program that wrote it."""
_MIDNIGHT_SOMEWHERE: Final = re.compile(
    r"(.*[ T]0?0[:：]00(?:[:：]00(?:\.0+)?)?)(?:Z|[+-]\d\d:?\d\d)"
)
_DAYS: Final = (
    re.compile(rf"(\d{{4}})\s*[-/.,、]\s*(\d{{1,2}})\s*[-/.,、]\s*(\d{{1,2}})[.。日]?{_TIME}", re.IGNORECASE),
    re.compile(rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?{_TIME}", re.IGNORECASE),
    re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)  # fmt: skip
_MONTHS: Final = (
    re.compile(r"(\d{4})\s*[-/.、]\s*(\d{1,2})[.。月]?"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月?份?"),
    re.compile(r"(\d{4})(0[1-9]|1[0-2])"),
)
_YEAR: Final = re.compile(r"(\d{4})\s*年?")
_DASHES: Final = re.compile(r"\s*[‐‑‒–—―−－_·・\\~～]+\s*")
_AROUND: Final = re.compile(
    r"^['‘’`]|^(?:大约|约|公历|阳历|生于|出生于)\s*|\s*\((?:公历|阳历|新历)\)$|\s*(?:左右|前后)$|\s*(?:出生|生人|生)$"
    r"|\s*(?:星期|周|礼拜)[一二三四五六日天]$"
)
_ENGLISH: Final = (
    re.compile(r"(?P<day>\d{1,2})[- ](?P<month>[a-z]{3,9})\.?[-, ]+(?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? +(?P<year>\d{4})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})[- ](?P<month>[a-z]{3,9})[- ](?P<day>\d{1,2})", re.IGNORECASE),
)  # fmt: skip
_MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NUMERALS: Final = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日号])")
_SERIAL: Final = re.compile(r"[1-4]\d{4}")
_SERIAL_ZERO: Final = date(1899, 12, 30)
_SERIAL_ZERO_1904: Final = date(1904, 1, 1)
_LOST_ZERO: Final = re.compile(r"\d{4}\.1")
"""1943.10 in a number cell comes out as 1943.1."""


def read_date(text: str, *, since_1904: bool = False) -> WrittenDate:
    """Read a day, a month (1943.06) or a year; a bare number counts days, in some files from 1904. Raises Invalid `not_a_date`, or
    `month_or_october` for 1943.1. What can be read in two ways (12/06/1943, a lunar date) is no date.
    """
    text = _plain(text)
    if _LOST_ZERO.fullmatch(text):
        raise Invalid("January, or October without its zero.", code="month_or_october")
    for form in _DAYS:
        if found := form.fullmatch(text):
            return _written(found, Precision.DAY)
    for form in _MONTHS:
        if found := form.fullmatch(text):
            return _written(found, Precision.MONTH)
    if found := _YEAR.fullmatch(text):
        return _written(found, Precision.YEAR)
    if _SERIAL.fullmatch(text):
        zero = _SERIAL_ZERO_1904 if since_1904 else _SERIAL_ZERO
        return WrittenDate(zero + timedelta(days=int(text)), Precision.DAY)
    raise Invalid("This is no date.", code="not_a_date")


def _plain(text: str) -> str:
    """Numerals as digits, months by their numbers, one kind of dash, and nothing around the date."""
    text = _AROUND.sub("", _AROUND.sub("", text.strip())).strip()
    text = re.sub(r"^(\d{5}|\d{8})\.0+$", r"\1", text)
    if "年" in text:
        text = _NUMERALS.sub(lambda found: in_digits(found[0]), text)
    if found := _MIDNIGHT_SOMEWHERE.fullmatch(text):
        text = found[1]
    for form in _ENGLISH:
        if (found := form.fullmatch(text)) and (month := _month_number(found["month"])):
            return f"{found['year']}-{month}-{found['day']}"
    return _DASHES.sub("-", text)


def _month_number(name: str) -> int | None:
    """Of an English name, or its first three letters and more."""
    numbers = (n for n, full in enumerate(_MONTH_NAMES, start=1) if full.startswith(name.lower()))
    return next(numbers, None)


def _written(found: re.Match[str], precision: Precision) -> WrittenDate:
    year, month, day = (*(int(part) for part in found.groups()), 1, 1)[:3]
    if day == 0:  # 1943-06-00: the day is not known
        day, precision = 1, Precision.MONTH
        if month == 0:
            month, precision = 1, Precision.YEAR
    try:
        return WrittenDate(date(year, month, day), precision)
    except ValueError as error:
        raise Invalid("There is no such day.", code="not_a_date") from error
