"""Writes the runs of today and tomorrow, each once, and lets those that are not closed follow their round and the records.

A run whose time has passed is not written afterwards: everybody on it would be called as if nobody had gone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.records.calendar import load_calendar
from callcenter.records.entering import goes_on
from callcenter.records.workdays import Calendar
from callcenter.residents.models import Home, Resident
from callcenter.rounds.days import Alternate, OnHoliday, RunsOn, Visited, days_served
from callcenter.rounds.models import RoundRow, RoundRun, RoundStop, RoundVisit
from callcenter.rounds.planning import Changes, Planned, Stop, Written, changes, moment, planned
from callcenter.rounds.visit import RunState, VisitState

AHEAD: Final = 1
"""Days after today that are written, so that a phone has its round before it leaves the network."""
WRITES: Final = "round_runs"
"""The processor's name, and the hint that wakes it."""


class RoundRuns:
    """The processor `round_runs` of the office."""

    name = WRITES
    interval_s = 60.0

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    async def run_once(self, now: datetime) -> int:
        """Zero always: one look is all of it. Each round is a transaction of its own."""
        today = now.astimezone(self._zone).date()
        days = [today + timedelta(days=passed) for passed in range(AHEAD + 1)]
        async with self._database.transaction() as session:
            calendar = await load_calendar(session)
            rounds = list(await session.scalars(_going_on(days)))
        for round_id in rounds:
            async with self._database.transaction() as session:
                await write_runs(session, round_id, days, calendar, now, self._zone)
        return 0


def _going_on(days: list[date]) -> Any:
    """Rounds that run, and those whose last runs are open still."""
    open_runs = select(RoundRun.round_id).where(
        RoundRun.day.in_(days), RoundRun.state != RunState.CLOSED
    )
    runs = goes_on(RoundRow.until_day, days[0]) & (RoundRow.from_day <= days[-1])
    return select(RoundRow.id).where(runs | RoundRow.id.in_(open_runs)).order_by(RoundRow.id)


async def write_runs(
    session: AsyncSession,
    round_id: int,
    days: list[date],
    calendar: Calendar,
    now: datetime,
    zone: tzinfo,
) -> None:
    """The runs of one round on these days."""
    row = await session.scalar(
        select(RoundRow).where(RoundRow.id == round_id).with_for_update(skip_locked=True)
    )
    if row is None:  # another server writes it at this moment
        return
    stops = await _stops(session, round_id)
    for day in days:
        served = days_served(rule_of(row), day, calendar)
        run = await _run(session, row, day, bool(served), now, zone)
        if run is not None and run.state != RunState.CLOSED:
            wanted = planned(stops, day, served, zone)
            await _carry_out(session, run, changes(wanted, await _written(session, run.id)), now)


def rule_of(row: RoundRow) -> RunsOn:
    """On which days it runs."""
    weekdays = frozenset(row.weekdays)
    return RunsOn(weekdays, OnHoliday(row.on_holiday), row.from_day, row.until_day)


async def _run(
    session: AsyncSession, row: RoundRow, day: date, runs: bool, now: datetime, zone: tzinfo
) -> RoundRun | None:
    """The run of the day, held; written if it is wanted and not too late. Whoever changes a stop of it holds it, too."""
    wanted = (
        select(RoundRun).where(RoundRun.round_id == row.id, RoundRun.day == day).with_for_update()
    )
    run: RoundRun | None = await session.scalar(wanted)
    closes_at = moment(day, row.closes_at, zone)
    if run is not None and run.state == RunState.PLANNED and closes_at > now:
        run.begins_at, run.closes_at = moment(day, row.begins_at, zone), closes_at
    if run is not None or not runs or closes_at <= now:
        return run
    values = {
        "round_id": row.id,
        "day": day,
        "staff_ids": row.staff_ids,
        "begins_at": moment(day, row.begins_at, zone),
        "closes_at": closes_at,
        "written_at": now,
    }
    await session.execute(upsert(RoundRun).values(values).on_conflict_do_nothing())
    written: RoundRun | None = await session.scalar(wanted)
    return written


async def _stops(session: AsyncSession, round_id: int) -> list[Stop]:
    """In their order. Somebody who lives elsewhere by now is visited there."""
    behind = (
        select(func.array_agg(Resident.status))
        .where(
            func.coalesce(RoundStop.resident_id == Resident.id, Resident.home_id == Home.id),
        )
        .correlate(RoundStop, Home)
        .scalar_subquery()
    )
    moved = select(Resident.home_id).where(Resident.id == RoundStop.resident_id).scalar_subquery()
    rows = await session.execute(
        select(RoundStop, Home.id, behind)
        .join(Home, Home.id == func.coalesce(moved, RoundStop.home_id))
        .where(RoundStop.round_id == round_id, RoundStop.removed_at.is_(None))
        .order_by(RoundStop.n, RoundStop.id)
    )
    return [_stop(stop, home_id, statuses or []) for stop, home_id, statuses in rows]


def _stop(row: RoundStop, home_id: int, statuses: list[str]) -> Stop:
    days = Visited(Alternate(row.alternate), row.every_days, row.from_day)
    window = (row.window_from, row.window_until)
    return Stop(row.id, row.n, home_id, row.resident_id, days, window, statuses)


async def _written(session: AsyncSession, run_id: int) -> list[Written]:
    rows = await session.scalars(select(RoundVisit).where(RoundVisit.run_id == run_id))
    return [
        Written(
            row.id,
            VisitState(row.state),
            row.said_at is not None,
            Planned(
                row.stop_id,
                row.n,
                row.home_id,
                row.resident_id,
                row.due_from,
                row.due_until,
                row.for_days,
                row.state == VisitState.AWAY_KNOWN,
            ),
        )
        for row in rows
    ]


async def _carry_out(session: AsyncSession, run: RoundRun, done: Changes, now: datetime) -> None:
    if done.added:
        rows = [{"run_id": run.id, **_values(each, now)} for each in done.added]
        await session.execute(insert(RoundVisit), rows)
    for visit_id, each in done.changed.items():
        await session.execute(
            update(RoundVisit).where(RoundVisit.id == visit_id).values(**_values(each, now))
        )
    if done.removed:
        await session.execute(delete(RoundVisit).where(RoundVisit.id.in_(done.removed)))


def _values(each: Planned, now: datetime) -> dict[str, Any]:
    return {
        "stop_id": each.stop_id,
        "n": each.n,
        "home_id": each.home_id,
        "resident_id": each.resident_id,
        "due_from": each.due_from,
        "due_until": each.due_until,
        "for_days": each.for_days,
        "state": VisitState.AWAY_KNOWN if each.away else VisitState.PENDING,
        "ended_at": now if each.away else None,
    }
