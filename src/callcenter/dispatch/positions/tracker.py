"""Trackers and systems of vehicles that say where people on duty are: they know the token of a source, and speak for its region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Unauthenticated
from callcenter.devices.models import Source
from callcenter.dispatch.models import PositionSource
from callcenter.dispatch.positions.fix import Fix
from callcenter.dispatch.positions.keeping import may_be_lost, record_all
from callcenter.records.models import Staff
from callcenter.regions.models import Region

MOST: Final = 500
"""A body of a stranger is 64 KiB at most."""


class PositionSeen(BaseModel):
    """Where somebody was, and when, by the tracker's clock. WGS-84 degrees."""

    staff_id: int
    at: AwareDatetime
    lat: float
    lng: float
    accuracy_m: float | None = None


class PositionsBody(BaseModel):
    """Of many people at once, each as often as need be."""

    positions: Annotated[list[PositionSeen], Field(min_length=1, max_length=MOST)]


class KeptPositions(BaseModel):
    """`moved`: people who are shown somewhere else now. `unknown`: nobody with this number belongs to the region of the source."""

    moved: int
    unknown: list[int]


@dataclass(frozen=True, slots=True)
class Tracker:
    source_id: int
    region_id: int


async def tracker_of(session: AsyncSession, token: str, now: datetime) -> Tracker:
    """By the token of its source. Raises Unauthenticated."""
    said = sha256(token.encode()).digest()
    before = (Source.bearer_hash_before == said) & (Source.before_until > now)
    source = await session.scalar(
        select(Source).where(Source.active, (Source.bearer_hash == said) | before)
    )
    if source is None:
        raise Unauthenticated("no source has this token", code="unknown_source")
    return Tracker(source.id, source.region_id)


async def keep_seen(
    session: AsyncSession, tracker: Tracker, seen: Sequence[PositionSeen], now: datetime
) -> KeptPositions:
    """All or none. Raises InvalidFields for what is no position."""
    await may_be_lost(session)
    asked = {each.staff_id for each in seen}
    query = (
        select(Staff.id)
        .join(Region, Region.id == Staff.region_id)
        .where(Staff.id.in_(asked), Region.path.contains([tracker.region_id]))
    )
    known = set(await session.scalars(query))
    fixes = [
        Fix(each.staff_id, each.at, each.lat, each.lng, each.accuracy_m, PositionSource.DEVICE)
        for each in seen
        if each.staff_id in known
    ]
    return KeptPositions(moved=await record_all(session, fixes, now), unknown=sorted(asked - known))
