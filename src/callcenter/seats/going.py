"""Sends the seats of this server to another one, because it is being stopped or too old for its database. They keep their line
until they have the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final, Literal

import structlog

from callcenter.seats.hub import Hub

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 0.05

Why = Literal["stopping", "schema_newer"]


class Going:
    """`servers` are the addresses of all servers, in the order in which consoles try them."""

    def __init__(self, hub: Hub, servers: Sequence[str] = ()) -> None:
        self._hub = hub
        self.servers = list(servers)
        self.why: Why | None = None

    @property
    def message(self) -> dict[str, Any] | None:
        """What a seat is told as soon as it has been greeted; None while it may stay, or has nowhere to go."""
        if self.why is None or len(self.servers) < 2:
            return None
        return {"type": "going", "why": self.why, "servers": self.servers}

    async def tell(self, why: Why | None) -> None:
        """All seats of this server; None: they may stay."""
        self.why = why
        if (message := self.message) is not None:
            log.info("seats_sent_on", why=why, seats=len(self._hub.seats))
            await self._hub.tell_all(message)

    async def gone(self, within_s: float) -> None:
        """Until no seat is left here, or the time is over."""
        try:
            async with asyncio.timeout(within_s):
                while self._hub.seats:  # noqa: ASYNC110 - once in the life of a process
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            log.warning("seats_left_behind", seats=len(self._hub.seats))
