"""An open incident follows its home into another region: those who may see it there get it, and it rings on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from callcenter.alerts.commands import NO_TAKER, Decision, standing
from callcenter.alerts.incident import Event, State, apply
from callcenter.alerts.watching import TAKER_LOST
from callcenter.alerts.work import CommandOf, Workbench, read_incident, write
from callcenter.auth.permissions import ACTIONS_OF, Action
from callcenter.core.errors import CallCenterError
from callcenter.core.ids import new_id

log = structlog.get_logger(__name__)

RELOCATED = "relocated"
AT_ONCE = 100
_WORKING_ROLES = [
    role.value for role, actions in ACTIONS_OF.items() if Action.WORK_INCIDENTS in actions
]


def relocate(
    incident: Mapping[str, Any], region_id: int, path: list[int], *, taker_sees_it: bool
) -> Decision:
    """Its region is another. A taker who may not see it there loses it, so that it rings where it can be seen."""
    values: dict[str, Any] = {"region_id": region_id, "region_path": path}
    if incident["taken_by"] is not None and not taker_sees_it:
        taken = incident["state"] == State.TAKEN
        state = apply(standing(incident), Event.LOSE_TAKER if taken else Event.RELEASE, None)
        marks = [*(mark for mark in incident["marks"] if mark != TAKER_LOST), TAKER_LOST]
        values |= {"state": state.value, **NO_TAKER, "marks": marks, "ring": incident["ring"] + 1}
    return Decision(RELOCATED, {"from_path": list(incident["region_path"])}, values)


class Relocated:
    """A processor that finds open incidents whose region is no longer that of their home."""

    name = "relocated_incidents"
    interval_s = 2.0

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def run_once(self, now: datetime) -> int:
        """Move a slice of them."""
        async with self._workbench.connections.use() as connection:
            rows = await connection.fetch(_MOVED, _WORKING_ROLES, AT_ONCE)
            for row in rows:
                await self._move(connection, row, now)
        return 0

    async def _move(
        self, connection: asyncpg.Connection, row: Mapping[str, Any], now: datetime
    ) -> None:
        """As the system itself; if somebody was faster, the next cycle looks again and the others do not wait."""
        command = CommandOf(new_id(), RELOCATED, None, None)
        try:
            incident = await read_incident(connection, row["id"])
            decision = relocate(
                incident, row["new_region"], row["path"], taker_sees_it=row["taker_sees_it"]
            )
            after = await write(connection, incident, command, decision, now)
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(row["id"]), code=error.code)
            return
        if after is not None:
            self._workbench.board.publish([after])


_MOVED = """
SELECT incident.id, region.id AS new_region, region.path, EXISTS (
    SELECT 1 FROM role_grant WHERE user_id = taken_by AND role = ANY($1) AND role_grant.region_id = ANY(region.path)
) AS taker_sees_it
FROM incident LEFT JOIN home ON home.id = incident.home_id
JOIN region ON region.id = coalesce(home.region_id, incident.region_id)
WHERE incident.state <> 'closed' AND incident.region_path <> region.path
ORDER BY incident.opened_at LIMIT $2
"""
