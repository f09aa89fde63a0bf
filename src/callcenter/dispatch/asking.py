"""The offers of a task as rows: who was asked, until when, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.choosing import Suggestion
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.models import TaskOffer, TaskRow
from callcenter.dispatch.offering import Offer, OfferAnswer, OfferBy
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import TaskEvent, TaskState, TaskStepKind, apply


async def offers_of(session: AsyncSession, task: TaskRow) -> list[TaskOffer]:
    """All of them, in the order they were made."""
    rows = await session.scalars(
        select(TaskOffer).where(TaskOffer.task_id == task.id).order_by(TaskOffer.n)
    )
    return list(rows)


def as_offer(row: TaskOffer) -> Offer:
    """For `offering.next_step`, which is pure. Who has given it back has said no."""
    if row.given_back:
        return Offer(row.staff_id, row.offered_at, row.expires_at, OfferAnswer.DECLINED)
    answer = None if row.answer is None else OfferAnswer(row.answer)
    return Offer(row.staff_id, row.offered_at, row.expires_at, answer)


async def offer(
    session: AsyncSession,
    task: TaskRow,
    suggestions: Sequence[Suggestion],
    by: OfferBy,
    until: datetime,
    doer: Doer,
    now: datetime,
) -> None:
    """To these people, each at once, until then; whoever is asked at this moment already is not asked twice. Raises Conflict
    `wrong_state`.
    """
    following = apply(TaskState(task.state), TaskEvent.OFFER)
    running = {row.staff_id for row in await offers_of(session, task) if row.answer is None}
    asked = [each for each in suggestions if each.person.staff_id not in running]
    if not asked:
        return
    task.state, task.version = following, task.version + 1
    task.look_at = until if task.look_at is None or not running else min(task.look_at, until)
    for each in asked:
        await _ask(session, task, each, by, until, now)
        minutes = {} if each.minutes is None else {"minutes": each.minutes}
        data = {"by": by.value, "until": until.isoformat(), **minutes}
        staff_id = each.person.staff_id
        await write_step(session, task, TaskStepKind.OFFERED, doer, now, staff_id, **data)


async def _ask(
    session: AsyncSession,
    task: TaskRow,
    suggestion: Suggestion,
    by: OfferBy,
    until: datetime,
    now: datetime,
) -> None:
    session.add(
        TaskOffer(
            task_id=task.id,
            n=await next_number(session, task),
            staff_id=suggestion.person.staff_id,
            by=by,
            offered_at=now,
            expires_at=until,
            reasons=[asdict(reason) for reason in suggestion.reasons],
        )
    )
    await session.flush()


async def next_number(session: AsyncSession, task: TaskRow) -> int:
    """Of the next offer of a task whose row is held."""
    last = await session.scalar(select(func.max(TaskOffer.n)).where(TaskOffer.task_id == task.id))
    return (last or 0) + 1


async def lapse(
    session: AsyncSession, task: TaskRow, staff_ids: Sequence[int], doer: Doer, now: datetime
) -> None:
    """Offers to these people have run out. The task is open again where none runs any more."""
    for row in await offers_of(session, task):
        if row.answer is None and row.staff_id in staff_ids:
            row.answer, row.answered_at = OfferAnswer.EXPIRED, now
            await write_step(session, task, TaskStepKind.EXPIRED, doer, now, row.staff_id)
    await reopen_if_nobody_is_asked(session, task)


async def reopen_if_nobody_is_asked(session: AsyncSession, task: TaskRow) -> None:
    await session.flush()
    running = any(row.answer is None for row in await offers_of(session, task))
    if task.state == TaskState.OFFERED and not running:
        task.state = apply(TaskState.OFFERED, TaskEvent.LAPSE)
        task.version += 1


async def withdraw(
    session: AsyncSession, task: TaskRow, now: datetime, but_for: int | None = None
) -> list[int]:
    """Offers that run are taken back, without a step of their own; answers with whom they were made to."""
    withdrawn = []
    for row in await offers_of(session, task):
        if row.answer is None and row.staff_id != but_for:
            row.answer, row.answered_at = OfferAnswer.WITHDRAWN, now
            withdrawn.append(row.staff_id)
    await session.flush()
    return withdrawn
