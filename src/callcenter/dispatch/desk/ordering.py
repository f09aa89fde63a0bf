"""When a task will want the dispatcher's eyes, as times: so that a page which has its row ranks it by the clock alone. Pure.

`lateness.rank` says what holds now; this says from when on, and both agree at every moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from callcenter.dispatch.lateness import CHECK_OUT_LATE, SOON, Rank, Standing, there_until
from callcenter.dispatch.task import ENDED, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class Moments:
    """After these times the task is overdue, late, or at risk; None: never, as it stands. `will_be_late`: by the time that whoever
    has it has named.
    """

    overdue_at: datetime | None = None
    late_at: datetime | None = None
    risk_at: datetime | None = None
    will_be_late: bool = False


def moments(standing: Standing) -> Moments:
    """From when on it wants eyes, if nothing else happens to it."""
    if standing.state in ENDED:
        return Moments()
    if standing.state is TaskState.ARRIVED:
        since = standing.arrived_at
        return Moments(None if since is None else since + standing.lasts + CHECK_OUT_LATE)
    until = there_until(standing)
    if until is None:
        return Moments()
    if standing.eta is not None:
        return Moments(late_at=until, will_be_late=standing.eta > until)
    risk_at = None if standing.state is TaskState.UNDER_WAY else until - SOON
    return Moments(late_at=until, risk_at=risk_at)


def rank_by(kind: TaskKind, state: TaskState, at: Moments, now: datetime) -> Rank:
    """Where it stands in the list at this moment."""
    if state is TaskState.UNPLACED:
        return Rank.UNPLACED_RESCUE if kind is TaskKind.RESCUE else Rank.UNPLACED
    if at.overdue_at is not None and now > at.overdue_at:
        return Rank.LONE_WORKER
    if at.late_at is not None and now > at.late_at:
        return Rank.LATE
    risky = at.will_be_late or (at.risk_at is not None and now > at.risk_at)
    return Rank.AT_RISK if risky else Rank.NONE


NAMES: Final[Mapping[Rank, str]] = MappingProxyType({each: each.name.lower() for each in Rank})
"""As the API calls them."""
