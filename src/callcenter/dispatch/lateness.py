"""Which tasks want the dispatcher's eyes, and in which order they stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from callcenter.dispatch.task import ENDED, ON_SITE, TaskKind, TaskState


class Worry(StrEnum):
    UNPLACED = "unplaced"
    LATE = "late"
    """Nobody is there, and the time has passed."""
    AT_RISK = "at_risk"
    """At this pace it will be late."""
    OVERDUE_OUT = "overdue_out"
    """Whoever is there should have checked out."""


class Rank(IntEnum):
    """In which order the list stands; the least first."""

    UNPLACED_RESCUE = 0
    LONE_WORKER = 1
    UNPLACED = 2
    LATE = 3
    AT_RISK = 4
    NONE = 5


SOON: Final = timedelta(minutes=15)
"""Before the end of its time a task that nobody has set out for is at risk."""
CHECK_OUT_LATE: Final = timedelta(minutes=20)
"""How much longer than planned a visit may last before its worker is called."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A task as it stands. `created_at` is when it was asked for; `until` is when somebody must be there (None: by its kind)."""

    kind: TaskKind
    state: TaskState
    created_at: datetime
    until: datetime | None
    lasts: timedelta
    arrived_at: datetime | None = None
    eta: datetime | None = None


def there_until(standing: Standing) -> datetime | None:
    """When somebody should be there at the latest; None: no time was promised."""
    if standing.until is not None:
        return standing.until
    return standing.created_at + ON_SITE if standing.kind is TaskKind.RESCUE else None


def worries(standing: Standing, now: datetime) -> frozenset[Worry]:
    """What is wrong with it at this moment."""
    if standing.state in ENDED:
        return frozenset()
    found = set()
    if standing.state is TaskState.UNPLACED:
        found.add(Worry.UNPLACED)
    if standing.state is TaskState.ARRIVED:
        since = standing.arrived_at
        if since is not None and now > since + standing.lasts + CHECK_OUT_LATE:
            found.add(Worry.OVERDUE_OUT)
        return frozenset(found)
    until = there_until(standing)
    if until is not None:
        if now > until:
            found.add(Worry.LATE)
        elif _will_be_late(standing, until, now):
            found.add(Worry.AT_RISK)
    return frozenset(found)


def _will_be_late(standing: Standing, until: datetime, now: datetime) -> bool:
    if standing.eta is not None:
        return standing.eta > until
    return standing.state is not TaskState.UNDER_WAY and until - now < SOON


def rank(standing: Standing, now: datetime) -> Rank:
    """Where it stands in the dispatcher's list."""
    found = worries(standing, now)
    if Worry.UNPLACED in found:
        return Rank.UNPLACED_RESCUE if standing.kind is TaskKind.RESCUE else Rank.UNPLACED
    if Worry.OVERDUE_OUT in found:
        return Rank.LONE_WORKER
    if Worry.LATE in found:
        return Rank.LATE
    return Rank.AT_RISK if Worry.AT_RISK in found else Rank.NONE
