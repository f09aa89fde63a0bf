"""Registry and intake of the alarm process: who calls, and the lanes that write it down; kept true by sweeps."""

from __future__ import annotations

import gc

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.core.replayed import Replayed
from callcenter.core.supervisor import Supervisor
from callcenter.devices.refreshing import DIRECTORY, Directory, LastSeen
from callcenter.devices.registry import Registry
from callcenter.devices.registry.filling import Filling
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def registry_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Changes of people, places and devices arrive as the hint `directory`."""

    recalled = False

    async def prepare(connection: asyncpg.Connection) -> None:
        nonlocal recalled
        if isinstance(connection, Replayed):
            await registry.recall(connection)
            gc.freeze()
            recalled = True
        elif recalled:
            await registry.catch_up(connection)
        else:
            await registry.prepare(connection)
            await intake.prepare()

    async def write(supervisor: Supervisor) -> None:
        """Nothing is written before this process knows what the database says."""
        await ground.loaded.wait()
        intake.start(supervisor)

    async def start_writing(supervisor: Supervisor) -> None:
        if ground.loaded.is_set():
            intake.start(supervisor)
            return
        intake.attend(supervisor)
        supervisor.start_short(write(supervisor), name="intake-writing")

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
