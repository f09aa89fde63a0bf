"""What the device listeners of a process share: so that a flood at one of them takes nothing from another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from callcenter.core.clock import Clock
from callcenter.core.descriptors import Shares
from callcenter.core.supervisor import Supervisor
from callcenter.listeners.bounds import USUAL, DeviceBounds
from callcenter.listeners.places import Places
from callcenter.listeners.turns import Turns


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`backlog`: how many connections may wait to be accepted."""

    clock: Clock
    supervisor: Supervisor
    turns: Turns
    places: Places
    backlog: int
    bounds: DeviceBounds = USUAL

    @classmethod
    def of(
        cls, clock: Clock, supervisor: Supervisor, shares: Shares, bounds: DeviceBounds = USUAL
    ) -> Surroundings:
        """Within the event loop that reads."""
        return cls(
            clock,
            supervisor,
            Turns(asyncio.get_running_loop(), clock.monotonic, bounds.light_s),
            Places("devices", "limits.device_connections", shares.devices, clock.monotonic),
            shares.backlog,
            bounds,
        )
