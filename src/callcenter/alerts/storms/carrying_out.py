"""The processor that carries out orders for storms: each alarm by the one command table, some at a time.

An order begins when its time to be taken back is over. Whoever claims it works through a page under a lease and notes how far it
came, so that a server that dies over it leaves the rest to another; the ids of its commands follow from the order, so that
none is given twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog

from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.decision import By
from callcenter.alerts.incident import INCIDENT_COLUMNS, Actor, Incident, Outcome
from callcenter.alerts.storm import Storm, storm_of
from callcenter.alerts.storm_shown import StormAction, storm_in
from callcenter.alerts.storms.ordering import (
    LAPSES,
    StormOrder,
    commands_for,
    leaves_out,
)
from callcenter.core.errors import CallCenterError

log = structlog.get_logger(__name__)

PAGE: Final = 20
"""Alarms worked on between two looks at what is due; other commands go on between each of them."""
LEASE: Final = timedelta(seconds=30)


class StormOrders:
    """The processor `storm_orders`."""

    name = "storm_orders"
    interval_s = 1.0

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - leases go by the database's clock
        """A page of one order; the number of alarms that it held."""
        async with self._bench.connections.use() as connection:
            for lapsed in await connection.fetch(_LAPSE, LAPSES):
                log.warning("storm_order_lapsed", order_id=str(lapsed["id"]))
            row = await connection.fetchrow(_CLAIM, LEASE)
            if row is None:
                return 0
            return await self._page(connection, _order_in(row), row["lease_until"])

    async def _page(
        self, connection: asyncpg.Connection, order: StormOrder, lease_until: datetime
    ) -> int:
        storms = [storm_in(row) for row in await connection.fetch(_STORMS, order.storm_id)]
        [storm] = [one for one in storms if one.id == order.storm_id]
        rows = await connection.fetch(*_candidates(storm, order))
        done = left_out = 0
        for row in rows:
            incident = Incident.of(row)
            if storm_of(incident, storms) != storm:
                continue
            if await self._work(connection, order, incident, row["needs_help"]):
                done += 1
            else:
                left_out += 1
            await asyncio.sleep(0)
        last = rows[-1]["number"] if rows else order.after_number
        ended = len(rows) < PAGE
        await connection.execute(_PROGRESS, order.id, last, done, left_out, ended, lease_until)
        if ended:
            log.info("storm_order_done", order_id=str(order.id), action=order.action.value)
        return len(rows)

    async def _work(
        self,
        connection: asyncpg.Connection,
        order: StormOrder,
        incident: Incident,
        needs_help: bool,
    ) -> bool:
        """Whether everything that was ordered has been done to it."""
        if leaves_out(order, incident, needs_help=needs_help) is not None:
            return False
        by = By(Actor(order.user_id), order.user_name)
        for command, body in commands_for(order, incident):
            given = Order(command, body, body.command_id, lambda _: by)
            try:
                await carry_out(connection, self._bench, incident.id, given)
            except CallCenterError as error:
                log.info("storm_alarm_left_out", incident_id=str(incident.id), code=error.code)
                return False
        return True


def _order_in(row: Mapping[str, Any]) -> StormOrder:
    values = {field.name: row[field.name] for field in fields(StormOrder)}
    values["action"] = StormAction(values["action"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return StormOrder(**values)


def _candidates(storm: Storm, order: StormOrder) -> Sequence[Any]:
    """The statement and its parameters; `storm_of` decides."""
    until = min(order.ordered_at, storm.last_at) if storm.over_at else order.ordered_at
    return (
        _CANDIDATES, storm.kind, storm.mode, storm.region_id, storm.since, until, order.after_number,
    )  # fmt: skip


_LAPSE = """
WITH lapsed AS (
    UPDATE storm_order SET state = 'lapsed'
    WHERE state = 'waiting' AND due_at < clock_timestamp() - $1::interval RETURNING id, storm_id
), shown AS (
    UPDATE storm SET version = version + 1 FROM lapsed WHERE storm.id = lapsed.storm_id
)
SELECT id FROM lapsed
"""

_CLAIM = """
WITH claimed AS (
    UPDATE storm_order SET state = 'running', lease_until = clock_timestamp() + $1::interval
    WHERE id = (
        SELECT id FROM storm_order
        WHERE state IN ('waiting', 'running') AND due_at <= clock_timestamp()
          AND coalesce(lease_until <= clock_timestamp(), true)
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
), shown AS (
    UPDATE storm SET version = version + 1 FROM claimed WHERE storm.id = claimed.storm_id
)
SELECT * FROM claimed
"""

_STORMS = """
SELECT other.id, other.kind, other.mode, other.region_id, other.region_path, other.below, other.reaches, other.since,
       other.last_at, other.over_at
FROM storm JOIN storm AS other ON other.kind = storm.kind AND other.mode = storm.mode
WHERE storm.id = $1 AND (other.id = storm.id OR other.settled_at IS NULL)
"""

_CANDIDATES = f"""
SELECT {INCIDENT_COLUMNS}, EXISTS (
    SELECT FROM incident AS other
    WHERE other.home_id = incident.home_id AND other.class = 'alarm' AND other.state <> 'closed'
) AS needs_help
FROM incident
WHERE state <> 'closed' AND class = 'technical' AND kind = $1 AND mode = $2 AND $3 = ANY(region_path)
  AND opened_at BETWEEN $4 AND $5 AND number > $6
ORDER BY number LIMIT {PAGE}
"""  # noqa: S608 constant columns

_PROGRESS = """
WITH worked AS (
    UPDATE storm_order SET after_number = $2, done = done + $3, left_out = left_out + $4, lease_until = clock_timestamp(),
        state = CASE WHEN $5 THEN 'done' ELSE state END
    WHERE id = $1 AND state = 'running' AND lease_until = $6 RETURNING storm_id
)
UPDATE storm SET version = version + 1 FROM worked WHERE storm.id = worked.storm_id
"""
