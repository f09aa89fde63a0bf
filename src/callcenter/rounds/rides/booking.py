"""Booking a ride: a task for the drivers nearby, and beside it what it costs and why it costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import Invalid, NotFound
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.residents.models import Home, Resident
from callcenter.rounds.rides.fare import Entitlement, fare_of
from callcenter.rounds.rides.models import Ride, RideEntitlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Who is driven from where to where, and when. `asked_fen`: what it costs whoever has no entitlement."""

    resident_id: int
    destination: str
    begins_at: datetime
    place: str = ""
    """Where from, where that is not the home."""
    minutes: int = 30
    asked_fen: int = 0
    what: str = ""


async def book(
    session: AsyncSession, booked: Booked, doer: Doer, now: datetime, zone: tzinfo
) -> tuple[TaskRow, Ride]:
    """Raises NotFound, Invalid `destination_wanted`."""
    if not booked.destination.strip():
        raise Invalid("Say where they want to go.", code="destination_wanted")
    resident = await session.get(Resident, booked.resident_id)
    home = await session.get(Home, resident.home_id) if resident is not None else None
    if resident is None or home is None:
        raise NotFound("no such resident", what="resident")
    task = await enter(session, _entered(booked, home), doer, now)
    return task, await price(session, task, zone, booked.asked_fen)


async def price(session: AsyncSession, task: TaskRow, zone: tzinfo, asked_fen: int = 0) -> Ride:
    """What a ride that stands costs: nothing where its passenger has an entitlement with a ride left."""
    day = task.begins_at.astimezone(zone).date()
    held = [] if task.resident_id is None else await entitlements_of(session, task.resident_id, day)
    fare = fare_of(asked_fen, day, held)
    ride = Ride(
        task_id=task.id,
        booked_for=day,
        fare_fen=fare.fen,
        paid_by=fare.paid_by,
        entitlement_id=fare.entitlement_id,
    )
    session.add(ride)
    await session.flush()
    return ride


def _entered(booked: Booked, home: Home) -> Entered:
    return Entered(
        kind=TaskKind.RIDE,
        region_id=home.region_id,
        begins_at=booked.begins_at,
        what=booked.what,
        minutes=booked.minutes,
        home_id=home.id,
        resident_id=booked.resident_id,
        place=booked.place,
        destination=booked.destination.strip(),
    )


async def entitlements_of(
    session: AsyncSession, resident_id: int, day: date
) -> Sequence[Entitlement]:
    """With how many rides of the month of this day each has given already. Held, so that two bookings at once do not share the last."""
    rows = await session.scalars(
        select(RideEntitlement)
        .where(RideEntitlement.resident_id == resident_id)
        .order_by(RideEntitlement.id)
        .with_for_update()
    )
    return [
        Entitlement(
            row.id,
            row.from_day,
            row.until_day,
            row.rides_a_month,
            await used_in_month(session, row.id, day),
        )
        for row in rows.all()
    ]


async def used_in_month(session: AsyncSession, entitlement_id: int, day: date) -> int:
    """Rides on it in the month of the day; one that was called off counts for nothing."""
    month = func.date_trunc("month", Ride.booked_for) == func.date_trunc("month", day)
    used = (
        select(func.count())
        .select_from(Ride)
        .join(TaskRow, TaskRow.id == Ride.task_id)
        .where(Ride.entitlement_id == entitlement_id, month, TaskRow.state != TaskState.CANCELLED)
    )
    return await session.scalar(used) or 0
