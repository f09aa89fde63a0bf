"""Tasks whose time has come are looked at: whom to ask next, whose offer has lapsed, who is late, who has not checked out.

A processor of the office. What it looks at it locks, so that two offices do not both ask; the offers and their texts are written in one
transaction. Everything is a row and its time: a restart changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.dispatch import asking, moving
from callcenter.dispatch.checking_in import standing_of
from callcenter.dispatch.choosing import ranked
from callcenter.dispatch.doing import CLOCK, Doer
from callcenter.dispatch.faults import AWAY, OF_THE_ROW
from callcenter.dispatch.lateness import CHECK_OUT_LATE, Worry, there_until, worries
from callcenter.dispatch.lone_worker import ASKED_AGAIN_AFTER, Deed, Seen, watch
from callcenter.dispatch.models import TaskRow, TaskStep
from callcenter.dispatch.offering import ROUNDS, OfferBy, next_step
from callcenter.dispatch.people import need_of, people_for
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import SEEKING, TaskEvent, TaskKind, TaskState, TaskStepKind
from callcenter.dispatch.told import ALARM
from callcenter.records.models import Staff

log = structlog.get_logger(__name__)

NAME: Final = "placing"
BATCH: Final = 50
RESCUE_AGAIN: Final = timedelta(seconds=15)
OTHERS_AGAIN: Final = timedelta(minutes=1)
"""So often a task that nobody can be asked about is looked at: somebody may have come on duty, or be free again."""
FORGOTTEN_AGAIN: Final = timedelta(minutes=10)
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""What should have begun so long ago is looked at less often."""
PUT_OFF: Final = timedelta(seconds=30)
"""What cannot be looked at now keeps no other waiting."""


