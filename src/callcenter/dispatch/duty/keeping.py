"""Beginning and ending duties: each person has one at a time, whoever says so, and however many say so at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty.clearing import (
    give_back,
    held_tasks,
    hold_tasks,
    job_of,
    withdraw_offers,
)
from callcenter.dispatch.duty.lasting import (
    EARLY,
    Ending,
    Shift,
    ending,
    shift_meant,
    until_when,
    until_when_again,
)
from callcenter.dispatch.hints import hint
from callcenter.dispatch.models import Duty, DutyBy, RosterShift
from callcenter.records.models import Staff

_STEP_BY: Final = MappingProxyType(
    {
        DutyBy.PAGE: StepBy.PHONE,
        DutyBy.SMS: StepBy.SMS,
        DutyBy.DISPATCHER: StepBy.DESK,
        DutyBy.ROSTER: StepBy.CLOCK,
    }
)


async def begin(
    session: AsyncSession,
    staff_id: int,
    by: DutyBy,
    now: datetime,
    until: datetime | None = None,
) -> Duty:
    """On duty from now on, until then, or to the end of their shift, or until somebody ends it. Who is on duty already stays so. Raises
    NotFound, Conflict `works_no_more`, Invalid `until_is_past`.
    """
    if until is not None and until <= now:
        raise Invalid(
            f"A duty cannot end at {until.isoformat()}, which is over: give a later time, or none.",
            code="until_is_past",
        )
    staff = await hold_staff(session, staff_id)
    _demand_works(staff, now)
    shifts = await _shifts_about(session, staff_id, now)
    meant = shift_meant([_shift(row) for row in shifts], now)
    duty = await of_staff(session, staff_id)
    if duty is None:
        planned = until_when(until, meant)
        duty = Duty(staff_id=staff_id, began_at=now, began_by=by, planned_until=planned)
        session.add(duty)
    else:
        by_roster = by is DutyBy.ROSTER
        duty.planned_until = until_when_again(
            duty.planned_until, until, meant, now, by_roster=by_roster
        )
    await session.flush()
    for row in shifts:
        if _shift(row) == meant and (duty.planned_until or row.ends_at) > row.begins_at:
            row.began_duty_id = duty.id
    await _tell(session)
    return duty


async def end(session: AsyncSession, staff_id: int, by: DutyBy, now: datetime) -> bool:
    """Off duty: they are asked no more, and where they are is forgotten. False: they were off duty, or a task keeps them on, with which
    the duty ends then (`of_staff` tells which). Raises NotFound.
    """
    return await end_as(session, staff_id, by, now, Doer(_STEP_BY[by]))


async def end_as(
    session: AsyncSession, staff_id: int, by: DutyBy, now: datetime, doer: Doer
) -> bool:
    """The same, by somebody with a name."""
    await hold_staff(session, staff_id)
    duty = await of_staff(session, staff_id)
    if duty is None:
        return False
    await hold_tasks(session, staff_id)
    await withdraw_offers(session, staff_id, doer, now)
    tasks = await held_tasks(session, staff_id)
    jobs = [job_of(each) for each in tasks]
    if ending(jobs, now, by_dispatcher=by is DutyBy.DISPATCHER) is Ending.AFTER_THE_TASK:
        duty.planned_until = min(now, duty.planned_until or now)
        await _tell(session)
        return False
    await give_back(session, tasks, doer, now)
    duty.ended_at, duty.ended_by = now, by
    await _leave_shifts_to_come(session, duty.id, now)
    await _tell(session)
    return True


async def of_staff(session: AsyncSession, staff_id: int) -> Duty | None:
    """The duty that runs, as it is now; None: they are off duty."""
    duty: Duty | None = await session.scalar(
        select(Duty)
        .where(Duty.staff_id == staff_id, Duty.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return duty


async def hold_staff(session: AsyncSession, staff_id: int) -> Staff:
    """Whoever changes this person's duty or shifts goes through here, one after the other. Rows that only refer to them do not wait.
    Raises NotFound.
    """
    staff = await session.scalar(
        select(Staff).where(Staff.id == staff_id).with_for_update(key_share=True)
    )
    if staff is None:
        raise NotFound(f"There is nobody with the number {staff_id} in the staff.", what="staff")
    return staff


def works(staff: Staff, now: datetime) -> bool:
    """Whether they are of the staff on this day; `now` is of the site's clock."""
    return staff.active_until is None or staff.active_until > now.date()


def _demand_works(staff: Staff, now: datetime) -> None:
    if not works(staff, now):
        raise Conflict(
            f"{staff.name} has not worked here since {staff.active_until}: change that first.",
            code="works_no_more",
            until=str(staff.active_until),
        )


async def _shifts_about(
    session: AsyncSession, staff_id: int, now: datetime
) -> Sequence[RosterShift]:
    found = select(RosterShift).where(
        RosterShift.staff_id == staff_id,
        RosterShift.begins_at <= now + EARLY,
        RosterShift.ends_at > now,
    )
    return (await session.scalars(found.order_by(RosterShift.begins_at))).all()


def _shift(row: RosterShift) -> Shift:
    return Shift(row.begins_at, row.ends_at)


async def _leave_shifts_to_come(session: AsyncSession, duty_id: int, now: datetime) -> None:
    """Who came early and has gone again before the shift begins it when it begins."""
    await session.execute(
        update(RosterShift)
        .where(RosterShift.began_duty_id == duty_id, RosterShift.begins_at > now)
        .values(began_duty_id=None)
    )


async def _tell(session: AsyncSession) -> None:
    await session.flush()
    await hint(session)
