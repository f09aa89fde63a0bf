"""The processor that notices storms: it counts what was opened lately, and writes when one begins, grows or is over.

It writes a row a storm and nothing at its alarms, and nothing waits for it. Two servers that see the same storm begin write it
once; what one of them has counted, the other finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.storm import Rule, Seen, Storm, StormTimes, look, rules_along
from callcenter.alerts.storm_shown import storm_in
from callcenter.core.ids import new_id

log = structlog.get_logger(__name__)


class Storms:
    """The processor `storms`."""

    name = "storms"
    interval_s = 1.0

    def __init__(self, bench: Workbench, times: StormTimes) -> None:
        self._bench = bench
        self._times = times

    async def run_once(self, now: datetime) -> int:
        """One look."""
        times = self._times
        async with self._bench.connections.use() as connection:
            running = [storm_in(row) for row in await connection.fetch(_RUNNING)]
            seen = [_seen(row) for row in await connection.fetch(_SEEN, now - times.within)]
            found = look(running, seen, self._rules, now, times, new_id)
            for storm in found.begun:
                await _begin(connection, storm)
            for storm in found.changed:
                await _change(connection, storm)
            await connection.execute(_SETTLE, now)
        return 0

    def _rules(self, path: Sequence[int]) -> Sequence[Rule]:
        return rules_along(self._bench.registry.regions_along(path))


def _seen(row: Mapping[str, Any]) -> Seen:
    path, *rest = row.values()
    return Seen(tuple(path), *rest)


async def _begin(connection: asyncpg.Connection, storm: Storm) -> None:
    """Nothing, if another server was faster."""
    begun = await connection.fetchval(
        _BEGIN, storm.id, storm.kind, storm.mode, storm.region_id, list(storm.region_path),
        storm.below, list(storm.reaches), storm.since, storm.last_at,
    )  # fmt: skip
    if begun is not None:
        log.warning("storm_began", storm_id=str(begun), kind=storm.kind, region_id=storm.region_id)


async def _change(connection: asyncpg.Connection, storm: Storm) -> None:
    await connection.execute(_CHANGE, storm.id, storm.last_at, list(storm.reaches), storm.over_at)
    if storm.over_at is not None:
        log.info("storm_over", storm_id=str(storm.id), kind=storm.kind, region_id=storm.region_id)


_STORM = "id, kind, mode, region_id, region_path, below, reaches, since, last_at, over_at"

_RUNNING = f"SELECT {_STORM} FROM storm WHERE over_at IS NULL AND settled_at IS NULL ORDER BY since"  # noqa: S608 constant columns

_SEEN = """
SELECT region_path, kind, mode, count(*), min(opened_at), max(opened_at) FROM incident
WHERE opened_at > $1 AND class = 'technical' GROUP BY region_path, kind, mode
"""

_BEGIN = """
INSERT INTO storm (id, kind, mode, region_id, region_path, below, reaches, since, last_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (region_id, kind, mode) WHERE over_at IS NULL DO NOTHING RETURNING id
"""

_CHANGE = """
UPDATE storm SET version = version + 1, last_at = greatest(last_at, $2), over_at = $4,
    reaches = ARRAY(SELECT DISTINCT region FROM unnest(reaches || $3::bigint[]) AS region ORDER BY region)
WHERE id = $1 AND over_at IS NULL AND ($4::timestamptz IS NULL OR last_at <= $2)
"""
"""What another server has counted meanwhile stays, and keeps it from being over."""

_SETTLE = """
UPDATE storm SET version = version + 1, settled_at = $1
WHERE over_at IS NOT NULL AND settled_at IS NULL
  AND NOT EXISTS (SELECT FROM storm_order WHERE storm_id = storm.id AND state IN ('waiting', 'running'))
  AND NOT EXISTS (
      SELECT FROM incident
      WHERE state <> 'closed' AND class = 'technical' AND kind = storm.kind AND mode = storm.mode
        AND storm.region_id = ANY(region_path) AND (storm.below OR storm.region_id = incident.region_id) AND opened_at BETWEEN storm.since AND storm.last_at
  )
"""
