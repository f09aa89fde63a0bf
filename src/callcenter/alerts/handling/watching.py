"""The timers of incidents, looked at every two seconds: alarms that nobody sees, takers who are gone. And old dedup keys.

The processor holds nothing between two looks. It writes only where nobody is there; what it acts on it claims first, so that
two servers do not do it twice, and what fails is due again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts import timers
from callcenter.alerts.bodies import Gone, Unseen
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out, of_system
from callcenter.alerts.handling.commands import LOSE_TAKER, TELL_DUTY
from callcenter.alerts.timers import Look, TimerKind
from callcenter.core import metrics
from callcenter.core.errors import CallCenterError

log = structlog.get_logger(__name__)

COMING_BACK = timedelta(seconds=15)
"""An operator who loads the page again is on duty again within this."""
MISSED_WITHIN = timedelta(seconds=10)
"""From the last word of a console until a look finds nobody: three beats, and the pause between two looks."""
KEEP_KEYS = timedelta(days=2)
PAGE = 100
"""Timers looked at in one step: some two milliseconds in front of an alarm."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A timer, and what is asked about its incident."""

    incident_id: UUID
    kind: TimerKind
    due_at: datetime | None
    looked_at: datetime | None
    now: datetime
    """By the database's clock."""
    region_id: int
    region_path: Sequence[int]
    taken_by: int | None
    proved: bool
    """A seat has shown this ring."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Watched:
        """From a row of the watch."""
        return cls(**{**row, "kind": TimerKind(row["kind"])})


class Untold:
    """How many alarms nobody can be told of, as far as the last look of this process goes."""

    def __init__(self) -> None:
        self._count = 0

    def note(self, count: int) -> None:
        """After a look. What gets worse is said loudly."""
        if count > self._count:
            log.error("alarms_untold", count=count)
        self._count = count
        metrics.ALARMS_UNTOLD.set(count)

    async def is_nothing(self) -> bool:
        """Whether somebody sees or was told of every alarm."""
        return self._count == 0


class IncidentTimers:
    """The processor `incident_timers`."""

    name = "incident_timers"
    interval_s = 2.0

    def __init__(
        self, bench: Workbench, *, taker_gone_s: float, untold: Untold | None = None
    ) -> None:
        self._bench = bench
        self._untold = untold or Untold()
        self._gone = timedelta(seconds=taker_gone_s)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - leases go by the database's clock
        """Look at every timer, act on those that are due. Waits two seconds for the next look, whatever it found."""
        untold = 0
        async with self._bench.connections.use() as connection:
            for page in _pages(await self._missing(connection)):
                untold += await self._look_at(connection, page)
        self._untold.note(untold)
        return 0

    async def _missing(self, connection: asyncpg.Connection) -> Sequence[Mapping[str, Any]]:
        """Timers of which there is something to say: nobody is there, or nobody was. All others rest in the table."""
        board = self._bench.board
        rows: Sequence[Mapping[str, Any]] = await connection.fetch(
            _WATCHED, list(board.manned_regions), list(board.present_users)
        )
        return rows

    async def _look_at(
        self, connection: asyncpg.Connection, page: Sequence[Mapping[str, Any]]
    ) -> int:
        """Says of one page what there is to say; the number of those that nobody can be told of."""
        watched = [Watched.of(row) for row in page]
        untold = {one.incident_id for one in watched if self._cannot_be_told(one)}
        looks = [(one, self._look(one)) for one in watched if one.incident_id not in untold]
        claimed = await _write(connection, [pair for pair in looks if _says_more(*pair)])
        for one, look in looks:
            if look.acts and one.incident_id in claimed:
                await self._act(connection, one)
        await asyncio.sleep(0)
        return len(untold)

    def _look(self, one: Watched) -> Look:
        return timers.look(
            one.due_at,
            one.looked_at,
            missing=self._is_missing(one),
            delay=self._delay(one),
            now=one.now,
        )

    def _is_missing(self, one: Watched) -> bool:
        if one.kind is TimerKind.UNSEEN:
            return not self._bench.board.manned(one.region_path)
        return one.taken_by is not None and not self._bench.board.present(one.taken_by)

    def _delay(self, one: Watched) -> timedelta:
        if one.kind is TimerKind.TAKER_GONE:
            return self._left(one.taken_by)
        return COMING_BACK if one.proved else timedelta()

    def _left(self, taker: int | None) -> timedelta:
        """Of the time in which a taker may come back: it began when their console was last heard, not when it was missed."""
        absent = self._bench.board.absent_for(taker) if taker is not None else timedelta()
        return max(self._gone - min(absent, MISSED_WITHIN), timedelta())

    def _cannot_be_told(self, one: Watched) -> bool:
        """No duty number from its region up to the root: somebody must be told of that, and it is tried again."""
        if one.kind is not TimerKind.UNSEEN or not self._is_missing(one):
            return False
        return not self._bench.registry.region_settings(one.region_id).duty_numbers

    async def _act(self, connection: asyncpg.Connection, one: Watched) -> None:
        """If somebody holds the incident, the timer is due again and the others do not wait."""
        try:
            await carry_out(connection, self._bench, one.incident_id, _order(one))
        except CallCenterError as error:
            log.warning(
                "incident_left_for_later", incident_id=str(one.incident_id), code=error.code
            )


def _order(one: Watched) -> Order:
    if one.kind is TimerKind.UNSEEN:
        return of_system(TELL_DUTY, Unseen())
    if one.taken_by is None:
        raise AssertionError("nobody is missing who never took it")
    return of_system(LOSE_TAKER, Gone(one.taken_by))


def _says_more(one: Watched, look: Look) -> bool:
    """Whether the row is to be written: it is due, or at rest again."""
    return look.due_at is not None or one.due_at is not None


async def _write(
    connection: asyncpg.Connection, looks: Sequence[tuple[Watched, Look]]
) -> frozenset[UUID]:
    """Incidents whose timers are as they were looked at, and now say what was found."""
    if not looks:
        return frozenset()
    rows = await connection.fetch(
        _LOOKED,
        [one.incident_id for one, _ in looks],
        [one.kind.value for one, _ in looks],
        [one.due_at for one, _ in looks],
        [look.due_at for _, look in looks],
        looks[0][0].now,
    )
    return frozenset(row["incident_id"] for row in rows)


def _pages(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    return (rows[start : start + PAGE] for start in range(0, len(rows), PAGE))


class OldKeys:
    """Dedup keys past every retry horizon."""

    name = "old_dedup_keys"
    interval_s = 600.0

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    async def run_once(self, now: datetime) -> int:
        """Delete a slice."""
        async with self._bench.connections.use() as connection:
            status: str = await connection.execute(_DELETE_KEYS, now - KEEP_KEYS)
        return int(status.rpartition(" ")[2])


_WATCHED = """
SELECT timer.incident_id, timer.kind, timer.due_at, timer.looked_at, clock_timestamp() AS now, region_id, region_path,
       taken_by, EXISTS (
           SELECT 1 FROM incident_proof WHERE incident_id = incident.id AND incident_proof.ring = incident.ring
       ) AS proved
