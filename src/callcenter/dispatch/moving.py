"""Moving a task on: each function locks nothing itself but works on a row that `held` has locked, changes it as `dispatch.task` allows,
and writes the step that says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.asking import (
    next_number,
    offers_of,
    reopen_if_nobody_is_asked,
    withdraw,
)
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.models import CheckIn, TaskOffer, TaskRow
from callcenter.dispatch.offering import OfferAnswer, OfferBy, Yes, worth
from callcenter.dispatch.proof import CheckKind
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import (
    ENDED,
    HELD,
    TaskEvent,
    TaskState,
    TaskStepKind,
    apply,
    finish as finished,
)


async def held(session: AsyncSession, task_id: UUID) -> TaskRow:
    """The task, locked until the transaction ends, as it is now. Raises NotFound."""
    task = await session.scalar(
        select(TaskRow)
        .where(TaskRow.id == task_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise NotFound(f"There is no task {task_id}.", what="task")
    return task


# ---- who has it


async def accept(
    session: AsyncSession, task: TaskRow, staff_id: int, doer: Doer, now: datetime
) -> Yes:
    """Whoever is first has it, also late; the same yes twice is one. The others' offers are taken back."""
    said = worth(TaskState(task.state), task.staff_id, staff_id)
    if said is Yes.HAS_IT:
        await _place(session, task, staff_id, OfferBy.SCREEN, TaskStepKind.ACCEPTED, doer, now)
    return said


async def give(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    doer: Doer,
    now: datetime,
    note: str = "",
) -> None:
    """By the dispatcher, who has spoken to them; whoever had it has it no more. Raises Conflict `wrong_state`, `has_it_already`."""
    if task.staff_id == staff_id and task.state in HELD:
        raise Conflict("They have this task already.", code="has_it_already")
    if task.state in HELD:
        await give_back(session, task, doer, now, note)
    await _place(session, task, staff_id, OfferBy.HAND, TaskStepKind.GIVEN, doer, now, note=note)


async def _place(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    by: OfferBy,
    kind: TaskStepKind,
    doer: Doer,
    now: datetime,
    **data: Any,
) -> None:
    following = apply(TaskState(task.state), TaskEvent.ACCEPT)
    withdrawn = await withdraw(session, task, now, but_for=staff_id)
    asked = [row for row in await offers_of(session, task) if row.staff_id == staff_id]
    if not asked or by is OfferBy.HAND or asked[-1].given_back:
        asked.append(await _of_hand(session, task, staff_id, by, now))
    for row in asked[:-1]:
        if row.answer is None:
            row.answer, row.answered_at = OfferAnswer.WITHDRAWN, now
    asked[-1].answer, asked[-1].answered_at = OfferAnswer.ACCEPTED, now
    task.state, task.version = following, task.version + 1
    task.staff_id, task.accepted_at, task.look_at = staff_id, now, task.until_at
    await write_step(session, task, kind, doer, now, staff_id, withdrawn=withdrawn, **data)


async def _of_hand(
    session: AsyncSession, task: TaskRow, staff_id: int, by: OfferBy, now: datetime
) -> TaskOffer:
    """Of somebody who was not asked by a row: given, or they took it from a list."""
    n = await next_number(session, task)
    row = TaskOffer(task_id=task.id, n=n, staff_id=staff_id, by=by, offered_at=now, expires_at=now)
    session.add(row)
    await session.flush()
    return row


async def decline(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    doer: Doer,
    now: datetime,
    reason: str = "",
) -> None:
    """No to an offer, or giving back what they have. Raises Conflict `not_asked`."""
    if task.staff_id == staff_id and task.state in HELD:
        await give_back(session, task, doer, now, reason)
        return
    asked = [row for row in await offers_of(session, task) if row.staff_id == staff_id]
    if not asked:
        raise Conflict("They were not asked about this task.", code="not_asked")
    if asked[-1].answer in (OfferAnswer.DECLINED, OfferAnswer.WITHDRAWN):
        return
    asked[-1].answer, asked[-1].answered_at = OfferAnswer.DECLINED, now
    task.version += 1
    await write_step(session, task, TaskStepKind.DECLINED, doer, now, staff_id, reason=reason)
    await reopen_if_nobody_is_asked(session, task)
    if task.state == TaskState.OPEN:
        task.look_at = now


