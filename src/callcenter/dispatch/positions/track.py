"""The way somebody took on duty: shown to whoever dispatches there, with a reason that stands in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.written import Written
from callcenter.dispatch.models import PositionSource, StaffTrack
from callcenter.records.models import Staff
from callcenter.regions.models import Region

MOST_AT_ONCE: Final = timedelta(days=1)


class TrackBody(Written):
    """Of which time, a day at most, and why it has to be looked at."""

    begins_at: AwareDatetime
    until: AwareDatetime
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class TrackPoint(BaseModel):
    at: datetime
    lat: float
    lng: float
    accuracy_m: float | None
    source: PositionSource


class Track(BaseModel):
    """The oldest first."""

    staff_id: int
    name: str
    points: list[TrackPoint]


async def show_track(
    session: AsyncSession,
    principal: Principal,
    address: str,
    staff_id: int,
    body: TrackBody,
    now: datetime,
) -> Track:
    """Raises NotFound outside one's regions, Invalid for more than a day."""
    staff, path = await _staff(session, staff_id)
    principal.find(Action.DISPATCH, path, "member of staff")
    if not timedelta() < body.until - body.begins_at <= MOST_AT_ONCE:
        raise Invalid("a track is shown for up to 24 hours", code="track_too_long")
    await record(
        session,
        at=now,
        principal_id=principal.user_id,
        action="track_seen",
        subject=f"staff:{staff_id}",
        region_ids=path,
        address=address,
        detail={
            "reason": body.reason,
            "begins_at": body.begins_at.isoformat(),
            "until": body.until.isoformat(),
        },
    )
    return Track(staff_id=staff_id, name=staff.name, points=await _points(session, staff_id, body))


async def _staff(session: AsyncSession, staff_id: int) -> tuple[Staff, Sequence[int]]:
    """With the path of where they work. Raises NotFound."""
    found = await session.execute(
        select(Staff, Region.path)
        .join(Region, Region.id == Staff.region_id)
        .where(Staff.id == staff_id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("no such member of staff", what="staff")
    return row.Staff, row.path


async def _points(session: AsyncSession, staff_id: int, body: TrackBody) -> list[TrackPoint]:
    query = (
        select(StaffTrack)
        .where(
            StaffTrack.staff_id == staff_id,
            StaffTrack.at >= body.begins_at,
            StaffTrack.at < body.until,
        )
        .order_by(StaffTrack.at)
    )
    rows = await session.scalars(query)
    return [TrackPoint.model_validate(row, from_attributes=True) for row in rows]
