"""Whether somebody is on duty, and where they are, as their own phone says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.models import Duty, DutyBy, PositionSource, StaffPosition
from callcenter.dispatch.proof import Fix


async def duty_of(session: AsyncSession, staff_id: int) -> Duty | None:
    """The one that runs."""
    running: Duty | None = await session.scalar(
        select(Duty).where(Duty.staff_id == staff_id, Duty.ended_at.is_(None)).with_for_update()
    )
    return running


async def begin(session: AsyncSession, staff_id: int, now: datetime) -> None:
    """On duty from now on; once is enough."""
    if await duty_of(session, staff_id) is None:
        session.add(Duty(staff_id=staff_id, began_at=now, began_by=DutyBy.PAGE))
        await session.flush()


async def end(session: AsyncSession, staff_id: int, now: datetime) -> None:
    """Off duty; their position goes with it (migration 0050b)."""
    running = await duty_of(session, staff_id)
    if running is not None:
        running.ended_at, running.ended_by = max(now, running.began_at), DutyBy.PAGE
        await session.flush()


async def seen_at(session: AsyncSession, staff_id: int, fix: Fix, now: datetime) -> None:
    """The last position. Of somebody off duty the database keeps none."""
    values = {
        "at": now,
        "lat": fix.spot.lat,
        "lng": fix.spot.lng,
        "accuracy_m": fix.accuracy_m,
        "source": PositionSource.PAGE,
    }
    await session.execute(
        insert(StaffPosition)
        .values(staff_id=staff_id, **values)
        .on_conflict_do_update(index_elements=[StaffPosition.staff_id], set_=values)
    )
