"""Planning shifts: which days, from when until when by the site's clock, and what speaks against one. Pure.

What speaks against a shift is said and does not forbid it: whoever plans knows more than the rows. Only two shifts of one person at the
same time are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

A_WEEK: Final = timedelta(days=7)
LONGEST: Final = timedelta(hours=24)
MOST_DAYS: Final = 92


class Flag(StrEnum):
    """What speaks against a shift."""

    ABSENT = "absent"
    HOLIDAY = "holiday"
    """By the yearly list: who works then is paid otherwise."""
    WORKS_NO_MORE = "works_no_more"
    CERTIFICATE_ENDED = "certificate_ended"


class LeftOut(StrEnum):
    """Why a shift of last week is not planned again."""

    OVERLAPS = "overlaps"
    ABSENT = "absent"
    WORKS_NO_MORE = "works_no_more"


@dataclass(frozen=True, slots=True)
class Span:
    """A shift of somebody."""

    staff_id: int
    begins: datetime
    ends: datetime

    def overlaps(self, other: Span) -> bool:
        same = self.staff_id == other.staff_id
        return same and self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True)
class Away:
    """Whole days; `until` None: nobody knows until when."""

    first: date
    until: date | None = None

    def has(self, day: date) -> bool:
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody that may speak against their shifts."""

    away: tuple[Away, ...] = ()
    active_until: date | None = None
    certificate_until: date | None = None


def days_from(first: date, last: date, weekdays: Collection[int]) -> list[date]:
    """Days of a span, both ends in it, that are one of these days of the week (1: Monday)."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() in weekdays]


def on_day(day: date, begins: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """By the clock on the wall; one that ends no later than it begins ends on the next day."""
    last = day + timedelta(days=int(ends <= begins))
    return datetime.combine(day, begins, zone), datetime.combine(last, ends, zone)


def a_week_on(span: Span, staff_id: int, zone: tzinfo) -> Span:
    """The same hours by the clock on the wall, a week later, of this person."""
    local = span.begins.astimezone(zone), span.ends.astimezone(zone)
    begins, ends = (each.replace(tzinfo=None) + A_WEEK for each in local)
    return Span(staff_id, begins.replace(tzinfo=zone), ends.replace(tzinfo=zone))


def flags_of(
    span: Span, standing: Standing, holidays: Collection[date], zone: tzinfo
) -> tuple[Flag, ...]:
    """What speaks against it, by the day on which it begins."""
    day = span.begins.astimezone(zone).date()
    certificate = standing.certificate_until
    against: Mapping[Flag, bool] = {
        Flag.ABSENT: any(each.has(day) for each in standing.away),
        Flag.HOLIDAY: day in holidays,
        Flag.WORKS_NO_MORE: standing.active_until is not None and standing.active_until <= day,
        Flag.CERTIFICATE_ENDED: certificate is not None and certificate < day,
    }
    return tuple(flag for flag, is_so in against.items() if is_so)


def left_out(span: Span, standing: Standing, known: Iterable[Span], zone: tzinfo) -> LeftOut | None:
    """Why this one is not planned when a week is copied; None: it is."""
    if any(span.overlaps(other) for other in known):
        return LeftOut.OVERLAPS
    flags = flags_of(span, standing, (), zone)
    if Flag.ABSENT in flags:
        return LeftOut.ABSENT
    return LeftOut.WORKS_NO_MORE if Flag.WORKS_NO_MORE in flags else None
