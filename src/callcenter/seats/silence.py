"""Homes with a device that has missed its life signs: grey dots on the board."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.devices.last_seen import MISSED_HEARTBEATS
from callcenter.seats.board import Scope, visible
from callcenter.seats.hub import Hub


class SilentHomes:
    """A processor that looks once a minute and tells the seats when the list has changed."""

    name = "silent_homes"
    interval_s = 60.0

    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub = hub
        self.connections = HeldConnections(database, self.name, 1)
        self._silent: list[tuple[int, tuple[int, ...]]] = []

    async def run_once(self, now: datetime) -> int:
        """Look, and tell what has changed."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_SILENT, now, MISSED_HEARTBEATS)
        silent = [(row["home_id"], tuple(row["path"])) for row in rows]
        if silent != self._silent:
            self._silent = silent
            await self._hub.tell_scopes(self._message)
        return 0

    def seen_by(self, scope: Scope) -> list[int]:
        """Those of the silent homes that this scope sees."""
        return [home for home, path in self._silent if visible(scope, path)]

    def _message(self, scope: Scope) -> dict[str, Any]:
        return {"type": "silent_homes", "home_ids": self.seen_by(scope)}


_SILENT = """
SELECT DISTINCT home.id AS home_id, region.path
FROM device
JOIN device_last_seen ON device_last_seen.device_id = device.id
JOIN device_assignment ON device_assignment.device_id = device.id
     AND valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1)
JOIN home ON home.id = device_assignment.home_id
JOIN region ON region.id = home.region_id
WHERE heartbeat_s IS NOT NULL AND seen_at < $1::timestamptz - $2 * heartbeat_s * interval '1 second'
ORDER BY home.id
"""
