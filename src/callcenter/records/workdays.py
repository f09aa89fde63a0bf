"""Workdays by the yearly list of the State Council: holidays, and weekend days that are worked to make up for them. Pure.

The list of a year is published in the autumn before. A year without its list is refused rather than guessed: a deadline that
runs across an unknown Spring Festival would be wrong by a week.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from callcenter.core.errors import Invalid

_SATURDAY: Final = 5
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`worked` has the days that are not as their weekday says; `years` are those whose list is known."""

    worked: Mapping[date, bool]
    years: Set[int]

    def is_workday(self, day: date) -> bool:
        """Raises Invalid `calendar_year_missing`."""
        if day.year not in self.years:
            raise Invalid(
                f"The list of holidays and make-up workdays of {day.year} is missing: enter it first.",
                code="calendar_year_missing",
                year=day.year,
            )
        return self.worked.get(day, day.weekday() < _SATURDAY)


def workdays_between(calendar: Calendar, first: date, last: date) -> int:
    """Workdays after the first day up to the last, as a deadline is counted: the day something comes in does not count. Below
    zero where the last lies before the first. Raises Invalid `calendar_year_missing`.
    """
    if last < first:
        return -workdays_between(calendar, last, first)
    days = (first + _A_DAY * passed for passed in range(1, (last - first).days + 1))
    return sum(map(calendar.is_workday, days))


def add_workdays(calendar: Calendar, day: date, workdays: int) -> date:
    """The day on which a deadline of so many workdays ends; with none, the day itself. Raises Invalid `calendar_year_missing`,
    `negative_workdays`.
    """
    if workdays < 0:
        raise Invalid("A deadline has no workdays below zero.", code="negative_workdays")
    reached = day
    while workdays > 0:
        reached += _A_DAY
        workdays -= calendar.is_workday(reached)
    return reached
