"""How far the call is, in the few steps that a family is shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Final

from callcenter.alerts.incident import Outcome, State
from callcenter.dispatch.task import TaskState

END_SHOWN: Final = timedelta(days=1)
"""For so long the end is shown; then only that it has ended."""


class Stage(StrEnum):
    RECEIVED = "received"
    OPERATOR = "operator"
    ASKED = "asked"
    """Somebody has said that they go."""
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    SAFE = "safe"
    NOBODY_REACHED = "nobody_reached"
    CLOSED = "closed"
    OVER = "over"
    """It ended longer ago than a day."""


ENDS: Final = frozenset({Stage.SAFE, Stage.NOBODY_REACHED, Stage.CLOSED, Stage.OVER})

_GOING: Final = {
    TaskState.ACCEPTED: Stage.ASKED,
    TaskState.UNDER_WAY: Stage.ON_THE_WAY,
    TaskState.ARRIVED: Stage.ARRIVED,
    TaskState.DONE: Stage.ARRIVED,
}
_FURTHEST: Final = (Stage.ARRIVED, Stage.ON_THE_WAY, Stage.ASKED)


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody who was sent there; `kind` is what they are, empty where that is not known."""

    state: TaskState
    name: str = ""
    kind: str = ""
    eta: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What stands on the page: `goer` is who is furthest, `ended_at` when it was closed."""

    stage: Stage
    goer: Goer | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer still means something."""
        return self.stage not in ENDS


@dataclass(frozen=True, slots=True)
class Case:
    """What is looked at of an incident."""

    state: State
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None
    safe: bool = False
    goers: Sequence[Goer] = ()


def course(case: Case, now: datetime) -> Course:
    """The stage at `now`. An ambulance, a diagnosis and what was said stay with the centre."""
    if case.state is State.CLOSED:
        return Course(_end(case, now), ended_at=case.closed_at)
    for stage in _FURTHEST:
        there = [one for one in case.goers if _GOING.get(one.state) is stage]
        if there:
            return Course(stage, min(there, key=_soonest))
    return Course(Stage.RECEIVED if case.state is State.WAITING else Stage.OPERATOR)


def _soonest(goer: Goer) -> float:
    when = goer.eta or goer.arrived_at
    return when.timestamp() if when else inf


def _end(case: Case, now: datetime) -> Stage:
    if case.closed_at is None or now - case.closed_at > END_SHOWN:
        return Stage.OVER
    if case.safe or case.outcome == Outcome.MISTAKEN_PRESS:
        return Stage.SAFE
    if case.outcome == Outcome.NOBODY_REACHED:
        return Stage.NOBODY_REACHED
    return Stage.CLOSED
