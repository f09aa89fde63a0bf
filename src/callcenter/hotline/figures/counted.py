"""What is counted of calls, and how a figure is called. Pure.

Offered is every call that came in, whatever became of it: those that the exchange's own log told of later and those that were
written down by hand count as well, and stand beside, so that whoever reads a figure sees what it rests on. Answered is spoken with by
somebody of the centre; abandoned has ended without; what is left waits at this moment. In time is of all that were offered, not of
those that were answered: who hung up was not answered in time. Effective is said by what a call was about (its disposition), and its
share is of all that were offered: a call that nobody has filed yet is not effective yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import Field

from callcenter.core.errors import Invalid
from callcenter.residents.schemas import View

WITHIN_S: Final = (10, 15, 20, 60, 180)
"""Seconds from the first ring."""
MOST_DAYS: Final = 370
"""A year, and what is compared with it."""
AGAIN_WITHIN: Final = timedelta(minutes=10)
"""A device that calls again within this is still at the same alarm."""


class CountedBy(StrEnum):
    """What one row stands for."""

    HOUR = "hour"
    DAY = "day"
    LINE = "line"
    KIND = "kind"
    SEAT = "seat"
    DISPOSITION = "disposition"


class Within(View):
    seconds: int
    calls: int


class CallFigures(View):
    """Times are in seconds; an average of nothing is null."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    waiting: int = 0
    within: list[Within] = Field(
        default_factory=lambda: [Within(seconds=s, calls=0) for s in WITHIN_S]
    )
    waited_s: float = 0
    """Until they were answered, of those that were: all together."""
    longest_wait_s: float | None = None
    """Of all, until they were answered or gave up, or until now."""
    talk_s: float = 0
    talked: int = 0
    """Calls that were answered and are over."""
    wrap_up_s: float = 0
    wrapped_up: int = 0
    effective: int = 0
    filed: int = 0
    to_be_filed: int = 0
    """Spoken with, and nobody has said what it was: the list of this name has these."""
    missed_open: int = 0
    """Spoken with by nobody, and not worked off: the list of missed calls has these, a line for each caller."""
    read_back: int = 0
    """Of those offered: known from the exchange's own log alone, since this server was away."""
    by_hand: int = 0
    simulated: int = 0
    placed: int = 0
    """Rung by somebody of the centre."""
    placed_answered: int = 0
    placed_talk_s: float = 0
    automatic: int = 0
    """Rung by the centre itself."""
    automatic_answered: int = 0


class CallFiguresRow(CallFigures):
    """`key`: the hour, the day, the number of the line, the kind, the id of the user, the code; null: none."""

    key: str | None
    name: str = ""
    name_en: str = ""


class CallFiguresView(View):
    """Of the days `from_day` to `until_day` of the site, both included; days and hours are those of `timezone`."""

    at: datetime
    from_day: date
    until_day: date
    timezone: str
    by: CountedBy
    total: CallFigures
    rows: list[CallFiguresRow]


class FirstCallsRow(View):
    """Of one model. `failed`: nobody answered the first call, and it is over."""

    device_kind: str
    model: str
    first_calls: int
    failed: int
    reached_by_repeat: int
    """Of the failed: the device called again within ten minutes, and was answered."""
    reached_by_call_back: int
    """Of the failed: not so, but somebody of the centre rang back within ten minutes and was answered."""


class FirstCallsView(View):
    at: datetime
    from_day: date
    until_day: date
    timezone: str
    rows: list[FirstCallsRow]


def span(from_day: date, until_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of the one day to the last of the other, by the site's calendar. Raises Invalid."""
    days = (until_day - from_day).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(
            f"From {from_day} until {until_day} is {days} days: ask for 1 to {MOST_DAYS}.",
            code="span_out_of_bounds",
            most=MOST_DAYS,
        )
    begin = datetime.combine(from_day, time.min, zone)
    return begin, datetime.combine(until_day + timedelta(days=1), time.min, zone)


def completed(
    by: CountedBy, rows: Iterable[CallFiguresRow], from_day: date, until_day: date
) -> list[CallFiguresRow]:
    """In their order; hours and days without a call stand there too, as nothing."""
    known = {row.key: row for row in rows}
    match by:
        case CountedBy.HOUR:
            keys: Sequence[str] = [str(hour) for hour in range(24)]
        case CountedBy.DAY:
            days = (until_day - from_day).days + 1
            keys = [(from_day + timedelta(days=day)).isoformat() for day in range(days)]
        case _:
            return sorted(
                known.values(),
                key=lambda each: (each.key is None, -each.offered, each.key or ""),
            )
    return [known.get(key, CallFiguresRow(key=key)) for key in keys]


def per_mille(part: int, whole: int) -> int | None:
    """Rounded down, so that 399.9 is never 400; None of nothing."""
    return part * 1000 // whole if whole else None
