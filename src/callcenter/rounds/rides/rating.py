"""Asks once how a ride, an errand or a visit was when it is over, and keeps what is answered within a day, or told to the office."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.greeting import greeting
from callcenter.dispatch.models import TaskRating, TaskRow
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.residents.models import Resident
from callcenter.rounds.rides.rated import (
    ANSWERED_WITHIN,
    RATED,
    asked_now,
    in_time,
    may_ask,
    rating_of,
)
from callcenter.rounds.texting import called, text_to, write_text
from callcenter.sms.catalogue import MessageKind

ASKED_FOR: Final = timedelta(hours=6)
"""Work that was over longer ago is not asked about any more: the text would come at night."""
BY_SMS: Final = "sms"
BY_OFFICE: Final = "office"
_ASKING: Final = {TaskKind.RIDE: MessageKind.RIDE_HOW_WAS_IT}


class Ratings:
    """The processor `ratings` of the office."""

    name = "ratings"
    interval_s = 5.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """One piece of work that is over; how many there were."""
        async with self._database.transaction() as session:
            over = (
                select(TaskRow)
                .where(
                    TaskRow.ended_at > now - ASKED_FOR,
                    TaskRow.state == TaskState.DONE,
                    TaskRow.kind.in_(sorted(asked_now(now.astimezone(self._zone)))),
                    ~select(TaskRating).where(TaskRating.task_id == TaskRow.id).exists(),
                )
                .order_by(TaskRow.ended_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            task = await session.scalar(over)
            if task is None:
                return 0
            await _ask(session, task, now)
        return 1


async def _ask(session: AsyncSession, task: TaskRow, now: datetime) -> None:
    """Once. Whoever has no telephone is asked by a person."""
    asked = TaskRating(task_id=task.id, asked_at=now)
    session.add(asked)
    resident = await session.get(Resident, task.resident_id) if task.resident_id else None
    if resident is None or resident.phone is None:
        return
    last = select(func.max(TaskRating.asked_at)).where(TaskRating.asked_phone == resident.phone)
    if not may_ask(TaskKind(task.kind), await session.scalar(last), now):
        return
    asked.asked_phone = resident.phone
    name = called(resident.name, resident.name_latin, resident.sex)
    params = {**await greeting(session, task.region_id), **name, "task": task.kind}
    kind = _ASKING.get(TaskKind(task.kind), MessageKind.WORK_HOW_WAS_IT)
    text = text_to(resident.phone, kind, params, resident.language, None)
    await write_text(session, task.id, task.code, task.region_id, text, now)


async def rate(
    session: AsyncSession, task_id: UUID, rating: int, by: str, now: datetime
) -> TaskRating:
    """The first answer stands. Raises NotFound, Invalid `rating_out_of_range`, Conflict `not_over`, `rated_already`."""
    task = await session.get(TaskRow, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.kind not in RATED:
        raise NotFound("no such work", what="task")
    if not 1 <= rating <= 5:
        raise Invalid("A rating is 1 to 5.", code="rating_out_of_range")
    if task.state != TaskState.DONE:
        raise Conflict("It is not over yet.", code="not_over")
    row = await session.get(TaskRating, task_id, populate_existing=True)
    if row is None:
        row = TaskRating(task_id=task_id)
        session.add(row)
    if row.rating is not None and row.rating != rating:
        raise Conflict("It was rated already.", code="rated_already", rating=row.rating)
    if row.rating is None:
        row.rating, row.rated_at, row.rated_by = rating, now, by
        await session.flush()
    return row


async def asked_of(session: AsyncSession, sender: str, now: datetime) -> TaskRating | None:
    """The work that this number was asked about last, and has not rated."""
    last = (
        select(TaskRating)
        .where(
            TaskRating.asked_phone == sender,
            TaskRating.rating.is_(None),
            TaskRating.asked_at > now - ANSWERED_WITHIN,
        )
        .order_by(TaskRating.asked_at.desc())
        .limit(1)
    )
    found: TaskRating | None = await session.scalar(last)
    return found


async def rate_by_text(session: AsyncSession, sender: str, words: str, now: datetime) -> bool:
    """Whether the text was a rating."""
    rating = rating_of(words)
    asked = await asked_of(session, sender, now) if rating is not None else None
    if (
        asked is None
        or rating is None
        or asked.asked_at is None
        or not in_time(asked.asked_at, now)
    ):
        return False
    await rate(session, asked.task_id, rating, BY_SMS, now)
    return True
