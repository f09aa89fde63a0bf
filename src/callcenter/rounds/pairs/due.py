"""When the next word of a neighbour is due, and when they are asked for it. Pure.

Due is the end of an afternoon, so that whoever looks in late in the day is in time, and whoever has not looked in is found out while
people still answer the telephone.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

DUE_BY: Final = time(18)
"""By the site's clock."""
ASKED_BEFORE: Final = timedelta(hours=8)
"""The neighbour is asked by text at ten in the morning of that day."""


def next_due(after: datetime, every_days: int, zone: tzinfo) -> datetime:
    """Of somebody who is looked in on every so many days, when it was done last at this time. In UTC."""
    day = after.astimezone(zone).date() + timedelta(days=every_days)
    return datetime.combine(day, DUE_BY, zone).astimezone(UTC)


def is_overdue(due_at: datetime, now: datetime) -> bool:
    return now >= due_at


def is_asked(due_at: datetime, reminded_at: datetime | None, now: datetime) -> bool:
    """Whether the text that asks for the word goes out now: once for each word, and not when it is too late."""
    opens = due_at - ASKED_BEFORE
    asked_already = reminded_at is not None and reminded_at >= opens
    return opens <= now < due_at and not asked_already
