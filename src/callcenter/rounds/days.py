"""On which days a round runs, which stops it visits then, and what they get for the days after. Pure.

A holiday that is not known is none: a visit too many harms nobody, one too few may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.records.workdays import Calendar

_A_DAY: Final = timedelta(days=1)
LONGEST_HOLIDAY: Final = 14
"""Days that are looked ahead."""
MOST_DAYS: Final = 31


class OnHoliday(StrEnum):
    SKIP = "skip"
    DAY_BEFORE = "day_before"
    """What is due on a holiday comes with the last run before it."""
    AS_USUAL = "as_usual"


class Alternate(StrEnum):
    """On which of the days of its round somebody is visited."""

    EVERY = "every"
    ODD = "odd"
    """Days of the month."""
    EVEN = "even"
    NTH = "nth"
    """Every n-th day from a date."""


@dataclass(frozen=True, slots=True)
class RunsOn:
    """`weekdays`: 1 is Monday. From `from_day` on, no longer on `until_day`."""

    weekdays: frozenset[int]
    on_holiday: OnHoliday
    from_day: date
    until_day: date | None = None

    def check(self) -> RunsOn:
        """Itself. Raises Invalid `rule_incomplete` for a rule that would never be due."""
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise Invalid(
                "A round needs at least one day of the week (1 to 7).", code="rule_incomplete"
            )
        if self.until_day is not None and self.until_day <= self.from_day:
            raise Invalid("A round ends after it has begun.", code="rule_incomplete")
        return self


@dataclass(frozen=True, slots=True)
class Visited:
    """The days of one stop; `every_days` and `from_day` belong to every n-th day."""

    alternate: Alternate = Alternate.EVERY
    every_days: int | None = None
    from_day: date | None = None

    def check(self) -> Visited:
        """Itself. Raises Invalid `rule_incomplete`."""
        if self.alternate is Alternate.NTH and (
            self.from_day is None or self.every_days not in range(2, MOST_DAYS + 1)
        ):
            raise Invalid(
                f"Every n-th day needs its n (2 to {MOST_DAYS}) and a first day.",
                code="rule_incomplete",
            )
        return self

    def falls_on(self, day: date) -> bool:
        match self.alternate:
            case Alternate.EVERY:
                return True
            case Alternate.ODD:
                return day.day % 2 == 1
            case Alternate.EVEN:
                return day.day % 2 == 0
            case Alternate.NTH:
                if self.from_day is None or not self.every_days:
                    return True
                return day >= self.from_day and not (day - self.from_day).days % self.every_days


def days_served(rule: RunsOn, day: date, calendar: Calendar) -> tuple[date, ...]:
    """Whose things are brought on this day: its own, and those of the holidays after it that were moved to it. Empty: no run."""
    if rule.on_holiday is OnHoliday.AS_USUAL:
        return (day,) if _is_due(rule, day) else ()
    if is_holiday(calendar, day):
        return ()
    own = (day,) if _is_due(rule, day) else ()
    if rule.on_holiday is OnHoliday.SKIP:
        return own
    return own + tuple(each for each in _holidays_after(day, calendar) if _is_due(rule, each))


def times(stop: Visited, served: tuple[date, ...]) -> int:
    """For how many days somebody gets their things with a run that serves these; 0: the run does not stop there."""
    return sum(map(stop.falls_on, served))


def is_holiday(calendar: Calendar, day: date) -> bool:
    """By the yearly list; an ordinary weekend is none."""
    return calendar.worked.get(day) is False


def _is_due(rule: RunsOn, day: date) -> bool:
    ended = rule.until_day is not None and day >= rule.until_day
    return day >= rule.from_day and not ended and day.isoweekday() in rule.weekdays


def _holidays_after(day: date, calendar: Calendar) -> Iterator[date]:
    for passed in range(1, LONGEST_HOLIDAY + 1):
        following = day + _A_DAY * passed
        if not is_holiday(calendar, following):
            return
        yield following
