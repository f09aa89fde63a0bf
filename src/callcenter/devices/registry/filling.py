"""Filling the registry while alarms are served: one slice a cycle, until it is complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.devices.registry.registry import Registry

log = structlog.get_logger(__name__)


class Filling:
    """The processor that reads the rest of the homes and devices; after that it has nothing to do."""

    name = "registry_filling"
    interval_s = 30.0

    def __init__(
        self, registry: Registry, database: Database, *, on_complete: Callable[[], None]
    ) -> None:
        self._registry = registry
        self._connections = HeldConnections(database, "registry-filling", 1)
        self._on_complete = on_complete

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - as every processor
        """Read the next slice; 1 while there are more."""
        if self._registry.complete:
            return 0
        async with self._connections.use() as connection:
            more = await self._registry.fill(connection)
        if not more:
            await self._connections.close()
            log.info("registry_complete")
            self._on_complete()
        return 1
