"""The registry in the alarm process: read at the start, kept true by sweeps, written back as last-seen."""

from __future__ import annotations

import asyncio
from functools import partial

import asyncpg

from callcenter.alerts.intake import Intake
from callcenter.core.errors import Misconfigured
from callcenter.core.held import keep_doing
from callcenter.devices.last_seen import INTERVAL_S as LAST_SEEN_INTERVAL_S, write_last_seen
from callcenter.devices.registry import Registry
from callcenter.regions.founding import found_root
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.upkeep import hint_or


def registry_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Changes of people, places and devices arrive as the hint `directory`."""
    every_s = ground.settings.alarm.sweep_every_s
    return Part(
        prepare=partial(_prepare, ground, registry),
        listens={"directory": lambda _: ground.wakeups.wake("directory")},
        tasks={
            "directory": lambda: keep_doing(
                ground.database,
                "directory",
                hint_or(ground.wakeups.event("directory"), every_s),
                registry.sweep,
            ),
            "last-seen": lambda: keep_doing(
                ground.database,
                "last-seen",
                lambda: asyncio.sleep(LAST_SEEN_INTERVAL_S),
                lambda connection: write_last_seen(connection, intake.last_seen),
            ),
        },
    )


async def _prepare(ground: Ground, registry: Registry, connection: asyncpg.Connection) -> None:
    root = await found_root(connection)
    await _place_dc09(ground, connection, root)
    await registry.load(connection)


async def _place_dc09(ground: Ground, connection: asyncpg.Connection, root: int) -> None:
    """Whoever calls over DC-09 and is not known belongs to the region of the settings, else to the root."""
    code, region = ground.settings.dc09.region, root
    if code is not None:
        region = await connection.fetchval("SELECT id FROM region WHERE code = $1", code)
        if region is None:
            raise Misconfigured(f"dc09.region: there is no region with the code {code!r}")
    await connection.execute(_DC09_SOURCE, region, code is not None)


_DC09_SOURCE = """
INSERT INTO source (name, kind, region_id) VALUES ('dc09', 'dc09', $1)
ON CONFLICT (name) DO UPDATE SET region_id = excluded.region_id
WHERE $2 AND source.region_id <> excluded.region_id
"""
