"""Hints between processes by NOTIFY and LISTEN. The table is the truth: a lost hint costs a sweep's delay, never a row.

Everything goes over one connection of its own. A NOTIFY inside a writing transaction would hold its database-wide lock over
the fsync, and all committers would wait for each other (design 6b.3).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable

_PAYLOAD_MAX_BYTES: Final = 7999  # PostgreSQL refuses 8000
_PENDING_MAX: Final = 1000
_PING_S: Final = 15.0
"""A connection that died without a word, as by a cut cable, is noticed after this and the timeout."""
_TIMEOUT_S: Final = 5.0
_BACKOFF_FIRST_S: Final = 0.1
_BACKOFF_LAST_S: Final = 5.0

_FAULTS: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a call that meets the farewell of a PostgreSQL that was killed
)

Callback = Callable[[str], None]
"""Gets the payload; "" means: look for yourself, anything may have changed."""

log = structlog.get_logger(__name__)


class Changes:
    """Sends and receives hints while `run` runs. The process's own hints do not come back to it."""

    def __init__(
        self, database: Database, *, ping_s: float = _PING_S, timeout_s: float = _TIMEOUT_S
    ) -> None:
        self._database = database
        self._ping_s = ping_s
        self._timeout_s = timeout_s
        self._callbacks: dict[str, list[Callback]] = {}
        self._pending: dict[tuple[str, str], None] = {}  # a set that keeps the order
        self._awake = asyncio.Event()

    async def notify(self, channel: str, payload: str = "") -> None:
        """As `tell`, for a port that is awaited."""
        self.tell(channel, payload)

    def tell(self, channel: str, payload: str = "") -> None:
        """Tells the other processes, soon: it returns at once and never fails. Equal hints that wait become one."""
        if len(payload.encode()) > _PAYLOAD_MAX_BYTES:
            payload = ""
        self._pending[channel, payload] = None
        if (
            len(self._pending) > _PENDING_MAX
        ):  # long away from the database: say "look for yourself" instead
            self._pending = {(waiting, ""): None for waiting, _ in self._pending}
        self._awake.set()

    async def listen(self, channel: str, callback: Callback) -> None:
        """Calls back for each hint of another process, and with "" after each (re)connection, since hints were missed."""
        self._callbacks.setdefault(channel, []).append(callback)
        self._awake.set()

    async def run(self) -> None:
        """Keeps the connection, for ever. A task of the supervisor."""
        backoff_s = _BACKOFF_FIRST_S
        while True:
            try:
                connection = await self._database.connect("changes")
            except Unavailable:
                await asyncio.sleep(backoff_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
                backoff_s = min(backoff_s * 2, _BACKOFF_LAST_S)
                continue
            backoff_s = _BACKOFF_FIRST_S
            try:
                await self._serve(connection)
            except _FAULTS as error:
                log.warning("changes_connection_lost", error=str(error))
                await asyncio.sleep(backoff_s)
            finally:
                connection.terminate()  # LISTEN needs no good-bye, and a dead socket would make us wait for one

    async def _serve(self, connection: asyncpg.Connection) -> None:
        connection.add_termination_listener(lambda _: self._awake.set())
        await connection.execute("SET synchronous_commit = off")  # it writes nothing that must last
        listening: set[str] = set()
        while True:
            self._awake.clear()
            if connection.is_closed():
                raise asyncpg.ConnectionDoesNotExistError("closed by PostgreSQL")
            for channel in self._callbacks.keys() - listening:
                await connection.add_listener(channel, self._receive)
                listening.add(channel)
                self._call(channel, "")
            await self._send(connection)
            await self._pause(connection)

    async def _send(self, connection: asyncpg.Connection) -> None:
        hints = list(self._pending)
        if not hints:
            return
        self._pending.clear()
        try:
            await connection.execute(
                "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS hint (channel, payload)",
                [channel for channel, _ in hints],
                [payload for _, payload in hints],
                timeout=self._timeout_s,
            )
        except _FAULTS:
            self._pending = {**dict.fromkeys(hints), **self._pending}
            raise

    async def _pause(self, connection: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(self._ping_s):
                await self._awake.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=self._timeout_s)

    def _receive(
        self, connection: asyncpg.Connection, sender_pid: int, channel: str, payload: str
    ) -> None:
        if sender_pid != connection.get_server_pid():
            self._call(channel, payload)

    def _call(self, channel: str, payload: str) -> None:
        for callback in self._callbacks[channel]:
            try:
                callback(payload)
            except Exception:  # one listener's fault must not silence the others
                log.exception("changes_callback_failed", channel=channel)
