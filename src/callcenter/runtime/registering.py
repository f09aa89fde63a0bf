"""Registry and intake of the alarm process: who calls, and the lanes that write it down; kept true by sweeps."""

from __future__ import annotations

import asyncio
import gc

import asyncpg

from callcenter.alerts.intake import Intake
from callcenter.core.held import keep_doing
from callcenter.core.supervisor import Supervisor
from callcenter.devices.last_seen import INTERVAL_S as LAST_SEEN_INTERVAL_S, write_last_seen
from callcenter.devices.registry import Registry
from callcenter.devices.registry.filling import Filling
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.upkeep import hint_or


def registry_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Changes of people, places and devices arrive as the hint `directory`."""
    every_s = ground.settings.alarm.sweep_every_s

    async def prepare(connection: asyncpg.Connection) -> None:
        await registry.prepare(connection)
        await intake.prepare()

    async def start_writing(supervisor: Supervisor) -> None:
        intake.start(supervisor)

    # What has been read lives as long as the process, and need not be walked by the collector either.
    filling = Filling(registry, ground.database, on_complete=gc.freeze)
    return Part(
        prepare=prepare,
        open=start_writing,
        processors=[filling],
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
