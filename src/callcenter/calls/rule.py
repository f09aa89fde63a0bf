"""When a list or a resident's call is due: days by a rule, at a time of the site's own clock. Pure.

An occurrence is named by its day and not by its moment: a clock that is set, or a night of 23 hours, makes none twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callcenter.core.errors import Invalid

LAST_MONTH_DAY: Final = 28
"""Every month has it."""
LOOKED_BACK: Final = timedelta(days=31)
"""What was due longer ago than this is not even written down as missed."""
_SATURDAY: Final = 6


class Every(StrEnum):
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


LONGEST_GAP: Mapping[Every, timedelta] = MappingProxyType(
    {
        Every.DAILY: timedelta(days=2),
        Every.WEEKDAYS: timedelta(days=4),
        Every.WEEKLY: timedelta(days=8),
        Every.MONTHLY: timedelta(days=32),
    }
)
"""Between two occurrences, with an hour or two for clocks that are changed: what is written further ahead comes of a wrong clock."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`at` by the site's clock; `weekday` (1 is Monday) belongs to weekly, `month_day` (1 to 28) to monthly."""

    every: Every
    at: time
    weekday: int | None = None
    month_day: int | None = None

    def check(self) -> Rule:
        """Itself. Raises Invalid `rule_incomplete` for a rule that would never be due."""
        weekly = self.every is not Every.WEEKLY or self.weekday in range(1, 8)
        monthly = self.every is not Every.MONTHLY or self.month_day in range(1, LAST_MONTH_DAY + 1)
        if not (weekly and monthly):
            raise Invalid(
                "A weekly rule needs a day of the week (1 to 7), a monthly one a day of the month (1 to 28).",
                code="rule_incomplete",
            )
        return self

    def falls_on(self, day: date) -> bool:
        """Whether there is an occurrence on this day."""
        match self.every:
            case Every.DAILY:
                return True
            case Every.WEEKDAYS:
                return day.isoweekday() < _SATURDAY
            case Every.WEEKLY:
                return day.isoweekday() == self.weekday
            case Every.MONTHLY:
                return day.day == self.month_day


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`day` is its name, `at` its moment in UTC."""

    day: date
    at: datetime


def next_after(rule: Rule, moment: datetime, zone: tzinfo) -> Occurrence:
    """The first one later than this moment."""
    return next(each for each in _from_day_of(rule, moment, zone) if each.at > moment)


def due_until(rule: Rule, first: datetime, now: datetime, zone: tzinfo) -> list[Occurrence]:
    """From `first` up to now, both included, the oldest first; at most those of the last 31 days."""
    begin = max(first, now - LOOKED_BACK)
    found = []
    for each in _from_day_of(rule, begin, zone):
        if each.at > now:
            break
        if each.at >= begin:
            found.append(each)
    return found


def _from_day_of(rule: Rule, moment: datetime, zone: tzinfo) -> Iterator[Occurrence]:
    day = moment.astimezone(zone).date()
    while True:
        if rule.falls_on(day):
            yield Occurrence(day, datetime.combine(day, rule.at, zone).astimezone(UTC))
        day += timedelta(days=1)
