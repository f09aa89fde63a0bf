"""An open incident follows its home into another region: those who may see it there get it, and it rings there. It follows home and
resident, too, into those that they have been merged with, however late a device still spoke for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from callcenter.alerts.bodies import Elsewhere
from callcenter.alerts.handling.carrying_out import Workbench, carry_out, of_system
from callcenter.alerts.handling.one_alone import one_alone
from callcenter.alerts.handling.unattended import RELOCATE
from callcenter.auth.permissions import Action, roles_with

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
        """What cannot be moved now is found by the next cycle."""
        body = Elsewhere(row["new_region"], tuple(row["path"]), row["taker_sees_it"])
        order = of_system(RELOCATE, body)
        await one_alone(row["id"], carry_out(connection, self._workbench, row["id"], order))


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
