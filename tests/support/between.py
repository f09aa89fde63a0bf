"""Stands between a server and its exchange, lets through whatever both say, and does something at a chosen one of their words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from callcenter.telephony.pbxs.asterisk.exchange import At

STILL_S: Final = 0.1


@dataclass
class Between:
    """`at`: where a server finds its exchange."""

    at: At
    beyond: At
    _said_at: float = 0.0
    _left: int = -1
    _do: Callable[[], None] | None = None

    def before(self, nth: int, do: Callable[[], None]) -> None:
        """Before this word of those that follow; the first is 0."""
        self._left, self._do = nth, do

    async def quiet(self) -> None:
        """Until neither has said anything for a moment."""
        while monotonic() - self._said_at < STILL_S:
            await asyncio.sleep(STILL_S / 5)

    def lets_all_through(self) -> None:
        """From now on."""
        self._do = None

    @property
    def has_done(self) -> bool:
        return self._do is None

    async def joins(self, socket: ServerConnection) -> None:
        async with connect(
            self.beyond.events, additional_headers=self.beyond.headers, proxy=None, max_size=None
        ) as beyond:
            both = [
                asyncio.ensure_future(self._passes(*each))
                for each in ((socket, beyond), (beyond, socket))
            ]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for each in both:
                each.cancel()

    async def _passes(self, source: Any, target: Any) -> None:
        try:
            async for said in source:
                self._counts()
                await target.send(said)
        except ConnectionClosed:
            return

    def _counts(self) -> None:
        self._said_at = monotonic()
        if self._do is None:
            return
        if self._left == 0:
            do, self._do = self._do, None
            do()
        self._left -= 1


@asynccontextmanager
async def between(beyond: At) -> AsyncIterator[Between]:
    """On the loopback."""
    made: list[Between] = []

    async def joins(socket: ServerConnection) -> None:
        await made[0].joins(socket)

    async with serve(joins, "127.0.0.1", 0, ping_interval=None, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        made.append(Between(At(f"127.0.0.1:{port}", beyond.user, beyond.password), beyond))
        yield made[0]
