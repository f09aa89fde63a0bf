"""The registry in the alarm process: read at the start, kept true by sweeps, written back as last-seen."""

from __future__ import annotations

import asyncio

from callcenter.alerts.intake import Intake
from callcenter.core.held import keep_doing
from callcenter.devices.last_seen import INTERVAL_S as LAST_SEEN_INTERVAL_S, write_last_seen
from callcenter.devices.registry import Registry
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.seats.upkeep import hint_or


def registry_part(ground: Ground, registry: Registry, intake: Intake) -> Part:
    """Changes of people, places and devices arrive as the hint `directory`."""
    every_s = ground.settings.alarm.sweep_every_s
    return Part(
        prepare=registry.load,
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
