"""Whoever has arrived and does not check out is asked by text, then to be called, then an alarm. Pure.

Whatever they or the dispatcher say in between begins it anew: a visit may last longer than was planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.dispatch.lateness import CHECK_OUT_LATE

CALLED_WITHIN: Final = timedelta(minutes=10)
"""Nobody has written down a call with them for so long since they were asked: something may have happened to them."""
ASKED_AGAIN_AFTER: Final = timedelta(minutes=30)
"""Who has said that all is well is asked again after this."""


class Deed(StrEnum):
    ASK = "ask"
    ALARM = "alarm"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is written of whoever is there. Each the last since they arrived; None: never."""

    arrived_at: datetime
    lasts: timedelta
    asked_at: datetime | None = None
    alarm_at: datetime | None = None
    called_at: datetime | None = None
    """A call with them was recorded, or they have written."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is due now, and when to look again; `again_at` None: only after somebody has recorded a call."""

    deed: Deed
    again_at: datetime | None


def watch(seen: Seen, now: datetime) -> Watch:
    """What is to be done about them at this moment."""
    asked_at, alarm_at = (
        _after(seen.asked_at, seen.called_at),
        _after(seen.alarm_at, seen.called_at),
    )
    if alarm_at is not None:
        return Watch(Deed.WAIT, None)
    if asked_at is None:
        due = seen.arrived_at + seen.lasts + CHECK_OUT_LATE
        if seen.called_at is not None:
            due = max(due, seen.called_at + ASKED_AGAIN_AFTER)
        return Watch(Deed.ASK, now + CALLED_WITHIN) if now >= due else Watch(Deed.WAIT, due)
    due = asked_at + CALLED_WITHIN
    return Watch(Deed.ALARM, None) if now >= due else Watch(Deed.WAIT, due)


def _after(moment: datetime | None, called_at: datetime | None) -> datetime | None:
    """Unless they were called since."""
    if moment is None or (called_at is not None and called_at >= moment):
        return None
    return moment
