"""Those who are sent: duty, tasks, offers, positions. All of it is the office's; alarms do not wait for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from callcenter.core.processing import Processor
from callcenter.dispatch.desk.looks import Looks
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def field_part(ground: Ground) -> Part:  # noqa: ARG001 - for the processors that come with the rooms
    """Of the office. Each of these lists is what one part of the field brings."""
    routers: list[APIRouter] = []
    processors: list[Processor] = []
    ports: dict[type, object] = {Looks: Looks()}
    closing: list[Callable[[], Awaitable[None]]] = []

    async def stop() -> None:
        for close in closing:
            await close()

    return Part(processors=processors, routers=routers, ports=ports, stop=stop)
