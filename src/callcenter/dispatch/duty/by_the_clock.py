"""Begins duties when their shifts begin, and ends them when they were to end: by rows and their times, also late, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.dispatch.duty.keeping import begin, end, hold_staff, of_staff
from callcenter.dispatch.duty.lasting import SOON
from callcenter.dispatch.models import Absence, Duty, DutyBy, RosterShift, TaskRow
from callcenter.dispatch.task import TaskState
from callcenter.records.models import Staff

AT_ONCE: Final = 100


class DutiesByTheClock:
    """The processor `duties` of the office. Who is absent does not come on duty by the roster; who is ill no more still does, for the
    rest of the shift. Who has a task stays until it has ended.
    """

    name = "duties"
    interval_s = 10.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """How many began and ended; of each at most a hundred at a time, each person in a transaction of their own."""
        local = now.astimezone(self._zone)
        done = 0
        for shift_id, staff_id in await self._found(_due(local)):
            async with self._database.transaction() as session:
                done += await _begin_shift(session, shift_id, staff_id, local)
        for (staff_id,) in await self._found(_over(local)):
            async with self._database.transaction() as session:
                done += await _end_duty(session, staff_id, local)
        return done

    async def _found(self, query: Select[Any]) -> Sequence[Row[Any]]:
        async with self._database.transaction() as session:
            return (await session.execute(query)).all()


def _due(now: datetime) -> Select[Any]:
    """Shifts that hold now and have not begun."""
    return (
        select(RosterShift.id, RosterShift.staff_id)
        .join(Staff, Staff.id == RosterShift.staff_id)
        .where(
            RosterShift.begins_at <= now,
            RosterShift.ends_at > now,
            RosterShift.began_duty_id.is_(None),
            or_(Staff.active_until.is_(None), Staff.active_until > now.date()),
            ~_is_absent(now),
        )
        .order_by(RosterShift.begins_at)
        .limit(AT_ONCE)
    )


def _over(now: datetime) -> Select[Any]:
    """Whose duty was to end, and no task keeps them."""
    return (
        select(Duty.staff_id)
        .where(Duty.ended_at.is_(None), Duty.planned_until <= now, ~_is_kept(now))
        .order_by(Duty.planned_until)
        .limit(AT_ONCE)
    )


async def _begin_shift(session: AsyncSession, shift_id: int, staff_id: int, now: datetime) -> bool:
    """Unless it has begun meanwhile, or has gone to another."""
    await hold_staff(session, staff_id)
    shift = await session.get(RosterShift, shift_id)
    if shift is None or shift.staff_id != staff_id or shift.began_duty_id is not None:
        return False
    await begin(session, staff_id, DutyBy.ROSTER, now, shift.ends_at)
    return shift.began_duty_id is not None


async def _end_duty(session: AsyncSession, staff_id: int, now: datetime) -> bool:
    """Unless it was made longer meanwhile."""
    await hold_staff(session, staff_id)
    duty = await of_staff(session, staff_id)
    if duty is None or duty.planned_until is None or duty.planned_until > now:
        return False
    return await end(session, staff_id, DutyBy.ROSTER, now)


def _is_absent(now: datetime) -> ColumnElement[bool]:
    day = now.date()
    return exists().where(
        Absence.staff_id == RosterShift.staff_id,
        Absence.from_day <= day,
        or_(Absence.until_day.is_(None), Absence.until_day > day),
    )


def _is_kept(now: datetime) -> ColumnElement[bool]:
    """As `lasting.keeps_on_duty` has it, so that those who stay do not stand in the way of the others."""
    return exists().where(
        TaskRow.staff_id == Duty.staff_id,
        or_(
            TaskRow.state.in_((TaskState.UNDER_WAY, TaskState.ARRIVED)),
            (TaskRow.state == TaskState.ACCEPTED) & (TaskRow.begins_at <= now + SOON),
        ),
    )
