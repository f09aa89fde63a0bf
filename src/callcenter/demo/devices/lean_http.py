"""A lean HTTP/1.1 client for load: a general one costs more per request than the server under test."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

import httptools


class _Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._status: asyncio.Future[int] | None = None
        self.is_open = False

    async def post(self, request: bytes) -> int:
        self._status = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._status

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"not HTTP: {error}"))
            self._transport.abort()

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self._status is not None and not self._status.done():
            self._status.set_result(self._parser.get_status_code())
        self.is_open = self._parser.should_keep_alive()
        self._parser = httptools.HttpResponseParser(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self._fail(ConnectionError(f"the connection was lost: {exc or 'closed'}"))

    def _fail(self, error: Exception) -> None:
        if self._status is not None and not self._status.done():
            self._status.set_exception(error)


class LeanClient:
    """Posts to one origin over at most `connections` connections; more requests wait for a free one."""

    def __init__(self, origin: str, connections: int) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or 80
        self._free = asyncio.Semaphore(connections)
        self._idle: list[_Connection] = []

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer. Raises OSError when there is none."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        request = "\r\n".join(lines).encode("latin-1") + body
        async with self._free:
            connection = await self._connection()
            try:
                status = await connection.post(request)
            except BaseException:  # cancelled or lost: an answer that comes later belongs to nobody
                connection.close()
                raise
            if connection.is_open:
                self._idle.append(connection)
            return status

    def close(self) -> None:
        """Close what is idle."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _connection(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, self._host, self._port)
        return connection
