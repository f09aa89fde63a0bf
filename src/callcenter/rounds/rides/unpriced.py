"""Rides that were booked at the dispatcher's desk, which knows nothing of cards: what each costs is written beside it, so that it counts on
the card of whoever is driven, stands among the rides of the day and is rated like any other.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from sqlalchemy import select

from callcenter.core.database import Database
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.task import TaskKind
from callcenter.rounds.rides.booking import price
from callcenter.rounds.rides.models import Ride


class UnpricedRides:
    """The processor `unpriced_rides` of the office. `zone`: the site's, by which months count."""

    name: Final = "unpriced_rides"
    interval_s: Final = 5.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - nothing here lapses
        """One of them; how many there were. Nobody was asked for money at the desk, so without a card there is nothing to be paid."""
        async with self._database.transaction() as session:
            unpriced = (
                select(TaskRow)
                .where(
                    TaskRow.kind == TaskKind.RIDE,
                    TaskRow.ended_at.is_(None),
                    ~select(Ride).where(Ride.task_id == TaskRow.id).exists(),
                )
                .order_by(TaskRow.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            task = await session.scalar(unpriced)
            if task is None:
                return 0
            if await session.get(Ride, task.id) is None:  # another office may just have done it
                await price(session, task, 0, self._zone)
            return 1