class Placing:
    """The processor. `zone`: the site's."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """Look at what is due, the most urgent first. Raises Unavailable."""
        try:
            async with self._database.transaction() as session:
                due = list(await session.scalars(text(_DUE), {"now": now, "most": BATCH}))
            return sum([await self._look_or_put_off(each, now) for each in due])
        except AWAY as error:
            raise Unavailable("Tasks cannot be looked at now.") from error

    async def _look_or_put_off(self, task_id: UUID, now: datetime) -> bool:
        try:
            return await self._look(task_id, now)
        except Exception as error:  # one task that nobody can look at must not hide all others
            if isinstance(error, AWAY) and not isinstance(error, OF_THE_ROW):
                raise
            log.exception("task_not_looked_at", task_id=str(task_id))
            async with self._database.transaction() as session:
                await session.execute(text(_LATER), {"id": task_id, "at": now + PUT_OFF})
            return False

    async def _look(self, task_id: UUID, now: datetime) -> bool:
        async with self._database.transaction() as session:
            task = await session.scalar(
                select(TaskRow)
                .where(TaskRow.id == task_id, TaskRow.look_at <= now, TaskRow.ended_at.is_(None))
                .with_for_update(skip_locked=True)
            )
            if task is None:
                return False
            await look(session, task, now, self._zone)
            return True


async def look(session: AsyncSession, task: TaskRow, now: datetime, zone: tzinfo) -> None:
    """Do what is due with this task, whose row is held, and write down when to look again."""
    if task.state in SEEKING:
        await _place(session, task, now, zone)
    elif task.state == TaskState.ARRIVED:
        await _look_after(session, task, now)
    else:
        await _tell_late(session, task, now)


# ---- whom to ask


async def _place(session: AsyncSession, task: TaskRow, now: datetime, zone: tzinfo) -> None:
    kind = TaskKind(task.kind)
    offers = [asking.as_offer(row) for row in await asking.offers_of(session, task)]
    suggestions = ranked(need_of(task), await people_for(session, task, now, zone), now)
    following = next_step(
        kind, TaskState(task.state), offers, suggestions, now, task.wanted_staff_id
    )
    if following.expired:
        await asking.lapse(session, task, following.expired, CLOCK, now)
    if following.until is not None:
        until = following.until
        await asking.offer(session, task, following.ask, OfferBy.SMS, until, CLOCK, now)
    elif following.event is TaskEvent.GIVE_UP:
        await moving.give_up(session, task, CLOCK, now)
    task.look_at = await _again_at(session, task, now)


async def _again_at(session: AsyncSession, task: TaskRow, now: datetime) -> datetime:
    """When the next offer lapses; sooner where more could be asked at once if there were somebody."""
    rows = await asking.offers_of(session, task)
    lapsing = [row.expires_at for row in rows if row.answer is None]
    if len(lapsing) >= ROUNDS[TaskKind(task.kind)].at_once:
        return min(lapsing)
    again = RESCUE_AGAIN if task.kind == TaskKind.RESCUE else OTHERS_AGAIN
    if now - task.begins_at > FORGOTTEN_AFTER:
        again = FORGOTTEN_AGAIN
    return min([*lapsing, now + again])


# ---- who is late, and who is there alone


async def _tell_late(session: AsyncSession, task: TaskRow, now: datetime) -> None:
    """Once: nobody is there, and the time has passed."""
    standing = standing_of(task)
    task.look_at = there_until(standing)
    if task.look_at is None or now < task.look_at:
        return
    task.look_at = None
    if Worry.LATE in worries(standing, now + timedelta(microseconds=1)):
        await moving.note(session, task, TaskStepKind.LATE, CLOCK, now, task.staff_id)


async def _look_after(session: AsyncSession, task: TaskRow, now: datetime) -> None:
    found = watch(await _seen(session, task, now), now)
    task.look_at = found.again_at
    if found.deed is Deed.WAIT:
        return
    data = await _where_they_are(session, task) if found.deed is Deed.ALARM else {}
    kind = TaskStepKind.OVERDUE_OUT
    task.version += 1
    step = await write_step(session, task, kind, CLOCK, now, task.staff_id, **data)
    if found.deed is Deed.ALARM:
        # Also where no incident stands behind the task: the alarm process opens one by this step.
        step.told = False


async def _where_they_are(session: AsyncSession, task: TaskRow) -> dict[str, object]:
    """All that an incident for the worker needs: who they are, how to call them, and where they were last heard of."""
    staff = await session.get(Staff, task.staff_id)
    return {
        ALARM: True,
        "phone": staff.phone if staff else None,
        "region_id": task.region_id,
        "home_id": task.home_id,
        "place": task.place,
        "lat": task.lat,
        "lng": task.lng,
        "since": task.arrived_at.isoformat() if task.arrived_at else None,
    }


async def _seen(session: AsyncSession, task: TaskRow, now: datetime) -> Seen:
    steps = await session.scalars(
        select(TaskStep).where(TaskStep.task_id == task.id).order_by(TaskStep.n.desc())
    )
    since = _since_arrival(list(steps))
    asked = (each.at for each in since if _is(each, TaskStepKind.OVERDUE_OUT, alarm=False))
    alarm = (each.at for each in since if _is(each, TaskStepKind.OVERDUE_OUT, alarm=True))
    called = (each.at for each in since if each.kind == TaskStepKind.CALLED)
    return Seen(
        task.arrived_at or now,
        timedelta(minutes=task.minutes),
        next(asked, None),
        next(alarm, None),
        next(called, None),
    )


def _since_arrival(steps: Sequence[TaskStep]) -> list[TaskStep]:
    """The last first, as they came."""
    arrived = next((n for n, each in enumerate(steps) if each.kind == TaskStepKind.ARRIVED), None)
    return list(steps[:arrived])


def _is(step: TaskStep, kind: TaskStepKind, *, alarm: bool) -> bool:
    told = isinstance(step.data, dict) and step.data.get(ALARM) is True
    return step.kind == kind and told is alarm


async def heard_from(
    session: AsyncSession, task: TaskRow, at: datetime, staff_id: int, doer: Doer
) -> None:
    """Whoever is there says that they are still at work: they are asked again later."""
    await moving.note(session, task, TaskStepKind.CALLED, doer, at, staff_id, result="still_there")
    lasts = timedelta(minutes=task.minutes)
    task.look_at = at + ASKED_AGAIN_AFTER
    if task.arrived_at is not None:
        task.look_at = max(task.look_at, task.arrived_at + lasts + CHECK_OUT_LATE)


_DUE = """
SELECT id FROM task WHERE look_at <= :now AND ended_at IS NULL ORDER BY kind <> 'rescue', priority, look_at LIMIT :most
"""

_LATER = "UPDATE task SET look_at = :at WHERE id = :id AND ended_at IS NULL"
