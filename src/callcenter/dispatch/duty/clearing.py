"""What becomes of the tasks of somebody who goes off duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch import moving
from callcenter.dispatch.asking import offers_of, reopen_if_nobody_is_asked
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.duty.lasting import Job, is_given_back
from callcenter.dispatch.models import TaskOffer, TaskRow
from callcenter.dispatch.offering import OfferAnswer
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import HELD, TaskState, TaskStepKind

OFF_DUTY = "off duty"
"""The reason in the step of a task that is given back so."""


async def hold_tasks(session: AsyncSession, staff_id: int) -> None:
    """Lock what they are asked about and what they have, all of it in one order: two who go off duty, or a plan for many tasks, wait for
    each other instead of blocking.
    """
    asked = select(TaskOffer.task_id).where(
        TaskOffer.staff_id == staff_id, TaskOffer.answer.is_(None)
    )
    has = select(TaskRow.id).where(TaskRow.staff_id == staff_id, TaskRow.ended_at.is_(None))
    for task_id in sorted(await session.scalars(asked.union(has))):
        await moving.held(session, task_id)


async def withdraw_offers(session: AsyncSession, staff_id: int, doer: Doer, now: datetime) -> None:
    """They are asked no more; the next one is asked at once."""
    asked = select(TaskOffer.task_id).where(
        TaskOffer.staff_id == staff_id, TaskOffer.answer.is_(None)
    )
    for task_id in sorted(await session.scalars(asked)):
        task = await moving.held(session, task_id)
        running = [
            row
            for row in await offers_of(session, task)
            if row.staff_id == staff_id and row.answer is None
        ]
        for row in running:
            row.answer, row.answered_at = OfferAnswer.WITHDRAWN, now
        if running:
            task.version += 1
            await write_step(session, task, TaskStepKind.WITHDRAWN, doer, now, staff_id)
            await _asked_no_more(session, task, now)


async def _asked_no_more(session: AsyncSession, task: TaskRow, now: datetime) -> None:
    await reopen_if_nobody_is_asked(session, task)
    if task.state in (TaskState.OPEN, TaskState.OFFERED):
        task.look_at = now


async def held_tasks(session: AsyncSession, staff_id: int) -> list[TaskRow]:
    """What they have, each row locked as it is now."""
    found = select(TaskRow.id).where(
        TaskRow.staff_id == staff_id, TaskRow.ended_at.is_(None), TaskRow.state.in_(sorted(HELD))
    )
    ids: Sequence[UUID] = sorted(await session.scalars(found))
    rows = [await moving.held(session, each) for each in ids]
    return [row for row in rows if row.staff_id == staff_id and row.state in HELD]


def job_of(task: TaskRow) -> Job:
    return Job(TaskState(task.state), task.begins_at)


async def give_back(
    session: AsyncSession, tasks: Sequence[TaskRow], doer: Doer, now: datetime
) -> None:
    """What they were to do now, so that somebody else is sought."""
    for task in tasks:
        if is_given_back(job_of(task), now):
            await moving.give_back(session, task, doer, now, OFF_DUTY)
