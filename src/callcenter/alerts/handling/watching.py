"""What must not stay as it is: alarms that nobody can see, takers who are gone, dedup keys nobody needs.

Each is a processor that asks the tables; restarts and several processes change nothing (G7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from callcenter.alerts import telling
from callcenter.alerts.archive import read_incident
from callcenter.alerts.handling.carrying_out import CommandOf, Workbench, write
from callcenter.alerts.handling.commands import NO_TAKER, Decision, standing
from callcenter.alerts.incident import Event, State, apply
from callcenter.alerts.telling import DUTY_TOLD
from callcenter.alerts.view import INCIDENT_COLUMNS, view
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id

log = structlog.get_logger(__name__)

TAKER_LOST = "taker_lost"
KEEP_KEYS = timedelta(days=2)
COMING_BACK = timedelta(seconds=15)
"""An operator who loads the page again is on duty again within this."""


async def _write(
    workbench: Workbench,
    connection: asyncpg.Connection,
    incident: Mapping[str, Any],
    decision: Decision,
    now: datetime,
) -> None:
    """As the system itself; if somebody was faster, or holds it, the next cycle looks again and the others do not wait."""
    command = CommandOf(new_id(), decision.kind, None, None)
    try:
        after = await write(connection, incident, command, decision, now)
    except CallCenterError as error:
        log.warning("incident_left_for_later", incident_id=str(incident["id"]), code=error.code)
        return
    if after is None:
        return
    workbench.board.publish([after])
    if decision.texts:
        workbench.texts_written()


class Unmanned:
    """Waiting alarms that no seat sees although the duty numbers do not know: when the last seat left a moment ago."""

    name = "unmanned"
    interval_s = 2.0

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._since: dict[UUID, datetime] = {}
        """Since when this process finds no seat for these."""

    async def run_once(self, now: datetime) -> int:
        """Tell the duty numbers of each such alarm, once; of one that a seat has shown, only when no seat comes back."""
        async with self._workbench.connections.use() as connection:
            rows = [
                row
                for row in await connection.fetch(_UNTOLD)
                if not self._workbench.board.manned(row["region_path"])
            ]
            self._since = {row["id"]: self._since.get(row["id"], now) for row in rows}
            for row in rows:
                if not row["proved"] or now - self._since[row["id"]] >= COMING_BACK:
                    incident = await read_incident(connection, row["id"])
                    if incident["state"] == State.WAITING:
                        await self._tell(connection, incident, now)
        return 0

    async def _tell(
        self, connection: asyncpg.Connection, incident: dict[str, Any], now: datetime
    ) -> None:
        texts = telling.duty_texts(self._workbench.caller(incident), incident["opened_at"])
        decision = Decision(
            DUTY_TOLD,
            {"numbers": len(texts)},
            {"marks": [*incident["marks"], DUTY_TOLD]},
            texts,
        )
        await _write(self._workbench, connection, incident, decision, now)


class LostTakers:
    """Incidents whose taker's seats have been gone for a while go back to the queue, marked."""

    name = "lost_takers"
    interval_s = 2.0

    def __init__(self, workbench: Workbench, *, gone_s: float) -> None:
        self._workbench = workbench
        self._gone = timedelta(seconds=gone_s)
        self._missed_since: dict[int, datetime] = {}

    async def run_once(self, now: datetime) -> int:
        """Give back what the lost hold."""
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_TAKEN)
            self._note_missing({row["taken_by"] for row in rows}, now)
            lost = {u for u, since in self._missed_since.items() if now - since >= self._gone}
            for row in rows:
                if row["taken_by"] in lost:
                    await self._give_back(connection, view(row), now)
        return 0

    def _note_missing(self, takers: set[int], now: datetime) -> None:
        """How long somebody is gone counts from when this process first missed them."""
        missing = {u for u in takers if not self._workbench.board.present(u)}
        self._missed_since = {u: self._missed_since.get(u, now) for u in missing}

    async def _give_back(
        self, connection: asyncpg.Connection, incident: dict[str, Any], now: datetime
    ) -> None:
        state = apply(standing(incident), Event.LOSE_TAKER, None)
        marks = [*incident["marks"], *([] if TAKER_LOST in incident["marks"] else [TAKER_LOST])]
        decision = Decision(
            TAKER_LOST,
            {"user_id": incident["taken_by"], "name": incident["taken_by_name"]},
            {"state": state.value, **NO_TAKER, "marks": marks, "ring": incident["ring"] + 1},
        )
        await _write(self._workbench, connection, incident, decision, now)


class OldKeys:
    """Dedup keys past every retry horizon."""

    name = "old_dedup_keys"
    interval_s = 600.0

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def run_once(self, now: datetime) -> int:
        """Delete a slice."""
        async with self._workbench.connections.use() as connection:
            status: str = await connection.execute(_DELETE_KEYS, now - KEEP_KEYS)
        return int(status.rpartition(" ")[2])


_UNTOLD = """
SELECT id, region_path, EXISTS (
    SELECT 1 FROM incident_proof WHERE incident_id = incident.id AND incident_proof.ring = incident.ring
) AS proved
FROM incident
WHERE state = 'waiting' AND class = 'alarm' AND NOT 'duty_told' = ANY(marks)
  AND NOT EXISTS (SELECT 1 FROM sms_message WHERE reference = incident.id AND sms_message.kind = 'duty_alarm')
ORDER BY opened_at
"""

_TAKEN = f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE state = 'taken'"  # noqa: S608 constant columns

_DELETE_KEYS = """
DELETE FROM signal_dedup WHERE (source, key) IN (
    SELECT source, key FROM signal_dedup WHERE first_seen < $1 ORDER BY first_seen LIMIT 5000 FOR UPDATE SKIP LOCKED
)
"""
