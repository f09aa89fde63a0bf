"""Asks once how a ride was when it is over, and keeps what is answered within a day, or told to the office."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.dispatch.greeting import greeting
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.task import TaskState
from callcenter.residents.models import Resident
from callcenter.rounds.rides.models import Ride
from callcenter.rounds.rides.rated import ANSWERED_WITHIN, in_time, rating_of
from callcenter.rounds.texting import called, text_to, write_text
from callcenter.sms.catalogue import MessageKind

ASKED_FOR: Final = timedelta(hours=6)
"""A ride that was over longer ago is not asked about any more: the text would come at night."""
LATELY: Final = timedelta(days=8)
"""Rides that were booked for days before are not looked through again and again."""
BY_SMS: Final = "sms"
BY_OFFICE: Final = "office"


class RideRatings:
    """The processor `ride_ratings` of the office."""

    name = "ride_ratings"
    interval_s = 5.0

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run_once(self, now: datetime) -> int:
        """One ride that is over; how many there were."""
        async with self._database.transaction() as session:
            over = (
                select(Ride, TaskRow)
                .join(TaskRow, TaskRow.id == Ride.task_id)
                .where(
                    Ride.booked_for > (now - LATELY).date(),
                    Ride.asked_at.is_(None),
                    Ride.rating.is_(None),
                    TaskRow.state == TaskState.DONE,
                    TaskRow.ended_at > now - ASKED_FOR,
                )
                .order_by(TaskRow.ended_at)
                .limit(1)
                .with_for_update(skip_locked=True, of=Ride)
            )
            found = (await session.execute(over)).one_or_none()
            if found is None:
                return 0
            await _ask(session, found.Ride, found.TaskRow, now)
        return 1


async def _ask(session: AsyncSession, ride: Ride, task: TaskRow, now: datetime) -> None:
    """Once. Whoever has no telephone is asked by a person."""
    ride.asked_at = now
    resident = await session.get(Resident, task.resident_id) if task.resident_id else None
    if resident is None or resident.phone is None:
        return
    ride.asked_phone = resident.phone
    name = called(resident.name, resident.name_latin, resident.sex)
    params = {**await greeting(session, task.region_id), **name}
    text = text_to(resident.phone, MessageKind.RIDE_HOW_WAS_IT, params, resident.language, None)
    await write_text(session, task.id, task.code, task.region_id, text, now)


async def rate(session: AsyncSession, task_id: UUID, rating: int, by: str, now: datetime) -> Ride:
    """The first answer stands. Raises NotFound, Invalid `rating_out_of_range`, Conflict `not_over`, `rated_already`."""
    ride = await session.get(Ride, task_id, with_for_update=True, populate_existing=True)
    if ride is None:
        raise NotFound("no such ride", what="ride")
    if not 1 <= rating <= 5:
        raise Invalid("A rating is 1 to 5.", code="rating_out_of_range")
    task = await session.get_one(TaskRow, task_id)
    if task.state != TaskState.DONE:
        raise Conflict("The ride is not over yet.", code="not_over")
    if ride.rating is not None and ride.rating != rating:
        raise Conflict("This ride was rated already.", code="rated_already", rating=ride.rating)
    if ride.rating is None:
        ride.rating, ride.rated_at, ride.rated_by = rating, now, by
        await session.flush()
    return ride


async def asked_of(session: AsyncSession, sender: str, now: datetime) -> Ride | None:
    """The ride that this number was asked about last, and has not rated."""
    asked = (
        select(Ride)
        .where(
            Ride.asked_phone == sender,
            Ride.rating.is_(None),
            Ride.asked_at > now - ANSWERED_WITHIN,
        )
        .order_by(Ride.asked_at.desc())
        .limit(1)
    )
    found: Ride | None = await session.scalar(asked)
    return found


async def rate_by_text(session: AsyncSession, sender: str, words: str, now: datetime) -> bool:
    """Whether the text was a rating."""
    rating = rating_of(words)
    ride = await asked_of(session, sender, now) if rating is not None else None
    if ride is None or rating is None or ride.asked_at is None or not in_time(ride.asked_at, now):
        return False
    await rate(session, ride.task_id, rating, BY_SMS, now)
    return True
