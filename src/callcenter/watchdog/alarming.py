"""When the watchdog raises its own alarm, says it again and says that it is over. Pure: circles and times in, notices out.

Each way is on its own: one that fails is tried again, later each time, and holds up no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.liveness.circle import Leg, LegResult

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)


class Event(StrEnum):
    ALARM = "alarm"
    AGAIN = "again"
    CLEAR = "clear"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Rules:
    """`failures` circles in a row raise it, `repeat` passes until it is said again."""

    failures: int
    repeat: timedelta


@dataclass(frozen=True, slots=True)
class Trouble:
    """`since`: the first circle that did not close; `leg`, `detail`: of the last one."""

    since: datetime
    count: int
    leg: Leg
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one way is to say."""

    event: Event
    at: datetime
    since: datetime
    leg: Leg | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WayState:
    """`told`: whoever is at its end believes that it does not work. `pending`: what is to be said and was not yet."""

    told: bool = False
    told_at: datetime | None = None
    pending: Notice | None = None
    tries: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that survives a restart."""

    ways: tuple[WayState, ...]
    trouble: Trouble | None = None
    raised: bool = False
    closed_at: datetime | None = None
    """When a circle closed last."""


def after_circle(
    standing: Standing, failed: LegResult | None, now: datetime, rules: Rules
) -> Standing:
    """A circle has closed (`failed` none), or stopped at a leg."""
    if failed is None:
        return _all_clear(replace(standing, closed_at=now), now)
    before = standing.trouble
    trouble = Trouble(
        since=before.since if before else now,
        count=before.count + 1 if before else 1,
        leg=failed.leg,
        detail=failed.detail,
    )
    standing = replace(standing, trouble=trouble)
    if standing.raised or trouble.count < rules.failures:
        return standing
    notice = Notice(Event.ALARM, now, trouble.since, trouble.leg, trouble.detail)
    ways = tuple(_say(way, notice) for way in standing.ways)
    return replace(standing, ways=ways, raised=True)


def _all_clear(standing: Standing, now: datetime) -> Standing:
    """Said by each way that has said the alarm; what was not said yet need not be said any more."""
    trouble, was_raised = standing.trouble, standing.raised
    standing = replace(standing, trouble=None, raised=False)
    if trouble is None or not was_raised:
        return standing
    notice = Notice(Event.CLEAR, now, trouble.since, trouble.leg)
    ways = tuple(
        _say(way, notice) if way.told else replace(way, pending=None, tries=0, due_at=None)
        for way in standing.ways
    )
    return replace(standing, ways=ways)


def _say(way: WayState, notice: Notice) -> WayState:
    return replace(way, pending=notice, tries=0, due_at=notice.at)


def repeated(standing: Standing, now: datetime, rules: Rules) -> Standing:
    """While it lasts each way says it again after a time."""
    trouble = standing.trouble
    if not standing.raised or trouble is None:
        return standing
    notice = Notice(Event.AGAIN, now, trouble.since, trouble.leg, trouble.detail)
    ways = tuple(_say(way, notice) if _is_silent(way, now, rules) else way for way in standing.ways)
    return replace(standing, ways=ways)


def _is_silent(way: WayState, now: datetime, rules: Rules) -> bool:
    return (
        way.pending is None
        and way.told
        and way.told_at is not None
        and now >= way.told_at + rules.repeat
    )


def due(standing: Standing, now: datetime) -> Sequence[tuple[int, Notice]]:
    """What is to be said now, with the place of its way."""
    return [
        (place, way.pending)
        for place, way in enumerate(standing.ways)
        if way.pending is not None and (way.due_at is None or way.due_at <= now)
    ]


def said(standing: Standing, place: int, notice: Notice, now: datetime) -> Standing:
    """A way has said it."""
    way = standing.ways[place]
    told = notice.event is not Event.CLEAR
    after = replace(way, told=told, told_at=now)
    if way.pending == notice:  # else something newer has come meanwhile
        after = replace(after, pending=None, tries=0, due_at=None)
    return _with(standing, place, after)


def not_said(standing: Standing, place: int, now: datetime) -> Standing:
    """It could not: again, later each time."""
    way = standing.ways[place]
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(way.tries, 10))
    return _with(standing, place, replace(way, tries=way.tries + 1, due_at=now + pause))


def next_due(standing: Standing, rules: Rules) -> datetime | None:
    """When something is to be said, or said again; none: nothing is."""
    found = [way.due_at for way in standing.ways if way.pending is not None and way.due_at]
    if standing.raised:
        found += [
            way.told_at + rules.repeat
            for way in standing.ways
            if way.pending is None and way.told and way.told_at is not None
        ]
    return min(found, default=None)


def fitted(standing: Standing, ways: int) -> Standing:
    """For as many ways as the file has now."""
    held = standing.ways[:ways]
    return replace(standing, ways=held + (WayState(),) * (ways - len(held)))


def _with(standing: Standing, place: int, way: WayState) -> Standing:
    ways = (*standing.ways[:place], way, *standing.ways[place + 1 :])
    return replace(standing, ways=ways)
