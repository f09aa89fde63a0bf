"""Connections of the API over a raw socket: heads that never end, heads that are too large, and the end of the server."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvloop

from callcenter.api.serving import HttpServer, Manner, WhileOpen, signals_before
from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Credentials
from callcenter.listeners.http import HttpListener
from tests.support.centre import bound_socket
from tests.support.intake import MemoryIntake
from tests.support.server import TOKEN

SHORT_S, LONG_S = 0.05, 60.0
PAGE = b"GET /api/v1/page HTTP/1.1\r\nHost: centre\r\n"
END = b"\r\n"


@dataclass
class Api:
    port: int
    server: HttpServer
    answered: asyncio.Event
    asked: int = 0
    caller: str = ""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        self.caller = f"{scope['scheme']}://{scope['client'][0]}"
        self.headers = scope["headers"]
        if scope["method"] == "POST":
            self.body = await whole_body(receive)
        await self.answered.wait()
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


async def whole_body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


@asynccontextmanager
async def serving(
    head_within_s: float = LONG_S, proxies: tuple[str, ...] = ()
) -> AsyncIterator[Api]:
    """The alarm process's port, with the API behind the signals."""
    on = bound_socket()
    on.listen(16)
    on.setblocking(False)
    known = [
        Credentials(
            SourceRef("phones", "http_json", 1), hashlib.sha256(TOKEN.encode()).digest(), None, None
        )
    ]
    listener = HttpListener(FORMATS.values(), MemoryIntake(), SystemClock(), lambda: known)
    async with Supervisor() as supervisor:
        protocol = signals_before(listener, supervisor, head_within_s=head_within_s)
        api = Api(on.getsockname()[1], None, asyncio.Event())  # type: ignore[arg-type] # set below
        api.server = HttpServer(api, on, Manner(proxies=proxies), protocol)
        api.answered.set()
        running = asyncio.create_task(api.server.run())
        try:
            yield api
        finally:
            api.answered.set()
            await api.server.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def status(reader: asyncio.StreamReader) -> int:
    """Of one answer without a body."""
    return int((await reader.readuntil(END + END)).split()[1])


@pytest.mark.parametrize("before", [b"", PAGE + END])
async def test_a_head_that_does_not_come_in_time_is_given_up(before: bytes):
    """The first of a connection, and one after a request that was answered."""
    async with asyncio.timeout(20), serving(SHORT_S) as api:
        reader, writer = await api.connect()
        if before:
            writer.write(before)
            assert await status(reader) == 200
        writer.write(PAGE)
        assert await status(reader) == 408
        assert await reader.read() == b""
        writer.close()


async def test_a_head_in_pieces_that_comes_in_time_is_answered():
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        for piece in (PAGE, b"X-More: 1\r\n", END):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert await status(reader) == 200
        writer.close()


async def test_a_slow_head_does_not_cut_the_answer_before_it():
    async with asyncio.timeout(20), serving(SHORT_S) as api:
        api.answered.clear()
        reader, writer = await api.connect()
        writer.write(PAGE + END)
        while not api.asked:
            await asyncio.sleep(0)
        writer.write(PAGE)
        asyncio.get_running_loop().call_later(5 * SHORT_S, api.answered.set)
        assert await status(reader) == 200
        assert await status(reader) == 408
        writer.close()


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"X-Long: " + b"x" * 33 * 1024, id="33 KiB"),
        pytest.param(b"".join(b"X-%d: 1\r\n" % number for number in range(101)), id="101 headers"),
    ],
)
async def test_a_head_that_is_too_large_is_refused_and_asked_of_nobody(head: bytes):
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(PAGE + head + END + END)
        assert await status(reader) == 431
        assert api.asked == 0
        writer.close()


async def test_a_hundred_headers_are_none_too_many():
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(PAGE + b"".join(b"X-%d: 1\r\n" % number for number in range(99)) + END)
        assert await status(reader) == 200
        writer.close()


async def test_after_the_stop_nobody_is_let_wait_for_an_answer():
    async with asyncio.timeout(20), serving() as api:
        _, writer = await api.connect()
        writer.close()
        await api.server.stop()
        with pytest.raises(ConnectionRefusedError):
            await api.connect()


ASKS_FOR_A_SOCKET = b"Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
KEYED = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(b"hello there" + END + END, 400, id="no HTTP"),
        pytest.param(b"GET / HTTP/1.1\r\nContent-Length: -1" + END + END, 400, id="no length"),
        pytest.param(PAGE + b"X: " + b"x" * 33 * 1024 + END + END, 431, id="too large a head"),
        pytest.param(b"GET /ws HTTP/1.1\r\n" + ASKS_FOR_A_SOCKET + END, 400, id="no key"),
        pytest.param(
            b"GET /ws HTTP/1.1\r\n" + ASKS_FOR_A_SOCKET + KEYED + b"X: " + b"x" * 9_000 + END + END,
            431,
            id="a header that the socket's protocol does not read",
        ),
    ],
)
async def test_what_never_becomes_a_request_is_answered_and_holds_no_connection(
    sent: bytes, code: int
):
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(sent)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 %d " % code)
        head = answer.lower().partition(END + END)[0]
        for name in (b"content-security-policy", b"x-content-type-options", b"referrer-policy"):
            assert head.count(b"\n" + name) == 1
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"POST /ws HTTP/1.1\r\nContent-Length: 3\r\n", id="another method"),
        pytest.param(b"GET /ws HTTP/1.1\r\nContent-Length: 3\r\n" + KEYED, id="with a body"),
    ],
)
async def test_who_asks_for_a_socket_in_a_way_that_gives_none_holds_no_connection(sent: bytes):
    """Such a connection is none that may be given up for another, so a stranger could hold all of them."""
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(sent + ASKS_FOR_A_SOCKET + b"Connection: close" + END + END + b"abc")
        await reader.read()
        writer.close()


