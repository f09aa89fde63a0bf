"""The end of a run: by a dispatcher when each of its stops has an end, else by the clock, which calls whoever was not visited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.calls.doors import Door, WhyDoor, call_about
from callcenter.core.database import Database
from callcenter.core.errors import Conflict
from callcenter.rounds.models import RoundRun, RoundVisit
from callcenter.rounds.visit import RunEvent, RunState, VisitState, apply_run


class EndsOfRuns:
    """The processor `round_ends` of the office: one run a transaction, so that a day with sixty of them holds nobody up."""

    name = "round_ends"
    interval_s = 15.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """One run whose time has come; how many there were."""
        async with self._database.transaction() as session:
            due = (
                select(RoundRun)
                .where(RoundRun.state != RunState.CLOSED, RoundRun.closes_at <= now)
                .order_by(RoundRun.closes_at, RoundRun.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            run = await session.scalar(due)
            if run is None:
                return 0
            await _miss(session, run, now, self._zone)
            _close(run, now, None)
        return 1


async def close(session: AsyncSession, run: RoundRun, by: int, now: datetime) -> None:
    """By hand, the row held. Raises Conflict `stops_open` with how many, `wrong_state`."""
    pending = select(func.count()).where(
        RoundVisit.run_id == run.id, RoundVisit.state == VisitState.PENDING
    )
    left = await session.scalar(pending) or 0
    if left:
        raise Conflict(
            f"{left} stops of this round have no end yet: say what became of each.",
            code="stops_open",
            stops=left,
        )
    _close(run, now, by)


def _close(run: RoundRun, now: datetime, by: int | None) -> None:
    run.state = apply_run(RunState(run.state), RunEvent.CLOSE)
    run.closed_at, run.closed_by = now, by


async def _miss(session: AsyncSession, run: RoundRun, now: datetime, zone: tzinfo) -> None:
    """Each stop that nobody has said anything of, with its call."""
    pending = (
        select(RoundVisit)
        .where(RoundVisit.run_id == run.id, RoundVisit.state == VisitState.PENDING)
        .order_by(RoundVisit.id)
        .with_for_update()
    )
    visits: Sequence[RoundVisit] = (await session.scalars(pending)).all()
    doors = {visit.id: _door(run, visit) for visit in visits}
    called = await call_about(session, list(doors.values()), now, now.astimezone(zone).date())
    for visit in visits:
        visit.state, visit.ended_at = VisitState.MISSED, now
        visit.call_item_id = called[doors[visit.id].subject]
    await session.flush()


def _door(run: RoundRun, visit: RoundVisit) -> Door:
    subject = f"visit:{visit.id}"
    return Door(subject, visit.home_id, visit.resident_id, run.day, WhyDoor.NOT_VISITED)
