"""One request after the other to another process of ours: HTTP over a Unix socket, both bodies piece by piece, neither held.

A request that passes costs the alarm process what is written here, and alarms wait for it: there is no pool of tasks and locks, no
object for a header, and no head is written or read twice. Whoever writes too fast waits in `sent`; an answer that is not taken is
not read.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httptools

KEPT: Final = 16
"""Connections that rest between two requests."""
REST_S: Final = 5.0
"""One that rested longer is not used again: its other end may be closing it just now."""
AGAIN_S: Final = 0.01
"""Until the next try where the other end's queue of connections is full."""
PIECE: Final = 65_536

Headers = Sequence[tuple[bytes, bytes]]


class Lost(OSError):
    """The other process has hung up before its answer was whole, says what is no answer, or cannot be asked like this."""


@dataclass(frozen=True, slots=True)
class Head:
    """Of an answer; names in small letters."""

    status: int
    headers: Headers


def request_head(method: str, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The lines before the body. Raises Lost where one would be read as two, or as the end."""
    lines = [b"%s %s HTTP/1.1" % (method.encode(), target)]
    lines += [b"%s: %s" % pair for pair in headers]
    head = b"\r\n".join((*lines, b"\r\n"))
    ends = len(lines) + 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise Lost("a line of the request's head holds the end of a line")
    if lines[0].count(b" ") != 2:
        raise Lost("the request's address holds a space")
    return head


class Hop:
    """Connections to one Unix socket; those that rest are used again, the last one first."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._resting: list[_Connection] = []
        self._busy: set[_Connection] = set()

    @asynccontextmanager
    async def exchange(
        self, begun: bytes, *, is_all: bool = True, goes_on: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[Exchange]:
        """A request that begins with these bytes, or `is_all` of them. While the other end is full it is tried again as long as it
        `goes_on`. The connection is kept where both sides have said all. Raises OSError where nobody listens.
        """
        connection = self._rested() or await self._connected(goes_on)
        self._busy.add(connection)
        try:
            yield connection.begin(begun, is_all=is_all)
        finally:
            self._busy.discard(connection)
            if connection.end_exchange() and len(self._resting) < KEPT:
                self._resting.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """All connections; exchanges that are not done fail."""
        for connection in (*self._resting, *self._busy):
            connection.close()
        self._resting.clear()

    def _rested(self) -> _Connection | None:
        while self._resting:
            connection = self._resting.pop()
            if connection.may_be_used:
                return connection
            connection.close()
        return None

    async def _connected(self, goes_on: Callable[[], bool]) -> _Connection:
        to = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            to.setblocking(False)
            await _connect(to, self._path, goes_on)
        except BaseException:
            to.close()
            raise
        return _Connection(to)


async def _connect(to: socket.socket, path: str, goes_on: Callable[[], bool]) -> None:
    """A Unix socket is connected at once, or not at all while the queue at the other end is full."""
    while goes_on():
        try:
            to.connect(path)
        except BlockingIOError:
            await asyncio.sleep(AGAIN_S)
        else:
            return
    raise Lost("the other process is away")


class Exchange:
    """One request and its answer. For one reader, and for one writer beside it. It is also what the parser tells."""

    def __init__(self, connection: _Connection, *, is_head: bool) -> None:
        self.connection = connection
        self._is_head = is_head
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._head: Head | None = None
        self._pieces: list[bytes] = []
        self._waiting: int = 0
        """Bytes of the answer that nobody has taken."""
        self._failed: BaseException | None = None
        self._news: asyncio.Future[None] | None = None
        self.is_whole = False
        self.keeps_alive = False

    # ---- the writer

    async def sent(self, piece: bytes, *, is_last: bool) -> None:
        """Send a piece of the body, as it stands on the wire; ends when there is room for the next. It is lost where nobody reads."""
        self.connection.write(piece, is_last=is_last)
        await self.connection.room()

    def fail(self, error: BaseException) -> None:
        """End it for the reader; what has come of the answer before is read first."""
        if self._failed is None and not self.is_whole:
            self._failed = error
            self._tell()

    # ---- the reader

    async def head(self) -> Head:
        """Raises Lost, or what it failed with."""
        while self._head is None:
            await self._wait()
        return self._head

    async def piece(self) -> tuple[bytes, bool]:
        """What has come of the body, and whether more does. Raises Lost, or what it failed with."""
        while not self._pieces and not self.is_whole:
            await self._wait()
        piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._waiting = 0
        self.connection.read_on()
        return piece, not self.is_whole

    async def _wait(self) -> None:
        if self._failed is not None:
            raise self._failed
        self._news = asyncio.get_running_loop().create_future()
        await self._news

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    # ---- the connection

    def feed(self, data: bytes) -> None:
        """Bytes that came."""
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.keeps_alive = False
            self.fail(Lost(f"no answer of HTTP: {error}"))
        self._tell()

    def forget(self) -> None:
        """Nothing comes any more: the parser, which holds this, is let go of."""
        self._parser = None

    @property
    def is_full(self) -> bool:
        """More waits to be taken than should."""
        return self._waiting >= PIECE

    # ---- the parser

    def on_message_begin(self) -> None:
        if self.is_whole:
            self.keeps_alive = False
            raise Lost("more than was asked for")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Those behind a body are read over."""
        if self._head is None:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        assert self._parser is not None  # noqa: S101 - it is what calls
        status = self._parser.get_status_code()
        if status < 200:  # a word ahead of the answer (RFC 9110, 15.2)
            self._headers.clear()
            return
        self._head = Head(status, self._headers)
        if self._is_head:
            self._end()

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)
        self._waiting += len(body)

    def on_message_complete(self) -> None:
        if self._head is not None and not self.is_whole:
            self._end()

    def _end(self) -> None:
        assert self._parser is not None  # noqa: S101 - as above
        self.is_whole = True
        self.keeps_alive = self._parser.should_keep_alive()


class _Connection:
    """The socket itself and not a transport of asyncio's: that one forgets what has arrived when a write fails, and an answer that
    came before the whole request was sent would be lost.
    """

    def __init__(self, to: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = to
        self._exchange: Exchange | None = None
        self._unsent = b""
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._is_asked = False
        """The whole request is out."""
        self._reads = self._is_gone = False
        self._rests_since = 0.0
        self.read_on()

    @property
    def may_be_used(self) -> bool:
        """It has not rested too long, and nothing has come from the other end since, not even what the loop has yet to tell."""
        if self._is_gone or self._loop.time() - self._rests_since >= REST_S:
            return False
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def begin(self, head: bytes, *, is_all: bool) -> Exchange:
        """Send the head, in the same breath as what is written in this turn of the loop."""
        self._exchange = exchange = Exchange(self, is_head=head.startswith(b"HEAD "))
        self._is_asked = is_all
        self._unsent = head
        self._has_room.clear()
        self._loop.call_soon(self._send)
        return exchange

    def end_exchange(self) -> bool:
        """Whether another one may follow."""
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            return False
        exchange.forget()
        self._rests_since = self._loop.time()
        self.read_on()
        is_over = exchange.is_whole and exchange.keeps_alive and self._is_asked
        return is_over and not self._unsent and not self._is_gone

    def close(self) -> None:
        self._lose(Lost("the connection was closed"))
        self._unsent = b""
        if self._is_open:
            self._loop.remove_writer(self._socket)
            self._socket.close()

    @property
    def _is_open(self) -> bool:
        return self._socket.fileno() >= 0

    # ---- out

    def write(self, piece: bytes, *, is_last: bool) -> None:
        self._is_asked = self._is_asked or is_last
        was_empty = not self._unsent
        self._unsent += piece
        if was_empty and self._is_open:
            self._send()

    async def room(self) -> None:
        """Until everything is out, or nobody reads it any more."""
        await self._has_room.wait()

    def _send(self) -> None:
        if self._unsent:
            self._unsent = self._unsent[self._taken() :]
        if self._unsent:
            self._has_room.clear()
            self._loop.add_writer(self._socket, self._go_on)
        else:
            self._has_room.set()

    def _taken(self) -> int:
        """Bytes that are out. All of them, where nobody reads them: what was answered before is still to be read."""
        try:
            return self._socket.send(self._unsent)
        except BlockingIOError:
            return 0
        except OSError:
            self._is_gone = True
            return len(self._unsent)

    def _go_on(self) -> None:
        self._loop.remove_writer(self._socket)
        self._send()

    # ---- in

    def read_on(self) -> None:
        """After a pause, or at the beginning."""
        if not self._reads and self._is_open:
            self._reads = True
            self._loop.add_reader(self._socket, self._readable)

    def _pause(self) -> None:
        if self._reads:
            self._reads = False
            self._loop.remove_reader(self._socket)

    def _readable(self) -> None:
        try:
            data = self._socket.recv(PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(Lost(f"the connection broke: {error}"))
            return
        if not data or self._exchange is None:
            self._lose(Lost("the other process has hung up"))
            return
        self._exchange.feed(data)
        if self._exchange.is_full:
            self._pause()

    def _lose(self, error: Lost) -> None:
        self._is_gone = True
        self._pause()
        self._has_room.set()
        if self._exchange is not None:
            self._exchange.fail(error)
