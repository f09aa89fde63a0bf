"""Keeping the copy in memory like the tables, and the tables like what was heard: two processors."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Final

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.devices.last_seen import write_last_seen
from callcenter.devices.registry import Registry

DIRECTORY: Final = "directory"
"""The name of the one that reads: woken when people, homes or devices were changed."""


class Directory:
    """Reads into the registry what was changed."""

    name = DIRECTORY

    def __init__(self, registry: Registry, database: Database, *, interval_s: float) -> None:
        self.interval_s = interval_s
        self.connections = HeldConnections(database, self.name, 1)
        self._registry = registry

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - transactions count, not times
        """One sweep."""
        async with self.connections.use() as connection:
            await self._registry.sweep(connection)
        return 0


class LastSeen:
    """Writes when devices were last heard of, once a second."""

    name = "last_seen"
    interval_s = 1.0

    def __init__(self, heard: MutableMapping[int, datetime], database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._heard = heard

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - each device has its own time
        """Write what has gathered; what could not be written stays."""
        if self._heard:
            async with self.connections.use() as connection:
                await write_last_seen(connection, self._heard)
        return 0
