"""The processor that gives alarms to other centres by rule, and tells the timeline what became of them.

It looks once a second at what is open; the opening of an alarm does nothing for it. It needs the database, and nothing of the office
but that this sends what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.bodies import ForwardDue, ForwardNews
from callcenter.alerts.forwarding.judging import Seated, due
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out, of_system
from callcenter.alerts.handling.forwarded import FORWARD_BY_RULE, FORWARD_TOLD
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id
from callcenter.forwarding.course import VALID_FOR
from callcenter.forwarding.outbox import ORIGIN_COLUMNS, ORIGIN_JOINED
from callcenter.forwarding.rules import RULE_COLUMNS

log = structlog.get_logger(__name__)

FORWARDING: Final = "forwardings"
AT_ONCE: Final = 50
_LOOKED_AT: Final = 1000
READ_EVERY_S: Final = 5.0


class Forwardings:
    """The processor `forwardings`, of the alarm process. `written` is the hint for the sender."""

    name: Final = FORWARDING
    interval_s: Final = 1.0

    def __init__(
        self,
        bench: Workbench,
        written: Callable[[], None],
        is_ahead: Callable[[UUID], bool] = lambda _: False,
    ) -> None:
        """`is_ahead`: what is decided from memory, by `without_database`."""
        self._bench = bench
        self._written = written
        self._is_ahead = is_ahead
        self._seated = Seated(bench.board)
        self._read_at = float("-inf")

    async def run_once(self, now: datetime) -> int:
        """By rule, then what is new of those that went, then the word to centres whose alarm a person here has taken."""
        async with self._bench.connections.use() as connection:
            await self._remember(connection)
            await self._by_rule(connection, now)
            for row in await connection.fetch(_NEWS, AT_ONCE):
                await self._tell(connection, row)
            if await connection.fetch(_REPORT, new_id(), now, now + VALID_FOR):
                self._written()
        return 0

    async def _remember(self, connection: asyncpg.Connection) -> None:
        """For when the database is away."""
        at = self._bench.clock.monotonic()
        if at - self._read_at >= READ_EVERY_S:
            await self._bench.forwards.read(connection)
            self._read_at = at

    async def _by_rule(self, connection: asyncpg.Connection, now: datetime) -> None:
        rows = await connection.fetch(_OPEN, _LOOKED_AT, now)
        bench = self._bench
        for one, rule in due(
            rows, self._seated, bench.clock.monotonic(), now.astimezone(bench.zone)
        ):
            if self._is_ahead(one.incident_id):
                continue
            body = ForwardDue(rule.id, rule.centre_id, rule.mode.value)
            await self._carry_out(connection, one.incident_id, of_system(FORWARD_BY_RULE, body))

    async def _tell(self, connection: asyncpg.Connection, row: Mapping[str, Any]) -> None:
        order = of_system(FORWARD_TOLD, ForwardNews(row["id"]))
        if await self._carry_out(connection, row["incident_id"], order):
            await connection.execute(_TOLD, row["id"])

    async def _carry_out(
        self, connection: asyncpg.Connection, incident_id: UUID, order: Order
    ) -> bool:
        """Whether it was; if not, it is found again by the next look."""
        try:
            await carry_out(connection, self._bench, incident_id, order)
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(incident_id), code=error.code)
            return False
        return True


_OPEN = f"""
SELECT incident.id, incident.region_path, incident.kind, incident.priority, incident.state, incident.opened_at,
       {RULE_COLUMNS}, {ORIGIN_COLUMNS}
FROM forward_rule AS rule JOIN other_centre AS centre ON centre.id = rule.centre_id AND centre.active
JOIN incident ON incident.state <> 'closed' AND incident.class = 'alarm' AND incident.mode = 'real'
     AND incident.region_path @> ARRAY[rule.region_id, centre.region_id] {ORIGIN_JOINED}
WHERE rule.active AND (rule.mode = 'always' OR incident.state = 'waiting')
  AND incident.opened_at > $2::timestamptz - interval '1 hour'
  AND NOT EXISTS (
      SELECT FROM forwarding WHERE incident_id = incident.id AND forwarding.centre_id = rule.centre_id AND what = 'alarm'
  )
ORDER BY incident.opened_at, rule.id LIMIT $1
"""  # noqa: S608 constant parts
"""An alarm of an hour ago that comes back with the database is not forwarded any more."""

_NEWS = "SELECT id, incident_id FROM forwarding WHERE news ORDER BY created_at LIMIT $1"

_TOLD = """
UPDATE forwarding SET news = false
WHERE id = $1 AND state <> 'sending' AND said = CASE WHEN state = 'waiting' THEN state ELSE state || ':' || attempt END
  AND (accepted_at IS NULL OR accepted_said)
"""

_REPORT = f"""
INSERT INTO forwarding (id, dedup, what, incident_id, centre_id, why, region_path, content, created_at, due_at, expires_at)
SELECT $1, incident.id || ':taken', 'taken', incident.id, origin.id, 'taken', incident.region_path,
       jsonb_build_object('forwarding_id', came.forwarded->>'id', 'by', incident.taken_by_name, 'at', incident.taken_at),
       $2, $2, $3
FROM incident {ORIGIN_JOINED}
WHERE incident.state <> 'closed' AND incident.taken_at IS NOT NULL AND origin.reports_taken
  AND came.forwarded->>'id' ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$'
  AND NOT EXISTS (SELECT FROM forwarding WHERE dedup = incident.id || ':taken')
ORDER BY incident.taken_at LIMIT 1
ON CONFLICT (dedup) DO NOTHING RETURNING id
"""  # noqa: S608 constant parts
"""One a look. Their id is a word of theirs: it goes back to the address that is set for them, and nowhere else."""
