"""An open incident follows its home into another region: those who may see it there get it, and it rings there. It follows home and
resident, too, into those that they have been merged with, however late a device still spoke for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from callcenter.alerts.bodies import Elsewhere
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.unattended import RELOCATE
from callcenter.auth.permissions import Action, roles_with
from callcenter.core.errors import CallCenterError
from callcenter.core.held import LOST

log = structlog.get_logger(__name__)

AT_ONCE = 100
_WORKING_ROLES = roles_with(Action.WORK_INCIDENTS)


class Relocating:
    """A processor that finds open incidents whose region is no longer that of their home."""

    name = "relocated_incidents"
    interval_s = 2.0

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - places count, not times
        """Move a slice of them."""
        async with self._workbench.connections.use() as connection:
            await connection.execute(_FOLLOW_MERGED)
            for row in await connection.fetch(_MOVED, _WORKING_ROLES, AT_ONCE):
                await self._move(connection, row)
        return 0

    async def _move(self, connection: asyncpg.Connection, row: Mapping[str, Any]) -> None:
        """If somebody holds the incident, or it cannot be written at all, the next cycle looks again and no other waits."""
        body = Elsewhere(row["new_region"], tuple(row["path"]), row["taker_sees_it"])
        try:
            await carry_out(connection, self._workbench, row["id"], of_system(RELOCATE, body))
        except CallCenterError as error:
            log.warning("incident_left_for_later", incident_id=str(row["id"]), code=error.code)
        except LOST:
            raise
        except Exception:  # whatever is wrong with it is wrong with it alone
            log.exception("incident_failed", incident_id=str(row["id"]))


_FOLLOW_MERGED = """
UPDATE incident SET home_id = coalesce(home.merged_into, incident.home_id),
                    resident_id = coalesce(resident.merged_into, incident.resident_id)
FROM incident AS open LEFT JOIN home ON home.id = open.home_id LEFT JOIN resident ON resident.id = open.resident_id
WHERE open.state <> 'closed' AND open.id = incident.id
  AND (home.merged_into IS NOT NULL OR resident.merged_into IS NOT NULL)
"""

_MOVED = """
SELECT incident.id, region.id AS new_region, region.path, EXISTS (
    SELECT 1 FROM role_grant WHERE user_id = taken_by AND role = ANY($1) AND role_grant.region_id = ANY(region.path)
      AND (role_grant.until_at IS NULL OR role_grant.until_at > now())
) AS taker_sees_it
FROM incident LEFT JOIN home ON home.id = incident.home_id
LEFT JOIN device ON device.id = incident.device_id AND incident.home_id IS NULL
JOIN region ON region.id = coalesce(home.region_id, device.region_id, incident.region_id)
WHERE incident.state <> 'closed' AND incident.region_path <> region.path
  AND NOT starts_with(incident.subject, 'drill:watch:')
ORDER BY incident.opened_at LIMIT $2
"""
