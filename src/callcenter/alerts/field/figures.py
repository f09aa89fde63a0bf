"""How soon somebody was there, of those who were sent to alarms: the figures of the TSA for responders. Pure.

Nine of ten in 45 minutes, the rest in 60. What was called off before that time counts for nothing: nobody was to be there any more. What is
still under way counts as soon as its time has passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import ClassVar, Final

from pydantic import ConfigDict

from callcenter.alerts.levels import Level, Target, level_of
from callcenter.alerts.shown import SHOWN
from callcenter.dispatch.task import LAST_ON_SITE, ON_SITE

TARGETS: Final = (
    Target(int(ON_SITE.total_seconds()), 900),
    Target(int(LAST_ON_SITE.total_seconds()), 1000),
)


@dataclass(frozen=True, slots=True)
class Went:
    """One task of an alarm: when somebody was asked for, said yes, was there, and when it ended."""

    asked_at: datetime
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentFigures:
    """Of tasks that were asked for since `since`. Medians are in minutes; None: of nobody."""

    __pydantic_config__: ClassVar[ConfigDict] = SHOWN

    at: datetime
    since: datetime
    days: int
    asked: int
    levels: Sequence[Level]
    to_accept_min: float | None
    to_arrive_min: float | None


def sent_figures(went: Sequence[Went], now: datetime, days: int) -> SentFigures:
    """Of the last days."""
    return SentFigures(
        at=now,
        since=now - timedelta(days=days),
        days=days,
        asked=len(went),
        levels=[_level(went, target, now) for target in TARGETS],
        to_accept_min=_median(
            each.accepted_at - each.asked_at for each in went if each.accepted_at
        ),
        to_arrive_min=_median(each.arrived_at - each.asked_at for each in went if each.arrived_at),
    )


def _level(went: Sequence[Went], target: Target, now: datetime) -> Level:
    within = timedelta(seconds=target.seconds)
    decided = [each for each in went if _is_decided(each, within, now)]
    taken = [each.arrived_at - each.asked_at for each in decided if each.arrived_at is not None]
    return level_of(target, len(decided), sum(each <= within for each in taken))


def _is_decided(one: Went, within: timedelta, now: datetime) -> bool:
    """Somebody was there, or the time has passed while they were to come."""
    return one.arrived_at is not None or (one.ended_at or now) - one.asked_at > within


def _median(times: Iterable[timedelta]) -> float | None:
    found = [each.total_seconds() / 60 for each in times]
    return round(median(found), 1) if found else None
