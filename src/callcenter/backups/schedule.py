"""When the daily copy is due. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.core.last_copy import LastCopy

AGAIN_AFTER: Final = timedelta(hours=1)
"""A copy that failed is tried again."""


def is_due(now: datetime, at: time, zone: ZoneInfo, last: LastCopy | None) -> bool:
    """Whether the last one is of before the hour that was passed last. A server that was off at that hour makes it up."""
    passed = last_passed(now, at, zone)
    if last is None or last.at < passed:
        return True
    return not last.ok and now - last.at >= AGAIN_AFTER


def last_passed(now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The hour of the copy that was passed last, by the clock of the site."""
    there = now.astimezone(zone)
    today = datetime.combine(there.date(), at, zone)
    return today if today <= there else datetime.combine(there.date() - timedelta(1), at, zone)


def drill_is_due(now: datetime, every: timedelta, last: LastCopy | None) -> bool:
    """Whether a copy should be tried; `every` zero: never by itself. Half a day early: days do not grow into weeks."""
    if not every:
        return False
    return last is None or not last.ok or now - last.at >= every - timedelta(hours=12)
