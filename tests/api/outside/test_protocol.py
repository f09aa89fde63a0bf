"""Connections of the second listener over raw sockets: from whom, how many, how long, and never a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from starlette.types import Receive, Scope, Send

from callcenter.api.outside.protocol import OutsideProtocol
from callcenter.api.serving import HttpServer
from callcenter.core.supervisor import Supervisor
from callcenter.listeners.places import Places
from tests.support.centre import bound_socket

SHORT_S = 0.05
PAGE = b"GET /f/x HTTP/1.1\r\nHost: c\r\n"
WHOLE = PAGE + b"\r\n"


async def page(scope: Scope, _receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    body = scope["path"].encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(
    capacity: int = 10, peers: tuple[str, ...] = (), head_within_s: float = 60.0
) -> AsyncIterator[Callers]:
    """Those who call it."""
    places = Places("outside", "field.connections", capacity, lambda: 0.0)
    protocol = partial(OutsideProtocol, places=places, peers=peers, head_within_s=head_within_s)
    listening = bound_socket()
    server = HttpServer(page, listening, protocol=protocol)
    port = listening.getsockname()[1]
    async with Supervisor() as supervisor:
        supervisor.start(server.run(), name="http")
        callers = Callers(port)
        yield callers
        callers.hang_up()
        await server.stop()
    assert len(places) == 0


@dataclass
class Callers:
    """Of one port; all hang up at the end."""

    port: int
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def call(self, source: str = "127.0.0.1", said: bytes = b"") -> asyncio.StreamReader:
        for _ in range(200):
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, local_addr=(source, 0)
                )
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)
                continue
            self.writers.append(writer)
            writer.write(said)
            return reader
        raise AssertionError("nobody listens")

    def hang_up(self) -> None:
        for writer in self.writers:
            writer.close()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The first line; nothing where it was cut."""
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


async def test_only_the_tunnel_may_call_where_nothing_is_encrypted():
    async with serving(peers=("127.0.0.2", "10.7.0.0/24")) as callers:
        assert b"200" in await answer(await callers.call("127.0.0.2", WHOLE))
        assert await answer(await callers.call("127.0.0.3", WHOLE)) == b""


async def test_one_more_than_there_are_places_takes_that_of_who_is_silent():
    async with serving(capacity=2) as callers:
        first = await callers.call()
        assert b"200" in await answer(await callers.call(said=WHOLE))
        assert b"200" in await answer(await callers.call(said=WHOLE))
        assert await first.read() == b""


async def test_who_says_nothing_or_half_a_head_is_not_waited_for():
    async with serving(head_within_s=SHORT_S) as callers:
        for said in (b"", PAGE):
            assert b"408" in await answer(await callers.call(said=said))


async def test_who_asks_for_a_socket_gets_a_page():
    asked = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n"
    async with serving() as callers:
        assert b"200" in await answer(await callers.call(said=PAGE + asked + b"\r\n"))


async def test_the_old_protocol_and_rubbish():
    async with serving() as callers:
        assert b"200" in await answer(await callers.call(said=b"GET /f/x HTTP/1.0\r\n\r\n"))
        for said in (b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00"):
            assert b"400" in await answer(await callers.call(said=said))
