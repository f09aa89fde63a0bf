"""Who is on duty now, since when and until when; and beginning and ending the duty of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty.clearing import held_tasks, job_of
from callcenter.dispatch.duty.keeping import begin, end_as, of_staff
from callcenter.dispatch.duty.lasting import keeps_on_duty
from callcenter.dispatch.duty.reaching import Wanted, one_of_staff, staff_of
from callcenter.dispatch.duty.schemas import DutyView, StaffOnDuty
from callcenter.dispatch.duty.standing import absent_on, keeping_on_duty
from callcenter.dispatch.models import Duty, DutyBy, RosterShift, TaskRow
from callcenter.dispatch.task import HELD
from callcenter.records.models import Staff
from callcenter.residents.access import Asking
from callcenter.residents.names import latin_name
from callcenter.residents.paging import Branch, Window, find_page
from callcenter.residents.schemas import Page


async def staff_on_duty(
    asking: Asking, wanted: Wanted, window: Window, *, on_duty: bool | None
) -> Page[StaffOnDuty]:
    """By name. `on_duty` None: everybody, with how they stand."""
    query = staff_of(asking, wanted, Action.SEE_FIELD)
    runs = exists().where(Duty.staff_id == Staff.id, Duty.ended_at.is_(None))
    if on_duty is not None:
        query = query.where(runs if on_duty else ~runs)
    listed: Any = query.with_only_columns(Staff.id.label("id"), Staff.name.label("key"))
    found = await find_page(asking.session, [Branch(listed)], window)
    return Page[StaffOnDuty].of(await _views(asking, found.ids), found, window)


async def begin_for(asking: Asking, staff_id: int, until: datetime | None) -> StaffOnDuty:
    """Raises NotFound, Conflict `works_no_more`, Invalid `until_is_past`."""
    staff = await one_of_staff(asking, staff_id, Action.DISPATCH)
    await begin(asking.session, staff_id, DutyBy.DISPATCHER, asking.now, until)
    said = {"until": None if until is None else until.isoformat()}
    await asking.note(
        "duty_begun", f"staff:{staff_id}", await asking.path_of(staff.region_id), said
    )
    return (await _views(asking, [staff_id]))[0]


async def end_for(asking: Asking, staff_id: int, *, with_task: bool) -> bool:
    """Raises NotFound; Conflict `has_task` for somebody at a task, unless it is said that they are to leave it: it is offered to others
    then, but for one where they are already.
    """
    staff = await one_of_staff(asking, staff_id, Action.DISPATCH)
    if not with_task:
        await _demand_free(asking, staff)
    doer = Doer(StepBy.DESK, asking.principal.user_id, asking.principal.name)
    ended = await end_as(asking.session, staff_id, DutyBy.DISPATCHER, asking.now, doer)
    if ended:
        said = {"with_task": with_task}
        path = await asking.path_of(staff.region_id)
        await asking.note("duty_ended", f"staff:{staff_id}", path, said)
    return ended


async def _demand_free(asking: Asking, staff: Staff) -> None:
    if await of_staff(asking.session, staff.id) is None:
        return
    tasks = await held_tasks(asking.session, staff.id)
    keeping = [each for each in tasks if keeps_on_duty(job_of(each), asking.now)]
    if keeping:
        raise Conflict(
            f"{staff.name} has {len(keeping)} task(s) in hand: wait, or end the duty all the same and the tasks are offered to others.",
            code="has_task",
            name=staff.name,
            tasks=len(keeping),
        )


async def duties_of(
    session: AsyncSession, staff_ids: Sequence[int], now: datetime
) -> Mapping[int, DutyView]:
    """Those that run."""
    kept = exists().where(TaskRow.staff_id == Duty.staff_id, keeping_on_duty(now))
    rows = await session.execute(
        select(Duty, kept).where(Duty.staff_id.in_(staff_ids), Duty.ended_at.is_(None))
    )
    return {
        duty.staff_id: DutyView(
            began_at=duty.began_at.astimezone(UTC),
            began_by=DutyBy(duty.began_by),
            planned_until=duty.planned_until and duty.planned_until.astimezone(UTC),
            kept_by_task=has_task and duty.planned_until is not None and duty.planned_until <= now,
        )
        for duty, has_task in rows
    }


async def _views(asking: Asking, ids: Sequence[int]) -> list[StaffOnDuty]:
    """In the order of the ids."""
    session, now = asking.session, asking.now
    next_shift = (
        select(func.min(RosterShift.begins_at))
        .where(RosterShift.staff_id == Staff.id, RosterShift.begins_at > now)
        .scalar_subquery()
    )
    absent = absent_on(Staff.id, now.date())
    found = await session.execute(
        select(Staff, absent, _tasks_in_hand(), next_shift).where(Staff.id.in_(ids))
    )
    duties = await duties_of(session, ids, now)
    views = {
        staff.id: _view(staff, duties.get(staff.id), absent=absent, tasks=tasks, shift_at=shift_at)
        for staff, absent, tasks, shift_at in found
    }
    return [views[each] for each in ids]


def _tasks_in_hand() -> ScalarSelect[int]:
    """How many each of the staff has."""
    in_hand = (
        TaskRow.staff_id == Staff.id,
        TaskRow.ended_at.is_(None),
        TaskRow.state.in_(sorted(HELD)),
    )
    return select(func.count()).select_from(TaskRow).where(*in_hand).scalar_subquery()


def _view(
    staff: Staff, duty: DutyView | None, *, absent: bool, tasks: int, shift_at: datetime | None
) -> StaffOnDuty:
    return StaffOnDuty(
        staff_id=staff.id,
        name=staff.name,
        name_latin=latin_name(staff.name).latin,
        phone=staff.phone,
        kinds=staff.kinds,
        skills=staff.skills,
        languages=staff.languages,
        vehicle=staff.vehicle,
        region_id=staff.region_id,
        areas=staff.areas,
        absent=absent,
        tasks=tasks,
        next_shift_at=shift_at,
        duty=duty,
    )
