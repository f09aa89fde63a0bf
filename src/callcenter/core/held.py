"""Held raw connections, handed out one user at a time; a broken one is replaced.

Unlike asyncpg's pool nothing is reset on return: the reset costs a round trip, and our connections carry no state.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable

LOST: Final = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a call that meets the farewell of a PostgreSQL that was killed
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    Unavailable,
)
"""The connection is gone or of no use: what it was doing may or may not have been committed."""

_WAIT_S: Final = 5.0


class HeldConnections:
    """`size` connections under one name."""

    def __init__(self, database: Database, name: str, size: int = 1) -> None:
        self._database = database
        self._name = name
        self._free: asyncio.LifoQueue[asyncpg.Connection | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)

    @asynccontextmanager
    async def use(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for the block. Raises Unavailable when PostgreSQL is away or all are busy for 5 s."""
        try:
            async with asyncio.timeout(_WAIT_S):
                connection = await self._free.get()
        except TimeoutError as error:
            raise Unavailable("All database connections are busy.", code="database_busy") from error
        try:
            if connection is None or connection.is_closed():
                connection = await self._database.connect(self._name)
            yield connection
        except BaseException as error:
            if self._spoils(error):
                self._let_go(connection)
                connection = None
            if isinstance(error, LOST) and not isinstance(error, Unavailable):
                raise Unavailable(
                    f"PostgreSQL cannot be reached: {error}", code="database_unavailable"
                ) from error
            raise
        finally:
            if connection is not None and _left_in_the_middle(connection):
                connection.terminate()
                connection = None
            self._free.put_nowait(connection)

    def _spoils(self, error: BaseException) -> bool:
        """Whether the connection is of no more use."""
        if isinstance(
            error, asyncio.CancelledError
        ):  # amid a statement without an answer, most likely
            return self._database.has_several_hosts
        if isinstance(error, Unavailable):  # by whoever uses it, of a busy row perhaps
            return False
        return isinstance(
            error, (*LOST, asyncpg.ReadOnlySQLTransactionError)
        )  # or a standby by now

    def _let_go(self, connection: asyncpg.Connection | None) -> None:
        """The next one is made where writes are taken then."""
        if connection is not None:
            self._database.doubt(connection)
            connection.terminate()

    async def close(self) -> None:
        """Close those that are not in use."""
        while not self._free.empty():
            connection = self._free.get_nowait()
            if connection is not None and not connection.is_closed():
                await connection.close(timeout=1)


def _left_in_the_middle(connection: asyncpg.Connection) -> bool:
    """By a task that was cancelled within a transaction. A connection that was terminated cannot be asked."""
    return not connection.is_closed() and bool(connection.is_in_transaction())