FROM incident_timer AS timer JOIN incident ON incident.id = timer.incident_id
WHERE (timer.kind = 'unseen' AND incident.state = 'waiting' AND (timer.due_at IS NOT NULL OR NOT region_path && $1::bigint[]))
   OR (timer.kind = 'taker_gone' AND incident.state = 'taken' AND (timer.due_at IS NOT NULL OR taken_by <> ALL($2::bigint[])))
ORDER BY opened_at
"""

_LOOKED = """
UPDATE incident_timer AS timer SET due_at = found.due_at, looked_at = $5
FROM (
    SELECT held.incident_id, held.kind, looked.due_at FROM incident_timer AS held
    JOIN unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) AS looked(incident_id, kind, was_due, due_at)
      ON held.incident_id = looked.incident_id AND held.kind = looked.kind AND held.due_at IS NOT DISTINCT FROM was_due
    ORDER BY held.incident_id FOR UPDATE OF held SKIP LOCKED
) AS found
WHERE timer.incident_id = found.incident_id AND timer.kind = found.kind
RETURNING timer.incident_id
"""

_DELETE_KEYS = """
DELETE FROM signal_dedup WHERE (source, key) IN (
    SELECT source, key FROM signal_dedup WHERE first_seen < $1 ORDER BY first_seen LIMIT 5000 FOR UPDATE SKIP LOCKED
)
"""
