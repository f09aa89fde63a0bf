"""The devices' listeners of the alarm process, on sockets that the parent has bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import asyncpg

from callcenter.alerts.arriving.intake import Intake
from callcenter.core import metrics
from callcenter.core.descriptors import Shares
from callcenter.core.supervisor import Supervisor
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Registry
from callcenter.listeners.binding import Bound
from callcenter.listeners.bounds import USUAL, DeviceBounds
from callcenter.listeners.heard import Heard, ListenerAge
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
        opened = [each for each in self._opened if each.is_open]
        return len(opened) == len(self._bound)

    def ages(self, now: float) -> Mapping[str, ListenerAge]:
        """How long ago each listener heard of anybody, by format and address, at `now` (monotonic s)."""
        return {
            _name(bound): ListenerAge.of(each.heard, now, is_open=each.is_open)
            for bound, each in zip(self._bound, self._opened, strict=False)
        }

    def part(self, ground: Ground, registry: Registry, intake: Intake) -> Part:
        """To be started after the registry."""

        async def open_all(supervisor: Supervisor) -> None:
            around = Surroundings.of(ground.clock, supervisor, self._shares, self._bounds)
            self._opened = await open_listeners(
                self._bound, FORMATS, registry, intake, self._regions, around
            )
            for each, listener in zip(self._bound, self._opened, strict=True):
                watch_heard(_name(each), listener.heard, ground.clock.monotonic)

        return Part(open=open_all, close=self._close)

    async def _close(self) -> None:
        for listener in self._opened:
            await listener.stop()


def _name(bound: Bound) -> str:
    return f"{bound.wanted.format}/{bound.wanted.transport.value}:{bound.port}"


def watch_heard(name: str, heard: Heard, monotonic: Callable[[], float]) -> None:
    """Measure the ages of one listener whenever somebody asks."""
    accepted, read = metrics.LISTENER_ACCEPTED_SECONDS, metrics.LISTENER_READ_SECONDS
    accepted.labels(name).set_function(lambda: monotonic() - heard.accepted_at)
    read.labels(name).set_function(lambda: monotonic() - heard.read_at)