async def give_back(
    session: AsyncSession, task: TaskRow, doer: Doer, now: datetime, reason: str
) -> None:
    """Whoever has it has it no more, and is not asked again by itself. Raises Conflict `wrong_state`."""
    task.state = apply(TaskState(task.state), TaskEvent.GIVE_BACK)
    had = task.staff_id
    for row in await offers_of(session, task):
        if row.staff_id == had and row.answer == OfferAnswer.ACCEPTED:
            row.given_back = True
    task.staff_id = task.accepted_at = task.set_out_at = task.eta = task.arrived_at = None
    task.look_at, task.version = now, task.version + 1
    await write_step(session, task, TaskStepKind.GIVEN_BACK, doer, now, had, reason=reason)


# ---- on the way, there, done


async def set_out(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    doer: Doer,
    now: datetime,
    minutes: int | None,
) -> None:
    """On the way, there in so many minutes; said again while under way it is a new time. Raises Conflict `given_to_another`,
    `wrong_state`.
    """
    demand_holder(task, staff_id)
    under_way = task.state == TaskState.UNDER_WAY
    if not under_way:
        task.state = apply(TaskState(task.state), TaskEvent.SET_OUT)
        task.set_out_at = now
    task.eta = None if minutes is None else now + timedelta(minutes=minutes)
    task.version += 1
    kind = TaskStepKind.ETA_CHANGED if under_way else TaskStepKind.SET_OUT
    eta = task.eta.isoformat() if task.eta else None
    await write_step(session, task, kind, doer, now, staff_id, minutes=minutes, eta=eta)


async def finish(
    session: AsyncSession,
    task: TaskRow,
    doer: Doer,
    now: datetime,
    reason: str,
    left_at: datetime | None = None,
) -> None:
    """Done: by both check-ins, or by the reason of a dispatcher; `left_at`: where it ended before it was heard of. Raises Conflict `wrong_state`, Invalid `reason_wanted`."""
    kinds = set(await session.scalars(select(CheckIn.kind).where(CheckIn.task_id == task.id)))
    task.state = finished(
        TaskState(task.state),
        checked_in=bool(kinds & {CheckKind.ARRIVE, CheckKind.STOP}),
        checked_out=bool(kinds & {CheckKind.DEPART, CheckKind.STOP}),
        reason=reason,
    )
    task.reason = reason.strip()
    task.ended_at, task.look_at, task.version = left_at or now, None, task.version + 1
    await write_step(session, task, TaskStepKind.DONE, doer, now, task.staff_id, reason=task.reason)


async def cancel(
    session: AsyncSession, task: TaskRow, doer: Doer, now: datetime, reason: str
) -> None:
    """Called off by a person, with a reason. Raises Conflict `wrong_state`, Invalid `reason_wanted`."""
    if not reason.strip():
        raise Invalid("Say why it is called off.", code="reason_wanted")
    task.state = apply(TaskState(task.state), TaskEvent.CANCEL)
    withdrawn = await withdraw(session, task, now)
    task.reason = reason.strip()
    task.ended_at, task.look_at, task.version = now, None, task.version + 1
    data = {"reason": task.reason, "withdrawn": withdrawn}
    await write_step(session, task, TaskStepKind.CANCELLED, doer, now, task.staff_id, **data)


async def give_up(session: AsyncSession, task: TaskRow, doer: Doer, now: datetime) -> None:
    """Nobody is left to ask: loud at the dispatcher. Raises Conflict `wrong_state`."""
    task.state = apply(TaskState(task.state), TaskEvent.GIVE_UP)
    task.look_at, task.version = None, task.version + 1
    await write_step(session, task, TaskStepKind.UNPLACED, doer, now)


async def ask_help(
    session: AsyncSession,
    task: TaskRow,
    staff_id: int,
    doer: Doer,
    now: datetime,
    words: str = "",
) -> None:
    """Whoever is there, or on the way, needs help. Never refused."""
    task.version += 1
    await write_step(session, task, TaskStepKind.HELP, doer, now, staff_id, words=words)


async def note(
    session: AsyncSession,
    task: TaskRow,
    kind: TaskStepKind,
    doer: Doer,
    now: datetime,
    staff_id: int | None = None,
    **data: Any,
) -> None:
    """A step that changes no state."""
    task.version += 1
    await write_step(session, task, kind, doer, now, staff_id, **data)


def demand_holder(task: TaskRow, staff_id: int) -> None:
    """Raises Conflict `given_to_another`, `over_already`, `not_yours`."""
    if task.staff_id == staff_id:
        return
    if task.staff_id is not None:
        raise Conflict("Somebody else has this task now.", code="given_to_another")
    if task.state in ENDED:
        raise Conflict(f"This task is {task.state} already.", code="over_already")
    raise Conflict("They do not have this task: take it first.", code="not_yours")
