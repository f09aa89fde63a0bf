"""Databases that serve one test after the other. To clone and to drop one waits for checkpoints and for every process of the
server, which takes longer than most tests; to clean one takes some 10 ms.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any, TypeVar

import asyncpg

from tests.support.as_new import Pristine
from tests.support.postgres import TestDatabases

T = TypeVar("T")


class Lending:
    """Hands out clones of the template, and makes as new what comes back. Its connections live in a thread of their own:
    they outlast the event loop of a test.
    """

    def __init__(self, databases: TestDatabases) -> None:
        self._databases = databases
        self._free: list[str] = []
        self._inside: dict[str, asyncpg.Connection] = {}
        self._pristine: Pristine | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="lending", daemon=True)
        self._thread.start()

    async def lend(self) -> str:
        """The owner's DSN of a database as the template is."""
        return self._free.pop() if self._free else await self._beside(self._make())

    async def give_back(self, dsn: str) -> None:
        """For the next who asks; dropped where somebody changed more than rows."""
        await self._beside(self._clean(dsn))

    def close(self) -> None:
        asyncio.run(self._beside(self._leave()))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _beside(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _make(self) -> str:
        dsn = await self._databases.clone()
        connection = await asyncpg.connect(self._databases.admin_dsn_of(dsn))
        self._inside[dsn] = connection
        if self._pristine is None:
            self._pristine = await Pristine.seen(connection)
        return dsn

    async def _clean(self, dsn: str) -> None:
        assert self._pristine is not None, f"{dsn} has not been lent"
        if await self._pristine.restore(self._inside[dsn]):
            self._free.append(dsn)
            return
        await self._inside.pop(dsn).close()
        await self._databases.drop(dsn)

    async def _leave(self) -> None:
        for connection in self._inside.values():
            await connection.close()
