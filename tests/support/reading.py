"""The registry as it is once everything has been read."""

from __future__ import annotations

import asyncpg

from callcenter.devices.registry import Registry


async def read_whole(registry: Registry, connection: asyncpg.Connection) -> None:
    """Anew, all slices one after the other, as `Filling` does while alarms are served."""
    await registry.prepare(connection)
    while await registry.fill(connection):
        pass
