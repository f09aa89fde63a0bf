"""How somebody stands on a day or at a moment, as conditions of queries: absent, kept on duty by a task."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from callcenter.dispatch.duty.lasting import SOON
from callcenter.dispatch.models import Absence, TaskRow
from callcenter.dispatch.task import TaskState


def absent_on(staff_id: InstrumentedAttribute[int], day: date) -> ColumnElement[bool]:
    """Whether the person of this column is away on the day."""
    return exists().where(
        Absence.staff_id == staff_id,
        Absence.from_day <= day,
        or_(Absence.until_day.is_(None), Absence.until_day > day),
    )


def keeping_on_duty(now: datetime) -> ColumnElement[bool]:
    """The condition on a task, as `lasting.keeps_on_duty` has it. None has ended: by that the index of what somebody has is used."""
    return TaskRow.ended_at.is_(None) & or_(
        TaskRow.state.in_((TaskState.UNDER_WAY, TaskState.ARRIVED)),
        (TaskRow.state == TaskState.ACCEPTED) & (TaskRow.begins_at <= now + SOON),
    )
