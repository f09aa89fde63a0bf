"""Who is away from when until when, and what that leaves undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from sqlalchemy import Integer, and_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty.keeping import end_as
from callcenter.dispatch.duty.planning import Away
from callcenter.dispatch.duty.reaching import one_of_staff
from callcenter.dispatch.duty.schemas import (
    AbsenceBody,
    AbsenceChanges,
    AbsenceView,
    Absent,
    AbsentTask,
)
from callcenter.dispatch.duty.week import absence_view
from callcenter.dispatch.models import Absence, DutyBy, RosterShift, TaskOffer, TaskRow
from callcenter.dispatch.task import HELD, SEEKING, TaskKind, TaskState
from callcenter.records.models import Staff
from callcenter.residents.access import Asking


async def tasks_of_absence(
    session: AsyncSession,
    staff_id: int,
    from_day: date,
    until_day: date | None,
    zone: tzinfo = UTC,
) -> list[TaskRow]:
    """What they have or are asked about in these days, as the calendar of `zone` has them, by when it begins. `until_day` is not in it;
    None: all that is to come. What they should have ended before and have not is theirs as well.
    """
    begins = datetime.combine(from_day, datetime.min.time(), zone)
    asked = exists().where(
        TaskOffer.task_id == TaskRow.id,
        TaskOffer.staff_id == staff_id,
        TaskOffer.answer.is_(None),
    )
    query = select(TaskRow).where(
        or_(
            and_(TaskRow.staff_id == staff_id, TaskRow.state.in_(sorted(HELD))),
            and_(TaskRow.state.in_(sorted(SEEKING)), asked),
        ),
        TaskRow.begins_at + func.make_interval(0, 0, 0, 0, 0, cast(TaskRow.minutes, Integer))
        > begins,
    )
    if until_day is not None:
        ends = datetime.combine(until_day, datetime.min.time(), zone)
        query = query.where(TaskRow.begins_at < ends)
    return list(await session.scalars(query.order_by(TaskRow.begins_at, TaskRow.id)))


async def add_absence(asking: Asking, body: AbsenceBody, zone: tzinfo) -> Absent:
    """Whoever is away from today on goes off duty; what they have in hand is offered to others, but for where they are already. Raises
    NotFound, Invalid `ends_before_it_begins`.
    """
    staff = await one_of_staff(asking, body.staff_id, Action.DISPATCH)
    row = Absence(staff_id=staff.id)
    return await _write(asking, row, staff, body, "absence_added", zone)


async def change_absence(
    asking: Asking, absence_id: int, body: AbsenceChanges, zone: tzinfo
) -> Absent:
    """Also to end one that was open. Raises as `add_absence`."""
    row, staff = await _held(asking, absence_id)
    return await _write(asking, row, staff, body, "absence_changed", zone)


async def remove_absence(asking: Asking, absence_id: int) -> None:
    """One that was entered by mistake; the audit trail keeps it. Raises NotFound."""
    row, staff = await _held(asking, absence_id)
    await _note(asking, "absence_removed", staff, {"before": _told(row), "after": {}})
    await asking.session.delete(row)


async def look_at_absence(asking: Asking, absence_id: int, zone: tzinfo) -> Absent:
    """With what it leaves undone by now. Raises NotFound."""
    row, _ = await _held(asking, absence_id)
    return await _absent(asking, row, zone, off_duty=False)


async def _write(
    asking: Asking,
    row: Absence,
    staff: Staff,
    body: AbsenceChanges,
    action: str,
    zone: tzinfo,
) -> Absent:
    if body.until_day is not None and body.until_day <= body.from_day:
        raise Invalid(
            f"An absence from {body.from_day} on cannot be over by {body.until_day}.",
            code="ends_before_it_begins",
        )
    before = {} if row.id is None else _told(row)
    row.from_day, row.until_day = body.from_day, body.until_day
    row.kind, row.reason = body.kind, body.reason.strip()
    asking.session.add(row)
    await asking.session.flush()
    await _note(asking, action, staff, {"before": before, "after": _told(row)})
    off_duty = await _off_duty(asking, row)
    return await _absent(asking, row, zone, off_duty=off_duty)


async def _off_duty(asking: Asking, row: Absence) -> bool:
    if not Away(row.from_day, row.until_day).has(asking.now.date()):
        return False
    doer = Doer(StepBy.DESK, asking.principal.user_id, asking.principal.name)
    return await end_as(asking.session, row.staff_id, DutyBy.DISPATCHER, asking.now, doer)


async def _absent(asking: Asking, row: Absence, zone: tzinfo, *, off_duty: bool) -> Absent:
    first = max(row.from_day, asking.now.date())
    tasks = await tasks_of_absence(asking.session, row.staff_id, first, row.until_day, zone)
    return Absent(
        absence=absence_view(row),
        tasks=_lines(tasks, row.staff_id),
        shifts=await _shifts(asking, row, first, zone),
        off_duty=off_duty,
    )


async def _shifts(asking: Asking, row: Absence, first: date, zone: tzinfo) -> int:
    """Planned for these days, which somebody else should take over."""
    query = select(func.count()).where(
        RosterShift.staff_id == row.staff_id,
        RosterShift.began_duty_id.is_(None),
        RosterShift.begins_at >= datetime.combine(first, datetime.min.time(), zone),
    )
    if row.until_day is not None:
        ends = datetime.combine(row.until_day, datetime.min.time(), zone)
        query = query.where(RosterShift.begins_at < ends)
    return await asking.session.scalar(query) or 0


def _lines(tasks: Iterable[TaskRow], staff_id: int) -> list[AbsentTask]:
    return [
        AbsentTask(
            id=task.id,
            kind=TaskKind(task.kind),
            state=TaskState(task.state),
            begins_at=task.begins_at,
            minutes=task.minutes,
            offered=task.staff_id != staff_id,
        )
        for task in tasks
    ]


async def _held(asking: Asking, absence_id: int) -> tuple[Absence, Staff]:
    row = await asking.session.get(Absence, absence_id, with_for_update=True)
    if row is None:
        raise NotFound("no such absence", what="absence")
    return row, await one_of_staff(asking, row.staff_id, Action.DISPATCH)


def _told(row: Absence) -> dict[str, object]:
    view: AbsenceView = absence_view(row)
    return view.model_dump(mode="json", exclude={"reason", "staff_id"})


async def _note(asking: Asking, action: str, staff: Staff, detail: dict[str, object]) -> None:
    path = await asking.path_of(staff.region_id)
    await asking.note(action, f"staff:{staff.id}", path, detail)
