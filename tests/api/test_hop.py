"""One request after the other over a Unix socket, against another end that says byte for byte what a test wants."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from callcenter.api.hop import PIECE, Exchange, Hop, Lost, request_head
from tests.support.waiting import until

HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
ASKED = b"GET /page HTTP/1.1\r\n\r\n"
MIB = 1024 * 1024

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def path() -> Any:
    """Short enough for the address of a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="cc-") as name:
        yield Path(name) / "other"


class OtherEnd:
    """Counts who calls, and does with each request what the test says."""

    def __init__(self, answer: Callable[[Streams], Awaitable[None]]) -> None:
        self.connections = 0
        self._answer = answer
        self._writers: list[asyncio.StreamWriter] = []

    async def live(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await self._answer((reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


def saying(*words: bytes) -> Callable[[Streams], Awaitable[None]]:
    async def answer(streams: Streams) -> None:
        for word in words:
            streams[1].write(word)

    return answer


@asynccontextmanager
async def other_end(
    path: Path, answer: Callable[[Streams], Awaitable[None]] | None = None
) -> AsyncIterator[tuple[Hop, OtherEnd]]:
    end, hop = OtherEnd(answer or saying(HELLO)), Hop(path)
    server = await asyncio.start_unix_server(end.live, str(path))
    try:
        yield hop, end
    finally:
        hop.close()
        await end.hang_up()
        server.close()


async def read(exchange: Exchange) -> tuple[int, bytes]:
    head, pieces, more = await exchange.head(), [], True
    while more:
        piece, more = await exchange.piece()
        pieces.append(piece)
    return head.status, b"".join(pieces)


async def asked(hop: Hop, request: bytes = ASKED) -> tuple[int, bytes]:
    async with asyncio.timeout(20), hop.exchange(request) as exchange:
        return await read(exchange)


async def test_the_next_request_goes_over_the_same_connection(path: Path):
    async with other_end(path) as (hop, end):
        assert [await asked(hop) for _ in range(3)] == [(200, b"hello")] * 3
        assert end.connections == 1


async def test_requests_at_the_same_time_have_a_connection_each(path: Path):
    async with other_end(path) as (hop, end):
        assert set(await asyncio.gather(*(asked(hop) for _ in range(5)))) == {(200, b"hello")}
        assert end.connections == 5


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello",
        HELLO + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nmore",
        HELLO + b"x",
    ],
    ids=["that says so", "with a second answer", "with bytes behind it"],
)
async def test_a_connection_is_used_no_more_after_an_answer(path: Path, answer: bytes):
    async with other_end(path, saying(answer)) as (hop, end):
        assert [await asked(hop) for _ in range(2)] == [(200, b"hello")] * 2
        assert end.connections == 2


async def test_a_connection_that_was_closed_while_it_rested_is_not_used(path: Path):
    async with other_end(path) as (hop, end):
        await asked(hop)
        await end.hang_up()
        assert await asked(hop) == (200, b"hello")
        assert end.connections == 2


@pytest.mark.parametrize(
    ("request_", "answer", "body"),
    [
        (b"HEAD / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", b""),
        (ASKED, b"HTTP/1.1 100 Continue\r\n\r\n" + HELLO, b"hello"),
        (ASKED, b"HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n", b""),
        (
            ASKED,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nset-cookie: a\r\n\r\n",
            b"hello",
        ),
    ],
    ids=["without a body", "after a word ahead", "with an empty body", "in pieces with a trailer"],
)
async def test_each_kind_of_answer_is_read_to_its_end_and_not_beyond(
    path: Path, request_: bytes, answer: bytes, body: bytes
):
    async with other_end(path, saying(answer)) as (hop, end):
        for _ in range(2):
            async with asyncio.timeout(20), hop.exchange(request_) as exchange:
                assert await read(exchange) == (200, body)
                assert "set-cookie" not in str((await exchange.head()).headers)
        assert end.connections == 1


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe", b"SMTP ready\r\n\r\n"]
)
async def test_half_an_answer_is_none(path: Path, answer: bytes):
    async def say_and_go(streams: Streams) -> None:
        streams[1].write(answer)
        streams[1].close()

    async with other_end(path, say_and_go) as (hop, _):
        with pytest.raises(Lost):
            await asked(hop)


async def test_where_nobody_listens_it_is_said_at_once(path: Path):
    with pytest.raises(OSError, match="No such file"):
        await asked(Hop(path))


