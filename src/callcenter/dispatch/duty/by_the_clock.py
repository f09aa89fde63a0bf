"""Begins duties when their shifts begin, and ends them when they were to end: by rows and their times, also late, each once."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from sqlalchemy import ColumnElement, Executable, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.dispatch.duty.keeping import begin, end, hold_staff, of_staff, works
from callcenter.dispatch.duty.lasting import SOON
from callcenter.dispatch.duty.standing import absent_on, keeping_on_duty
from callcenter.dispatch.models import Duty, DutyBy, RosterShift, TaskRow
from callcenter.records.models import Staff

AT_ONCE: Final = 100


class DutiesByTheClock:
    """The processor `duties` of the office. Who is absent does not come on duty by the roster; who is ill no more still does, for the
    rest of the shift. Who has a task stays until it has ended; who has taken one while off duty is on duty as long as it lasts.
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
        for staff_id, shift_id in await self._found(_due(local)):
            async with self._database.transaction() as session:
                done += await _begin_shift(session, shift_id, staff_id, local)
        for (staff_id,) in await self._found(_off_duty_with_a_task(local)):
            async with self._database.transaction() as session:
                done += await _begin_for_a_task(session, staff_id, local)
        for (staff_id,) in await self._found(_over(local)):
            async with self._database.transaction() as session:
                done += await _end_duty(session, staff_id, local)
        return done

    async def _found(self, query: Executable) -> list[tuple[int, ...]]:
        async with self._database.transaction() as session:
            return [tuple(row) for row in await session.execute(query)]


def _due(now: datetime) -> Executable:
    """Shifts that hold now and have not begun."""
    return (
        select(RosterShift.staff_id, RosterShift.id)
        .join(Staff, Staff.id == RosterShift.staff_id)
        .where(
            RosterShift.begins_at <= now,
            RosterShift.ends_at > now,
            RosterShift.began_duty_id.is_(None),
            or_(Staff.active_until.is_(None), Staff.active_until > now.date()),
            ~absent_on(RosterShift.staff_id, now.date()),
        )
        .order_by(RosterShift.begins_at)
        .limit(AT_ONCE)
    )


def _over(now: datetime) -> Executable:
    """Whose duty was to end, or who works here no more, and no task keeps them."""
    return (
        select(Duty.staff_id)
        .join(Staff, Staff.id == Duty.staff_id)
        .where(
            Duty.ended_at.is_(None),
            or_(Duty.planned_until <= now, Staff.active_until <= now.date()),
            ~_is_kept(now),
        )
        .order_by(Duty.planned_until)
        .limit(AT_ONCE)
    )


def _off_duty_with_a_task(now: datetime) -> Executable:
    """A yes that came late, or a task given by hand. Not what they had before their duty was ended by the dispatcher, whose word that
    is, nor what was for later then. Nobody else ends the duty of somebody with a task in hand: a yes that seems to be older was carried out
    in the same moment.
    """
    had_it_then = or_(Duty.ended_by == DutyBy.DISPATCHER, TaskRow.begins_at > Duty.ended_at + SOON)
    on_duty_then = exists().where(
        Duty.staff_id == TaskRow.staff_id,
        or_(Duty.ended_at.is_(None), (Duty.ended_at > TaskRow.accepted_at) & had_it_then),
    )
    return (
        select(TaskRow.staff_id)
        .where(keeping_on_duty(now), ~on_duty_then)
        .distinct()
        .limit(AT_ONCE)
    )


async def _begin_for_a_task(session: AsyncSession, staff_id: int, now: datetime) -> bool:
    """To the end of the task, or of the shift that holds."""
    await hold_staff(session, staff_id)
    if await of_staff(session, staff_id) is not None:
        return False
    duty = await begin(session, staff_id, DutyBy.ROSTER, now)
    duty.planned_until = duty.planned_until or now
    return True


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
    staff = await hold_staff(session, staff_id)
    duty = await of_staff(session, staff_id)
    is_over = duty is not None and duty.planned_until is not None and duty.planned_until <= now
    if not is_over and works(staff, now):
        return False
    return await end(session, staff_id, DutyBy.ROSTER, now)


def _is_kept(now: datetime) -> ColumnElement[bool]:
    """Those who stay must not stand in the way of the others."""
    return exists().where(TaskRow.staff_id == Duty.staff_id, keeping_on_duty(now))
