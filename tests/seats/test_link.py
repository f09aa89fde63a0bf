"""The last metre to a console: order, and what happens when nobody reads or is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState

from callcenter.seats.link import EXTENSION, MAX_WAITING_BYTES, Link, SeatProtocol
from tests.support.waiting import until


class Socket(asyncio.Protocol):
    """The server's side of a real connection, wired to a link as uvicorn's protocol is."""

    transport: asyncio.Transport
    link: Link
    lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit from it
        self.transport.set_write_buffer_limits(high=4096)
        self.link = Link(self)  # type: ignore[arg-type]

    def pause_writing(self) -> None:
        self.link.pause()

    def resume_writing(self) -> None:
        self.link.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        self.link.lose()
        self.lost = True


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[Socket, asyncio.StreamReader, asyncio.StreamWriter]]:
    made: list[Socket] = []

    def make() -> Socket:
        made.append(Socket())
        return made[-1]

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 26)
    await until(lambda: made and hasattr(made[0], "link"), "the connection")
    try:
        yield made[0], reader, writer
    finally:
        writer.transport.abort()
        made[0].transport.abort()
        server.close()
        await until(lambda: made[0].lost, "the end of the connection")
        await server.wait_closed()


async def test_nothing_overtakes_the_snapshot():
    async with connected() as (socket, reader, _):
        socket.link.offer(b"[change 1]")
        socket.link.say(b"[hello]")
        socket.link.offer(b"[change 2]")
        socket.link.begin([b"[snap", b"shot]"])
        socket.link.offer(b"[change 3]")
        async with asyncio.timeout(10):
            assert await reader.readuntil(b"[change 3]") == (
                b"[hello][snapshot][change 1][change 2][change 3]"
            )


async def test_what_waits_for_a_slow_console_comes_in_order_when_it_reads_again():
    async with connected() as (socket, reader, writer):
        socket.link.begin([b"[snapshot]"])
        transport = writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        frames = [b"%08d" % n + b"." * 50_000 for n in range(100)]
        sent = 0
        for frame in frames:
            socket.link.offer(frame)
            sent += 1
            await asyncio.sleep(0)
            if socket.link._bytes_waiting > MAX_WAITING_BYTES // 2:
                break
        assert not socket.link.cut
        transport.resume_reading()
        async with asyncio.timeout(20):
            found = await reader.readexactly(len(b"[snapshot]") + sum(map(len, frames[:sent])))
        assert found == b"[snapshot]" + b"".join(frames[:sent])


async def test_a_console_that_never_reads_is_cut_and_holds_no_memory():
    async with connected() as (socket, _, writer):
        socket.link.begin([b"[snapshot]"])
        transport = writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        for _ in range(2000):
            socket.link.offer(b"x" * 50_000)
            await asyncio.sleep(0)
            if socket.link.cut:
                break
        assert socket.link.cut
        await until(lambda: socket.lost, "the end of the connection")
        assert socket.link._bytes_waiting == 0
        socket.link.offer(b"more")
        assert socket.link._waiting == []


async def vanish_and_offer() -> None:
    """What once ended the server: writing to a transport that is gone."""
    async with connected() as (socket, _, writer):
        socket.link.begin([b"[snapshot]"])
        writer.transport.abort()
        for _ in range(200):
            socket.link.offer(b"x" * 1000)
            await asyncio.sleep(0)
        await until(lambda: socket.lost, "the end of the connection")
        socket.link.offer(b"x")
        socket.link.begin([b"[late snapshot]"])
        socket.link.pause()
        socket.link.resume()
        assert socket.link._waiting == []


async def test_a_link_whose_socket_is_gone_drops_silently():
    await vanish_and_offer()


def test_a_link_whose_socket_is_gone_drops_silently_on_uvloop_too():
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(vanish_and_offer())


def test_a_link_whose_socket_we_closed_drops_silently_on_uvloop_too():
    async def close_and_offer() -> None:
        async with connected() as (socket, _, _):
            socket.transport.close()
            for _ in range(50):
                socket.link.offer(b"x" * 1000)
                await asyncio.sleep(0)
            await until(lambda: socket.lost, "the end of the connection")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(close_and_offer())


OPENING = (
    b"GET / HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n"
)


async def closes_by_itself(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": 4401})


async def is_ended_while_nobody_reads(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "websocket.accept"})
    link: Link = scope["extensions"][EXTENSION]
    link.say(b"." * 8 * MAX_WAITING_BYTES)
    link._protocol.end(1008)
    await receive()


@pytest.mark.parametrize("handler", [closes_by_itself, is_ended_while_nobody_reads])
async def test_a_console_that_does_not_answer_our_close_keeps_no_place(handler: Any):
    """Neither by its silence nor by what it does not read."""
    begun = asyncio.Event()

    async def begins(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await handler(scope, receive, send)

    config = uvicorn.Config(begins, lifespan="off", log_config=None)
    config.load()
    made = partial(SeatProtocol, config, state := ServerState(), {}, closes_within_s=0.01)
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    cast(asyncio.Transport, writer.transport).pause_reading()
    writer.write(OPENING)
    async with asyncio.timeout(10):
        await begun.wait()
    await until(lambda: not state.connections, "the end of the connection", within_s=5)
    writer.transport.abort()
    server.close()