async def test_what_was_answered_before_the_body_was_out_is_read(path: Path):
    """The other end hangs up with it: what is still written breaks, and the answer lies there."""

    async def refuse(streams: Streams) -> None:
        streams[1].write(
            b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        )
        streams[1].close()
        await streams[1].wait_closed()
        refused.set()

    refused = asyncio.Event()
    begun = b"POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n"
    async with (
        other_end(path, refuse) as (hop, _),
        asyncio.timeout(20),
        hop.exchange(begun, is_all=False) as exchange,
    ):
        await exchange.sent(b"x", is_last=False)
        await refused.wait()
        for _ in range(10):
            await exchange.sent(b"x" * PIECE, is_last=False)
        assert await read(exchange) == (413, b"")


async def test_an_answer_that_nobody_takes_is_not_read(path: Path):
    written = 0

    async def pour(streams: Streams) -> None:
        nonlocal written
        streams[1].write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (64 * MIB))
        for _ in range(64):
            streams[1].write(b"x" * MIB)
            await streams[1].drain()
            written += 1

    async with (
        other_end(path, pour) as (hop, _),
        asyncio.timeout(60),
        hop.exchange(ASKED) as exchange,
    ):
        await exchange.head()
        for _ in range(1000):  # turns of the loop, each enough for one piece
            await asyncio.sleep(0)
        assert written <= 2
        _, body = await read(exchange)
        assert len(body) == 64 * MIB


async def test_who_writes_faster_than_is_read_waits(path: Path):
    go_on = asyncio.Event()

    async def read_later(streams: Streams) -> None:
        await go_on.wait()
        await streams[0].readexactly(16 * MIB)
        streams[1].write(HELLO)

    begun = b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % (16 * MIB)
    async with (
        other_end(path, read_later) as (hop, end),
        asyncio.timeout(60),
        hop.exchange(begun, is_all=False) as exchange,
    ):
        sending = asyncio.ensure_future(exchange.sent(b"x" * 16 * MIB, is_last=True))
        await until(lambda: end.connections == 1, "the request arrives")
        assert not sending.done()
        go_on.set()
        await sending
        assert await read(exchange) == (200, b"hello")


async def test_a_request_that_was_not_sent_to_its_end_leaves_no_connection_behind(path: Path):
    begun = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n"
    async with other_end(path) as (hop, end):
        async with hop.exchange(begun, is_all=False) as exchange:
            await exchange.sent(b"GET / ", is_last=False)
            assert await read(exchange) == (200, b"hello")
        assert await asked(hop) == (200, b"hello")
        assert end.connections == 2


async def test_while_the_queue_is_full_it_is_tried_again(path: Path):
    """Nobody accepts yet: the queue of a Unix socket holds one more than it was told to."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen(0)
    with listening, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as first:
        first.connect(str(path))
        hop, end = Hop(path), OtherEnd(saying(HELLO))
        asking = asyncio.ensure_future(asked(hop))
        tries = iter((True, True, False))
        with pytest.raises(Lost):
            async with hop.exchange(ASKED, goes_on=lambda: next(tries)):
                pass
        assert not asking.done()
        server = await asyncio.start_unix_server(end.live, sock=listening.dup())
        assert await asking == (200, b"hello")
        hop.close()
        await end.hang_up()
        server.close()


@pytest.mark.parametrize(
    ("method", "target", "header"),
    [
        ("GET", b"/", (b"a", b"b\r\nx-callcenter-client: 10.0.0.1|1|https")),
        ("GET", b"/", (b"a", b"b\nc: d")),
        ("GET", b"/", (b"a", b"b\rc: d")),
        ("GET", b"/", (b"a\r\nb", b"c")),
        ("GET", b"/", (b"a", b"b\0")),
        ("GET", b"/ HTTP/1.1\r\na: b\r\n\r\nGET /", (b"a", b"b")),
        ("GET", b"/a b", (b"a", b"b")),
        ("GET /x", b"/", (b"a", b"b")),
    ],
)
def test_no_line_of_a_head_can_become_two(method: str, target: bytes, header: tuple[bytes, bytes]):
    with pytest.raises(Lost):
        request_head(method, target, [header])


def test_a_head_is_written_as_it_was_given():
    head = request_head("PUT", b"/a?b=%0D", [(b"host", b"x"), (b"x-empty", b"")])
    assert head == b"PUT /a?b=%0D HTTP/1.1\r\nhost: x\r\nx-empty: \r\n\r\n"
