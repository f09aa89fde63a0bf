"""Those who are sent: duty, tasks, offers, positions. All of it is the office's; alarms do not wait for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from callcenter.core.processing import Processor
from callcenter.dispatch.positions.parts import TrackParts
from callcenter.dispatch.positions.reading import FieldReading
from callcenter.dispatch.positions.tracker import Trackers
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def field_part(ground: Ground) -> Part:
    """Of the office. Each of these lists is what one part of the field brings."""
    routers: list[APIRouter] = []
    processors: list[Processor] = []
    ports: dict[type, object] = {}
    closing: list[Callable[[], Awaitable[None]]] = []

    reading = FieldReading(ground.database, ground.clock)
    trackers = Trackers(ground.database)
    ports |= {FieldReading: reading, Trackers: trackers}
    tracks = TrackParts(ground.database, ground.site)
    processors.append(tracks)
    closing += [reading.connections.close, trackers.connections.close, tracks.connections.close]

    async def stop() -> None:
        for close in closing:
            await close()

    return Part(processors=processors, routers=routers, ports=ports, stop=stop)
