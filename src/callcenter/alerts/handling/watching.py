"""The timers of incidents, looked at every second: alarms that nobody takes, takers who are gone, people to call again.

The processor holds nothing between two looks. What it acts on it claims first, so that a server that dies over it leaves it
due; each step is decided anew on the incident as it is then, so that two servers make it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts import timers
from callcenter.alerts.escalation import DUTY_MADE
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.looking import Look, Round, Watched
from callcenter.alerts.handling.one_alone import one_alone
from callcenter.alerts.incident import NOBODY_TOLD, IncidentMode
from callcenter.alerts.timers import TimerKind
from callcenter.alerts.timers_in_memory import WALKED, Watched as WatchedAway
from callcenter.core import metrics

log = structlog.get_logger(__name__)

KEEP_KEYS = timedelta(days=2)
PAGE = 100
"""Timers looked at in one step: some two milliseconds in front of an alarm."""


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
    interval_s = 1.0

    def __init__(
        self,
        bench: Workbench,
        *,
        taker_gone_s: float,
        untold: Untold | None = None,
        watched: WatchedAway | None = None,
        is_ahead: Callable[[UUID], bool] = lambda _: False,
    ) -> None:
        """`watched`: how long the ladder was walked without the database; `is_ahead`: whether what was done so to an incident is not
        written yet.
        """
        self._bench = bench
        self._watched = watched or WatchedAway()
        self._is_ahead = is_ahead
        self._untold = untold or Untold()
        self._gone = timedelta(seconds=taker_gone_s)
        self._began = bench.clock.now(), bench.clock.monotonic()

    async def run_once(self, now: datetime) -> int:
        """Look at every timer of which there is something to say. Waits for the next look, whatever it found."""
        bench, untold = self._bench, 0
        settings_of = bench.registry.region_settings
        looking = Round(bench.board, settings_of, self._gone, min(now, self._unjumped()))
        async with bench.connections.use() as connection:
            await _keep_watch(connection, self._watched)
            for page in _pages(await self._of_note(connection)):
                untold += await self._look_at(connection, looking, page, now)
        self._untold.note(untold)
        return 0

    def _unjumped(self) -> datetime:
        """The time as it would be had nobody put the clock forward: an alarm grows too old by waiting, and by nothing else."""
        at, monotonic = self._began
        return at + timedelta(seconds=self._bench.clock.monotonic() - monotonic)

    async def _of_note(self, connection: asyncpg.Connection) -> Sequence[Mapping[str, Any]]:
        """Timers that are due, where somebody went or came back, or where nobody can be told. All others rest in the table."""
        board = self._bench.board
        rows: Sequence[Mapping[str, Any]] = await connection.fetch(
            _OF_NOTE,
            list(board.manned_regions),
            list(board.present_users),
            list(board.attentive_users),
        )
        return rows

    async def _look_at(
        self,
        connection: asyncpg.Connection,
        looking: Round,
        page: Sequence[Mapping[str, Any]],
        now: datetime,
    ) -> int:
        """Acts on one page; the number of those that nobody can be told of. Nobody misses being told of a drill."""
        known = [row for row in page if not self._is_ahead(row["incident_id"])]
        looks = [pair for row in known if (pair := _looked_at(looking, row)) is not None]
        claimed = await _write(connection, [pair for pair in looks if _says_more(*pair)])
        for one, look in looks:
            if look.order is not None and (one.incident_id, one.kind) in claimed:
                await self._act(connection, one, one.own(replace(look.order, at=now)))
        await asyncio.sleep(0)
        return sum(look.untold for one, look in looks if one.mode != IncidentMode.DRILL)

    async def _act(self, connection: asyncpg.Connection, one: Watched, order: Order) -> None:
        """What cannot be done now is due again soon."""
        id_ = one.incident_id
        await one_alone(id_, carry_out(connection, self._bench, id_, order))


async def _keep_watch(connection: asyncpg.Connection, watched: WatchedAway) -> None:
    """Note this look; time since the last one that nobody looked on moves every timer. Losing the note costs a second. What was
    `watched` without the database moves those alone that were not.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = off")
        looked = await connection.fetchrow(_WATCH)
        missed = timers.break_of(looked["before"], looked["now"])
        unwatched = timers.break_of(looked["before"] + watched.time, looked["now"])
        if missed:
            log.warning(
                "timers_moved", seconds=missed.total_seconds(), unwatched=unwatched.total_seconds()
            )
            await connection.execute(_MOVE, missed, looked["now"], unwatched)
    watched.told()


