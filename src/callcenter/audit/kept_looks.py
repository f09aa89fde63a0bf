"""Looks at what is in memory while the database is away: each is in the trail as soon as it is back (G8)."""

from __future__ import annotations

import asyncio
from typing import Final

from callcenter.audit.trail import Entry, record_many_raw
from callcenter.core.held import HeldConnections

AT_ONCE: Final = 10
"""Entries written at a time: each may name ten thousand homes."""


class KeptLooks:
    """In the order in which they were made."""

    def __init__(self) -> None:
        self._unwritten: list[Entry] = []
        self._turn = asyncio.Lock()

    def __bool__(self) -> bool:
        return bool(self._unwritten)

    def keep(self, look: Entry) -> None:
        """Until `write`."""
        self._unwritten.append(look)

    async def write(self, connections: HeldConnections) -> None:
        """Each once, however many ask at a time. Raises Unavailable; what is not written stays."""
        async with self._turn:
            while some := self._unwritten[:AT_ONCE]:
                async with connections.use() as connection:
                    await record_many_raw(connection, some)
                del self._unwritten[: len(some)]
