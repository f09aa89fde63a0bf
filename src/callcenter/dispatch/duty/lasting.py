"""How long a duty lasts, and what ends it. Pure.

Whoever has a task is not off duty by the clock, nor by a word sent off in passing: the duty goes on until the task has ended, and ends
with it. A dispatcher, who has spoken to them, may end it all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from callcenter.dispatch.task import TaskState

EARLY: Final = timedelta(hours=1)
"""Whoever comes on duty so long before their shift has begun it."""
SOON: Final = timedelta(minutes=30)
"""A task that somebody has taken and that begins within this keeps them on duty; one of tomorrow does not."""


@dataclass(frozen=True, slots=True)
class Shift:
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """A task that somebody has."""

    state: TaskState
    begins: datetime


class Ending(StrEnum):
    ENDS = "ends"
    AFTER_THE_TASK = "after_the_task"


def shift_meant(shifts: Iterable[Shift], now: datetime) -> Shift | None:
    """The shift that somebody begins who comes on duty now: the one that holds, or the next one shortly before it."""
    meant = (each for each in shifts if each.begins - EARLY <= now < each.ends)
    return min(meant, key=lambda each: each.begins, default=None)


def until_when(asked: datetime | None, meant: Shift | None) -> datetime | None:
    """As it is asked for, else to the end of the shift; None: until somebody ends it."""
    if asked is not None:
        return asked
    return None if meant is None else meant.ends


def until_when_again(
    stands: datetime | None,
    asked: datetime | None,
    meant: Shift | None,
    now: datetime,
    *,
    by_roster: bool,
) -> datetime | None:
    """Of somebody who is on duty already: a shift that begins makes the duty longer, never shorter; a person's word holds; coming on
    duty again after going off in the middle of a task takes that back.
    """
    if by_roster:
        return None if stands is None or asked is None else max(stands, asked)
    if asked is not None:
        return asked
    if stands is not None and stands <= now:
        return until_when(None, meant)
    return stands


def keeps_on_duty(job: Job, now: datetime) -> bool:
    """Whether somebody with this task is on duty whatever the clock says."""
    if job.state in (TaskState.UNDER_WAY, TaskState.ARRIVED):
        return True
    return job.state is TaskState.ACCEPTED and job.begins <= now + SOON


def ending(jobs: Iterable[Job], now: datetime, *, by_dispatcher: bool) -> Ending:
    """What comes of the end of a duty."""
    if by_dispatcher or not any(keeps_on_duty(each, now) for each in jobs):
        return Ending.ENDS
    return Ending.AFTER_THE_TASK


def is_given_back(job: Job, now: datetime) -> bool:
    """When a dispatcher ends a duty: somebody else is sought for what keeps them on duty, unless they are there already."""
    return keeps_on_duty(job, now) and job.state is not TaskState.ARRIVED
