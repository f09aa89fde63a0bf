"""Dates of birth as they stand in registers: days, months, years, and what a spreadsheet makes of them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid


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


_MIDNIGHT: Final = (
    r"(?:[ T]*(?:上午|am)?\s*(?:0?0|12)[:：]00(?:[:：]00(?:\.0+)?)?\s*(?:am|上午)?(?:Z|\+00:00)?)?"
)
_DAYS: Final = (
    re.compile(rf"(\d{{4}})\s*[-/.,、]\s*(\d{{1,2}})\s*[-/.,、]\s*(\d{{1,2}})[.。日]?{_MIDNIGHT}", re.IGNORECASE),
    re.compile(rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?{_MIDNIGHT}", re.IGNORECASE),
    re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)  # fmt: skip
_MONTHS: Final = (
    re.compile(r"(\d{4})\s*[-/.、]\s*(\d{1,2})[.。月]?"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月?"),
    re.compile(r"(\d{4})(0[1-9]|1[0-2])"),
)
_YEAR: Final = re.compile(r"(\d{4})\s*年?")
_SERIAL: Final = re.compile(r"[1-4]\d{4}")
_SERIAL_ZERO: Final = date(1899, 12, 30)
_LOST_ZERO: Final = re.compile(r"\d{4}\.1")
"""1943.10 in a number cell comes out as 1943.1."""


def read_date(text: str) -> WrittenDate:
    """Read a day, a month (1943.06) or a year. Raises Invalid `not_a_date`, or `month_or_october` for 1943.1."""
    text = text.strip()
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
        return WrittenDate(_SERIAL_ZERO + timedelta(days=int(text)), Precision.DAY)
    raise Invalid("This is no date.", code="not_a_date")


def _written(found: re.Match[str], precision: Precision) -> WrittenDate:
    year, month, day = (*(int(part) for part in found.groups()), 1, 1)[:3]
    try:
        return WrittenDate(date(year, month, day), precision)
    except ValueError as error:
        raise Invalid("There is no such day.", code="not_a_date") from error
