"""Writing down what happens to a task: one step each, with the change that it says, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.doing import Doer
from callcenter.dispatch.hints import hint
from callcenter.dispatch.models import TaskRow, TaskStep
from callcenter.dispatch.task import TaskStepKind
from callcenter.dispatch.told import write_texts
from callcenter.records.models import Staff


async def write_step(
    session: AsyncSession,
    task: TaskRow,
    kind: TaskStepKind,
    doer: Doer,
    at: datetime,
    staff_id: int | None = None,
    **data: Any,
) -> TaskStep:
    """The caller holds the row of the task, or has just written it. What its incident has to be told waits untold;
    what those who go there have to be told is in the outbox.
    """
    await session.flush()
    last = await session.scalar(select(func.max(TaskStep.n)).where(TaskStep.task_id == task.id))
    step = TaskStep(
        task_id=task.id,
        n=(last or 0) + 1,
        at=at,
        kind=kind,
        state=task.state,
        staff_id=staff_id,
        by=doer.by,
        user_id=doer.user_id,
        data=await _named(session, doer, staff_id) | data,
        told=task.incident_id is None and kind != TaskStepKind.HELP,
    )
    session.add(step)
    await session.flush()
    await write_texts(session, task, step)
    await hint(session, task.id)
    return step


async def _named(session: AsyncSession, doer: Doer, staff_id: int | None) -> dict[str, Any]:
    """Names as they are now: people marry, and leave."""
    named = {"doer": doer.name} if doer.name else {}
    if staff_id is None:
        return named
    name = await session.scalar(select(Staff.name).where(Staff.id == staff_id))
    return named | {"staff": name}
