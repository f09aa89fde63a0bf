"""The processor that runs drills: presses what is due, gives way to what is real, ends what is over.

It holds nothing between two looks, and each press is recognised by its id: a restart or a second server presses nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.drilled import as_drilled, source_of_drill
from callcenter.alerts.handling.calling_off import CALL_OFF
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.core.errors import CallCenterError
from callcenter.devices.signals import Kind, Signal
from callcenter.drills.course import Ending, Move, PressState, Standing, is_missed, move

log = structlog.get_logger(__name__)

DRILLS: Final = "drills"
"""The processor's name, and the channel of the hint that wakes it."""
AT_ONCE: Final = 20


class Drills:
    """The processor `drills`, of the alarm process: hinted by the office, else every second."""

    name = DRILLS
    interval_s = 1.0

    def __init__(self, bench: Workbench, intake: Intake) -> None:
        self._bench = bench
        self._intake = intake

    async def run_once(self, now: datetime) -> int:
        """One step of each drill, then whatever ended drills have left open leaves the boards."""
        async with self._bench.connections.use() as connection:
            for row in await connection.fetch(_RUNNING):
                await self._go_on(connection, row, now)
            for incident_id in await connection.fetch(_LEFT_OPEN, AT_ONCE):
                await self._call_off(connection, incident_id["id"])
        return 0

    async def _go_on(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        drill_id, step = row["id"], move(_standing(row), now)
        if step is Move.PRESS:
            for press in await connection.fetch(_DUE, drill_id, now, AT_ONCE):
                await self._press(connection, press, now)
        elif step is Move.PAUSE:
            await connection.execute(_PAUSE, drill_id, now)
            log.warning("drill_paused", drill=drill_id)
        elif step is Move.RESUME:
            await connection.execute(_RESUME, drill_id, now)
            log.warning("drill_resumed", drill=drill_id)
        elif step is Move.END:
            await connection.execute(END, drill_id, now, Ending.OVER.value, None)
            log.warning("drill_over", drill=drill_id)

    async def _press(
        self, connection: asyncpg.Connection, press: Mapping[str, Any], now: datetime
    ) -> None:
        """What cannot be stored now is tried again at the next look, until it is too late for it."""
        state, incident_id = PressState.MISSED, None
        if not is_missed(press["due_at"], now):
            try:
                incident_id = await self._raise(connection, press, now)
            except CallCenterError as error:
                log.warning("drill_press_left_for_later", press=str(press["id"]), code=error.code)
                return
            state = PressState.MADE if incident_id else PressState.MISSED
        await connection.execute(_PRESSED, press["id"], state.value, now, incident_id)

    async def _raise(
        self, connection: asyncpg.Connection, press: Mapping[str, Any], now: datetime
    ) -> UUID | None:
        """By intake, as everything that calls. None: the home is gone."""
        registry = self._bench.registry
        await registry.find_home(connection, press["home_id"])
        caller = registry.home_caller(press["home_id"], None, now)
        if caller is None:
            return None
        signal = Signal(
            identifier=f"home:{press['home_id']}",
            kind=Kind(press["kind"]),
            dedup_key=sha256(press["id"].bytes).digest(),
            raw=f"drill {press['drill_id']} press {press['number']}".encode(),
        )
        source = source_of_drill(press["region_id"])
        drilled = as_drilled(caller, press["drill_id"])
        [stored] = await self._intake.accept(source, [signal], now, drilled)
        return stored.incident_id

    async def _call_off(self, connection: asyncpg.Connection, incident_id: UUID) -> None:
        try:
            await carry_out(connection, self._bench, incident_id, of_system(CALL_OFF, None))
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(incident_id), code=error.code)


def _standing(row: Mapping[str, Any]) -> Standing:
    return Standing(
        until_at=row["until_at"],
        paused=row["paused_at"] is not None,
        real_waits=row["real_waits"],
        presses_left=row["presses_left"],
        still_open=row["still_open"],
    )


REAL_WAITS: Final = """
SELECT FROM incident WHERE incident.state = 'waiting' AND class = 'alarm' AND mode = 'real'
"""
"""Real alarms that nobody has taken, to be narrowed to a region."""

_RUNNING = f"""
SELECT id, until_at, paused_at,
       EXISTS ({REAL_WAITS} AND incident.region_path @> ARRAY[drill.region_id]) AS real_waits,
       EXISTS (SELECT FROM drill_press WHERE drill_id = drill.id AND state = 'waiting') AS presses_left,
       EXISTS (
           SELECT FROM drill_press JOIN incident ON incident.id = incident_id
           WHERE drill_id = drill.id AND incident.state <> 'closed'
       ) AS still_open
FROM drill WHERE ended_at IS NULL ORDER BY id
"""  # noqa: S608 a constant part

_DUE = """
SELECT press.id, drill_id, number, home_id, kind, due_at, region_id
FROM drill_press AS press JOIN drill ON drill.id = drill_id
WHERE drill_id = $1 AND state = 'waiting' AND due_at <= $2 ORDER BY due_at, number LIMIT $3
"""

_PRESSED = """
UPDATE drill_press SET state = $2, made_at = CASE WHEN $2 = 'made' THEN $3::timestamptz END, incident_id = $4
WHERE id = $1 AND state <> 'made'
"""
"""Also where it was stopped in the meantime: what has gone out is said to have gone out."""

_PAUSE = "UPDATE drill SET paused_at = $2 WHERE id = $1 AND paused_at IS NULL AND ended_at IS NULL"

_RESUME = """
WITH resumed AS (
    UPDATE drill SET paused_at = NULL, paused_s = drill.paused_s + extract(epoch FROM $2 - before.paused_at)::bigint
    FROM (SELECT id, paused_at FROM drill WHERE id = $1 AND paused_at IS NOT NULL FOR UPDATE) AS before
    WHERE drill.id = before.id AND drill.ended_at IS NULL
    RETURNING drill.id, before.paused_at AS since
)
UPDATE drill_press SET due_at = due_at + ($2 - resumed.since)
FROM resumed WHERE drill_id = resumed.id AND state = 'waiting'
"""

END: Final = """
WITH ended AS (
    UPDATE drill SET ended_at = $2, ending = $3, ended_by_name = $4 WHERE id = $1 AND ended_at IS NULL RETURNING id
)
UPDATE drill_press SET state = 'left_out' FROM ended WHERE drill_id = ended.id AND state = 'waiting'
"""
"""Once; whatever was not pressed is left out."""

_LEFT_OPEN = """
SELECT incident.id FROM incident JOIN drill ON starts_with(incident.subject, 'drill:' || drill.id || ':')
WHERE incident.state <> 'closed' AND incident.mode = 'drill' AND drill.ended_at IS NOT NULL LIMIT $1
"""
