"""A TCP proxy that misbehaves on command: it stands between two parts and cuts, delays or holds back what they say."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

Direction = Literal["up", "down"]
"""`up`: from the client to the server; `down`: from the server to the client."""

_CHUNK = 65536


class FlakyProxy:
    """Listens on 127.0.0.1 at a free port while the `async with` block runs, and passes everything on to the target.

    The target is (host, port) or the path of a Unix socket. Use `FlakyProxy.to_postgres(dsn)` between the server and
    PostgreSQL, with `proxy.dsn` as the DSN.
    """

    def __init__(self, target: tuple[str, int] | str) -> None:
        self._target = target
        self._template: str | None = None
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._refusing = False
        self._delay_s = 0.0
        self._made = 0
        self._last_held = sys.maxsize
        self._gates: dict[Direction, asyncio.Event] = {"up": _open(), "down": _open()}
        self._conditions: dict[Direction, Callable[[bytes], bool] | None] = {
            "up": None,
            "down": None,
        }
        self._holding: dict[Direction, asyncio.Event] = {
            "up": asyncio.Event(),
            "down": asyncio.Event(),
        }

    @classmethod
    def to_postgres(cls, dsn: str) -> Self:
        """In front of the PostgreSQL of this DSN (libpq URL, over TCP or a Unix socket)."""
        parts = urlsplit(dsn)
        query = parse_qs(parts.query)
        if "host" in query:
            made = cls(f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}")
        else:
            made = cls((parts.hostname or "127.0.0.1", parts.port or 5432))
        made._template = dsn
        return made

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def dsn(self) -> str:
        """The DSN given to `to_postgres`, leading through this proxy."""
        assert self._template is not None
        parts = urlsplit(self._template)
        credentials = parts.netloc.rpartition("@")[0]
        netloc = f"{credentials}@127.0.0.1:{self.port}"
        return urlunsplit((parts.scheme, netloc, parts.path, "", ""))

    @property
    def made(self) -> int:
        """How many connections have been passed on."""
        return self._made

    def cut(self) -> None:
        """Breaks all connections at once (RST) and refuses new ones until `restore`."""
        self._refusing = True
        for writer in list(self._writers):
            writer.transport.abort()

    def delay(self, seconds: float) -> None:
        """Everything takes this much longer, in each direction, until `restore`."""
        self._delay_s = seconds

    def hold(
        self,
        direction: Direction,
        when: Callable[[bytes], bool] | None = None,
        *,
        only_present: bool = False,
    ) -> None:
        """Keeps back what flows in this direction until `release`; `when` picks the first bytes to be held, e.g.
        `lambda data: b"COMMIT" in data`. Nothing is lost, and the connections stay open. `only_present`: connections
        made later are not held.
        """
        self._last_held = self._made if only_present else sys.maxsize
        self._conditions[direction] = when
        self._holding[direction].clear()
        self._gates[direction].clear()

    async def held(self, direction: Direction, timeout_s: float = 5.0) -> None:
        """Waits until something is being held back."""
        async with asyncio.timeout(timeout_s):
            await self._holding[direction].wait()

    def release(self) -> None:
        """Lets everything flow that is held back."""
        for gate in self._gates.values():
            gate.set()

    def restore(self) -> None:
        """Behaves again: nothing is held, delayed or refused."""
        self._refusing = False
        self._delay_s = 0.0
        self.release()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for pump in list(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, *self._serving, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.current_task()
        assert serving is not None
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        self._writers.add(writer)
        try:
            if self._refusing:
                writer.transport.abort()
                return
            up_reader, up_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            self._writers.discard(writer)
            return
        if self._refusing:  # cut while it was being made
            for each in (writer, up_writer):
                each.transport.abort()
            self._writers.discard(writer)
            return
        self._writers.add(up_writer)
        self._made += 1
        number = self._made
        pumps = {
            asyncio.create_task(self._pump(number, "up", reader, up_writer)),
            asyncio.create_task(self._pump(number, "down", up_reader, writer)),
        }
        self._pumps |= pumps
        await asyncio.wait(pumps)
        self._pumps -= pumps
        for each in (writer, up_writer):
            each.transport.abort()
            self._writers.discard(each)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, str):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    async def _pump(
        self,
        number: int,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        try:
            while data := await reader.read(_CHUNK):
                await self._wait(number, direction, data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # cut: by us, or by one of the two
        finally:
            writer.close()

    async def _wait(self, number: int, direction: Direction, data: bytes) -> None:
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        gate, condition = self._gates[direction], self._conditions[direction]
        if (
            gate.is_set()
            or number > self._last_held
            or (condition is not None and not condition(data))
        ):
            return
        self._conditions[direction] = None  # what follows waits its turn
        self._holding[direction].set()
        await gate.wait()


def _open() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate
