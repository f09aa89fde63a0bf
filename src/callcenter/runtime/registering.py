"""Registry and intake of the alarm process: who calls, and the lanes that write it down; kept true by sweeps."""

from __future__ import annotations

import gc

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.core.supervisor import Supervisor
from callcenter.devices.refreshing import DIRECTORY, Directory, LastSeen
from callcenter.devices.registry import Registry
from callcenter.devices.registry.filling import Filling
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def registry_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Changes of people, places and devices arrive as the hint `directory`."""

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
        processors=[
            filling,
            Directory(registry, ground.database, interval_s=ground.settings.alarm.sweep_every_s),
            LastSeen(intake.last_seen, ground.database),
        ],
        listens={"directory": lambda _: ground.wakeups.wake(DIRECTORY)},
    )
