"""Reads the live figures: once in two seconds for everybody who asks, by a connection that nothing of an alarm waits for."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.alerts.live.figures import (
    LATE,
    MOST_LATE,
    NOW,
    TARGETS,
    WINDOWS,
    OpenCount,
    Opened,
    Reading,
    Requests,
    Taking,
    Waiting,
    Window,
    midnight,
)
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections

READ_EVERY_S: Final = 2.0


class LiveReading:
    """Port of the API. What failed is not tried again before its two seconds are over either."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._connections = HeldConnections(database, "live", 1)
        self._clock = clock
        self._zone = zone
        self._one_at_a_time = asyncio.Lock()
        self._held: Reading | Unavailable | None = None
        self._read_at = 0.0

    @property
    def timezone(self) -> str:
        """Of the site."""
        return self._zone.key

    async def latest(self) -> Reading:
        """At most two seconds old. Raises Unavailable while the database is away."""
        async with self._one_at_a_time:
            if self._held is None or self._clock.monotonic() - self._read_at >= READ_EVERY_S:
                self._held = await self._read()
                self._read_at = self._clock.monotonic()
        if isinstance(self._held, Unavailable):
            raise Unavailable(str(self._held), code=self._held.code)
        return self._held

    async def close(self) -> None:
        await self._connections.close()

    async def _read(self) -> Reading | Unavailable:
        now = self._clock.now()
        try:
            async with self._connections.use() as connection:
                return await read_figures(connection, now, self._zone)
        except Unavailable as error:
            return error


async def read_figures(connection: asyncpg.Connection, now: datetime, zone: ZoneInfo) -> Reading:
    """All of it as it stood at one moment."""
    day = midnight(now, zone)
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        takings = await connection.fetch(_TAKINGS, now, day, now - NOW)
        waiting = await connection.fetch(_WAITING, now, MOST_LATE)
        late = await connection.fetch(_LATE, now, now - LATE)
        still_open = await connection.fetch(_OPEN)
        opened = await connection.fetch(_OPENED, day)
        requests = await connection.fetch(_REQUESTS, now)
    return Reading(
        at=now,
        midnight=day,
        timezone=zone.key,
        takings=[each for row in takings for each in _takings(row)],
        waiting=[(tuple(path), Waiting(*rest)) for path, *rest in waiting],
        late=[(tuple(path), count) for path, count in late],
        open=[(tuple(path), OpenCount(*rest)) for path, *rest in still_open],
        opened=[Opened(tuple(path), *rest) for path, *rest in opened],
        requests=[(tuple(path), Requests(*rest)) for path, *rest in requests],
    )


def _takings(row: Any) -> list[Taking]:
    """An alarm of this hour and of today counts in both windows."""
    path = tuple(row["region_path"])
    windows: list[Window] = [name for name in WINDOWS if row[name]]
    return [
        Taking(path, window, target.seconds, row[f"decided_{n}"], row[f"met_{n}"])
        for window in windows
        for n, target in enumerate(TARGETS)
    ]


def _target(number: int, within: timedelta) -> str:
    seconds = f"interval '{within.total_seconds()} seconds'"
    return (
        f"count(*) FILTER (WHERE taken OR waited > {seconds}) AS decided_{number},"
        f" count(*) FILTER (WHERE taken AND waited <= {seconds}) AS met_{number}"
    )


# What turned out to be part of another incident is counted there.
_COUNTED = "mode = 'real' AND outcome IS DISTINCT FROM 'part_of_other'"

_TAKINGS = f"""
WITH alarm AS (
    SELECT region_path, opened_at >= $3 AS now, opened_at >= $2 AS today,
           took.at IS NOT NULL AS taken, coalesce(took.at, $1) - coalesce(took.raised_at, opened_at) AS waited
    FROM incident CROSS JOIN LATERAL (
        SELECT min(at) FILTER (WHERE kind <> 'raised') AS at, min(at) FILTER (WHERE kind = 'raised') AS raised_at
        FROM timeline_entry
        WHERE incident_id = incident.id AND (kind IN ('taken', 'raised') OR (kind = 'reply' AND data @> '{{"takes": true}}'))
    ) AS took
    WHERE class = 'alarm' AND {_COUNTED} AND opened_at >= least($2::timestamptz, $3::timestamptz)
)
SELECT region_path, now, today, {", ".join(_target(n, timedelta(seconds=t.seconds)) for n, t in enumerate(TARGETS))}
FROM alarm GROUP BY region_path, now, today
"""  # noqa: S608 constant parts

# Tests and drills are nobody's need: they neither count nor wait.
_WAITING_ALARM = "state = 'waiting' AND class = 'alarm' AND mode = 'real'"
_CALL_DUE = "state <> 'closed' AND mode = 'real' AND class <> 'service' AND follow_due_at <= $1"

_WAITING = f"""
SELECT region_path, id, number, kind, priority, why, since, taken_by, taken_by_name
FROM (
    SELECT *, row_number() OVER (PARTITION BY region_path, why ORDER BY since, number) AS place
    FROM (
        SELECT *, 'untaken' AS why, opened_at AS since FROM incident WHERE {_WAITING_ALARM}
        UNION ALL
        SELECT *, 'follow_up', follow_due_at FROM incident WHERE {_CALL_DUE}
    ) AS waiting
) AS ordered
WHERE place <= $2
"""  # noqa: S608 constant parts

_LATE = f"""
SELECT region_path, count(*) FROM incident
WHERE ({_WAITING_ALARM} AND opened_at < $2) OR ({_CALL_DUE})
GROUP BY region_path
"""  # noqa: S608 constant parts

_OPEN = """
SELECT region_path, class, state, priority, count(*) FROM incident
WHERE state <> 'closed' AND mode = 'real' GROUP BY region_path, class, state, priority
"""

_OPENED = f"""
SELECT region_path, class, outcome, count(*) FROM incident
WHERE opened_at >= $1 AND {_COUNTED} GROUP BY region_path, class, outcome
"""  # noqa: S608 constant parts

_REQUESTS = """
SELECT region_path, count(*), count(*) FILTER (WHERE state = 'waiting'),
       count(*) FILTER (WHERE (state = 'waiting' AND call_back_by <= $1) OR follow_due_at <= $1)
FROM incident WHERE state <> 'closed' AND class = 'service' AND mode = 'real' GROUP BY region_path
"""
