"""Beginning and ending a duty by a text, where nothing else about duties is asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.hints import FIELD
from callcenter.dispatch.models import Duty, DutyBy, TaskRow
from callcenter.dispatch.task import HELD

_HINT = text("SELECT pg_notify(:channel, '')")


class PlainDuties:
    """One duty at a time; whoever has a task stays on duty."""

    async def begin(self, session: AsyncSession, staff_id: int, by: DutyBy, now: datetime) -> Duty:
        """The duty that runs, begun now where none did."""
        running = await _running(session, staff_id)
        if running is None:
            running = Duty(staff_id=staff_id, began_at=now, began_by=by)
            session.add(running)
            await session.flush()
            await session.execute(_HINT, {"channel": FIELD})
        return running

    async def end(self, session: AsyncSession, staff_id: int, by: DutyBy, now: datetime) -> bool:
        """False: they were off duty, or have a task."""
        running = await _running(session, staff_id)
        tasks = select(func.count()).where(
            TaskRow.staff_id == staff_id, TaskRow.state.in_(sorted(HELD)), TaskRow.begins_at <= now
        )
        if running is None or await session.scalar(tasks):
            return False
        running.ended_at, running.ended_by = now, by
        await session.flush()
        await session.execute(_HINT, {"channel": FIELD})
        return True


async def _running(session: AsyncSession, staff_id: int) -> Duty | None:
    duty: Duty | None = await session.scalar(
        select(Duty).where(Duty.staff_id == staff_id, Duty.ended_at.is_(None)).with_for_update()
    )
    return duty