CHUNKED = b"POST /api/v1/page HTTP/1.1\r\nHost: centre\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param((b"2\r\n{}\r\n0\r\n", b"A: b\r\n"), id="trailers"),
        pytest.param((b"2\r\n{}\r\n0\r\n", b"A: " + b"b" * 4096 + END), id="long trailers"),
        pytest.param((b"2;", b"a" * 4096), id="an extension of a chunk"),
        pytest.param((b"2\r\n{}\r\n", b"0" * 4096), id="the length of a chunk"),
    ],
)
async def test_what_stands_beside_a_body_is_bounded_as_a_head_is(endless: tuple[bytes, bytes]):
    """Kept for as long as it came it took the memory of the process that has the alarms, and all of its time."""
    begin, piece = endless
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(CHUNKED + begin)
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            writer.write(piece * 16)
            await asyncio.wait((answer,), timeout=0.001)
        with suppress(ConnectionError):  # it was cut while more was under way
            assert answer.result().split()[1] in (b"400", b"431")
        writer.close()


async def test_a_trailer_is_no_header():
    """What is behind a body has passed no check that was made before it."""
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(CHUNKED + b"2\r\n{}\r\n0\r\nCookie: a=b\r\n\r\n")
        assert await status(reader) == 200
        assert api.body == b"{}"
        assert b"cookie" not in dict(api.headers)
        writer.close()


async def test_a_body_in_single_bytes_is_whole():
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(CHUNKED + b"1\r\na\r\n" * 30_000 + b"0\r\n\r\n")
        assert await status(reader) == 200
        assert api.body == b"a" * 30_000
        writer.close()


async def test_a_body_that_nobody_reads_is_not_taken_for_ever():
    """The answer is there, and a reading of a page has no body that means anything."""
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(PAGE + b"Transfer-Encoding: chunked" + END + END)
        assert await status(reader) == 200
        end = asyncio.create_task(reader.read())
        while not end.done():
            writer.write(b"10000\r\n" + b"x" * 65_536 + END)
            await asyncio.wait((end,), timeout=0.001)
        writer.close()


@pytest.mark.parametrize("wanted", [b"h2c", b"websocket", b"irc"])
async def test_an_upgrade_that_is_not_granted_costs_no_body(wanted: bytes):
    """Some clients ask for another protocol with each request, and go on without (RFC 9110, 7.8)."""
    asks = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + wanted + END
    post = b"POST /api/v1/page HTTP/1.1\r\nHost: centre\r\nContent-Length: 3\r\n" + asks + END
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(post + b"abc" + PAGE + END + post + b"def")
        for _ in range(3):
            assert await status(reader) == 200
        assert (api.asked, api.body) == (3, b"def")
        writer.close()


async def test_nobody_is_connected_to_elsewhere():
    async with asyncio.timeout(20), serving() as api:
        reader, writer = await api.connect()
        writer.write(b"CONNECT centre:443 HTTP/1.1\r\nHost: centre" + END + END + PAGE + END)
        assert await status(reader) == 400
        assert (await reader.read(), api.asked) == (b"", 0)
        writer.close()


def test_an_answer_to_a_client_that_is_gone_is_dropped():
    """On the server's own loop: there a write after the end raises, and a stranger filled the log with traces."""

    async def write_after_the_end() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            transport.abort()
            await asyncio.sleep(0)
            answer = WhileOpen(transport)
            answer.write(b"too late")
            assert answer.is_closing()
            answer.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(write_after_the_end())


@pytest.mark.parametrize(
    ("proxies", "caller"),
    [
        ((), "http://127.0.0.1"),
        (("10.0.0.0/8",), "http://127.0.0.1"),
        (("127.0.0.1",), "https://10.9.9.9"),
        (("127.0.0.0/8", "10.9.9.9"), "https://172.16.0.1"),
    ],
)
async def test_what_a_proxy_says_of_its_client_counts_of_those_that_are_named_alone(
    proxies: tuple[str, ...], caller: str
):
    forwarded = b"X-Forwarded-For: 172.16.0.1, 10.9.9.9\r\nX-Forwarded-Proto: https\r\n"
    async with asyncio.timeout(20), serving(proxies=proxies) as api:
        reader, writer = await api.connect()
        writer.write(PAGE + forwarded + END)
        assert await status(reader) == 200
        assert api.caller == caller
        writer.close()
