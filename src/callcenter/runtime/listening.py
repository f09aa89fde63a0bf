"""The devices' listeners of the alarm process, on sockets that the parent has bound."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.core.descriptors import Shares
from callcenter.core.supervisor import Supervisor
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Registry
from callcenter.listeners.binding import Bound
from callcenter.listeners.bounds import USUAL, DeviceBounds
from callcenter.listeners.opening import Listener, open_listeners, place_sources
from callcenter.listeners.surroundings import Surroundings
from callcenter.regions.founding import found_root
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


class Listening:
    """Opened last, closed first. Its sources are placed before the registry reads them."""

    def __init__(
        self, bound: Sequence[Bound], shares: Shares, bounds: DeviceBounds = USUAL
    ) -> None:
        self._bound = bound
        self._bounds = bounds
        self._shares = shares
        self._regions: Sequence[int | None] = ()
        self._opened: list[Listener] = []

    async def place(self, connection: asyncpg.Connection) -> None:
        """Every listened format has its source."""
        root = await found_root(connection)
        wanted = [each.wanted for each in self._bound]
        self._regions = await place_sources(connection, wanted, root)

    async def all_open(self) -> bool:
        """Whether every listener of the settings takes signals in."""
        return len(self._opened) == len(self._bound)

    def part(self, ground: Ground, registry: Registry, intake: Intake) -> Part:
        """To be started after the registry."""

        async def open_all(supervisor: Supervisor) -> None:
            around = Surroundings.of(ground.clock, supervisor, self._shares, self._bounds)
            self._opened = await open_listeners(
                self._bound, FORMATS, registry, intake, self._regions, around
            )

        return Part(open=open_all, close=self._close)

    async def _close(self) -> None:
        for listener in self._opened:
            await listener.stop()
