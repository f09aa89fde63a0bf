"""A Kannel stand-in: a real HTTP server that answers sendsms as it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.support.centre import bound_socket

ACCEPTED = (202, "0: Accepted for delivery")
QUEUED = (202, "3: Queued for later delivery")
FULL = (503, "Temporal failure, try again later.")
NOT_ROUTABLE = (403, "Not routable. Do not try again.")
WRONG_LOGIN = (403, "Authorization failed for sendsms")
BAD_REQUEST = (400, "Missing receiver number, rejected")
SILENCE = (0, "reads the request and never answers")
CUT = (-1, "reads the request and closes the connection")


@dataclass(frozen=True)
class Taken:
    """One request as it arrived; header names in lower case."""

    headers: dict[str, str]
    text: str

    @property
    def recipient(self) -> str:
        return self.headers["x-kannel-to"]

    @property
    def receipt_url(self) -> str:
        return unquote(self.headers["x-kannel-dlr-url"])


@dataclass
class FakeSmsbox:
    """`answers` are used up in order, then `answer` is given for good. `gate` holds answers back while it is clear."""

    port: int = 0
    answer: tuple[int, str] = ACCEPTED
    answers: list[tuple[int, str]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _connections: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"

    async def come(self) -> None:
        """Listen."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
            with suppress(asyncio.CancelledError):  # it leaves
                await self.serve(reader, writer)

        self._server = await asyncio.start_server(serve, sock=bound_socket(self.port))

    async def leave(self) -> None:
        """Refuse connections, and cut those there are."""
        if self._server is not None:
            self._server.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def wait_for(self, count: int) -> None:
        """Until so many requests have arrived."""
        async with asyncio.timeout(10), self.arrived:
            await self.arrived.wait_for(lambda: len(self.taken) >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one_request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)

    async def _one_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in headers.items()}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        async with self.arrived:
            self.taken.append(Taken(headers, body.decode("utf-8")))
            self.arrived.notify_all()
        status, text = self.answers.pop(0) if self.answers else self.answer
        await self.gate.wait()
        if status == CUT[0]:
            return False
        if status == SILENCE[0]:
            await asyncio.Event().wait()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def fake_smsbox() -> AsyncIterator[FakeSmsbox]:
    """A running stand-in on a port of its own; all connections are cut at the end."""
    with (
        bound_socket() as kept
    ):  # bound and deaf: while the stand-in is away its port refuses, and nobody else gets it
        box = FakeSmsbox(kept.getsockname()[1])
        box.gate.set()
        await box.come()
        try:
            yield box
        finally:
            await box.leave()