def _looked_at(looking: Round, row: Mapping[str, Any]) -> tuple[Watched, Look] | None:
    try:
        one = Watched.of(row)
        return one, looking.look(one)
    except Exception:  # as above
        log.exception("incident_failed", incident_id=str(row["incident_id"]))
        return None


def _says_more(one: Watched, look: Look) -> bool:
    """Whether the row is to be written."""
    return (one.due_at, one.missing_since) != (look.due_at, look.missing_since)


async def _write(
    connection: asyncpg.Connection, looks: Sequence[tuple[Watched, Look]]
) -> frozenset[tuple[UUID, TimerKind]]:
    """Incident and kind of the timers that are as they were looked at, and now say what was found."""
    if not looks:
        return frozenset()
    rows = await connection.fetch(
        _LOOKED,
        [one.incident_id for one, _ in looks],
        [one.kind.value for one, _ in looks],
        [one.due_at for one, _ in looks],
        [look.due_at for _, look in looks],
        [look.missing_since for _, look in looks],
    )
    return frozenset((row["incident_id"], TimerKind(row["kind"])) for row in rows)


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


_WATCH = """
UPDATE incident_watch AS watch SET looked_at = clock_timestamp()
FROM (SELECT id, looked_at FROM incident_watch WHERE id = 1 FOR UPDATE) AS was WHERE watch.id = was.id
RETURNING was.looked_at AS before, watch.looked_at AS now
"""

_AS_SET = f"({', '.join(repr(kind.value) for kind in timers.AS_SET)})"

_WALKED = f"({', '.join(repr(kind.value) for kind in sorted(WALKED))})"

_MOVE = f"""
UPDATE incident_timer SET due_at = due_at + by, since = since + by, missing_since = NULL, missed = missed + greatest(by, '0')
FROM (
    SELECT incident_id AS id, kind AS of_kind,
           least(CASE WHEN kind IN {_WALKED} THEN $3::interval ELSE $1::interval END, $2::timestamptz - since) AS by
    FROM incident_timer
) AS moved
WHERE incident_id = id AND kind = of_kind AND kind NOT IN {_AS_SET} AND by <> '0'
"""  # noqa: S608 constants
"""What began while nobody looked on is moved by its own time only, after a jump back everything is moved back; who is missing is
missed anew.
"""

_OF_NOTE = f"""
SELECT timer.incident_id, timer.kind, timer.since, timer.due_at, timer.missing_since, timer.missed, clock_timestamp() AS now, region_id,
       region_path, priority, ring, ring_to, escalated, marks, taken_by, follow_due_at, call_back_by, last_signal_at, mode,
       (SELECT count(*) FROM incident_proof WHERE incident_id = incident.id AND incident_proof.ring = incident.ring
        AND (proof = 'seen' OR ring_to = '{{}}' OR user_id = ANY(ring_to))) AS proofs
FROM incident_timer AS timer JOIN incident ON incident.id = timer.incident_id
WHERE timer.due_at <= clock_timestamp()
   OR (timer.kind = '{TimerKind.UNTAKEN}' AND escalated < {DUTY_MADE}
       AND (timer.missing_since IS NOT NULL OR NOT region_path && $1::bigint[]
            OR (ring_to <> '{{}}' AND NOT ring_to && $3::bigint[])))
   OR (timer.kind = '{TimerKind.UNTAKEN}' AND '{NOBODY_TOLD}' = ANY(marks))
   OR (timer.kind = '{TimerKind.TAKER_GONE}' AND (timer.missing_since IS NOT NULL OR taken_by <> ALL($2::bigint[])))
ORDER BY mode = 'drill', opened_at
"""  # noqa: S608 constants

_LOOKED = """
UPDATE incident_timer AS timer SET due_at = found.due_at, missing_since = found.missing_since
FROM (
    SELECT held.incident_id, held.kind, looked.due_at, looked.missing_since FROM incident_timer AS held
    JOIN unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
         AS looked(incident_id, kind, was_due, due_at, missing_since)
      ON held.incident_id = looked.incident_id AND held.kind = looked.kind AND held.due_at IS NOT DISTINCT FROM was_due
    ORDER BY held.incident_id FOR UPDATE OF held SKIP LOCKED
) AS found
WHERE timer.incident_id = found.incident_id AND timer.kind = found.kind
RETURNING timer.incident_id, timer.kind
"""

_DELETE_KEYS = """
DELETE FROM signal_dedup WHERE (source, key) IN (
    SELECT source, key FROM signal_dedup WHERE first_seen < $1 ORDER BY first_seen LIMIT 5000 FOR UPDATE SKIP LOCKED
)
"""
