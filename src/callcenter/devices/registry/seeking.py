"""Devices that call before they have been read: looked up by name, all that wait in one query, for at most two seconds.

Whoever has the connection reads for everybody who waits for it by then. What cannot be looked up in time rings as an
unknown caller: no alarm waits longer for its card. Who it was is found out afterwards (`alerts/handling/recognising.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import asyncpg
import structlog

from callcenter.core.database import Database
from callcenter.core.held import LOST, HeldConnections
from callcenter.devices.registry.registry import Registry

log = structlog.get_logger(__name__)

SEEK_S = 2.0
"""A machine that starts a server has much to do; a device waits for three seconds before it repeats."""
AT_ONCE = 250
"""Devices a query."""

Name = tuple[str, str]
"""Source and identifier."""


class Seeking:
    """The door of intake while the registry is incomplete."""

    def __init__(self, registry: Registry, database: Database) -> None:
        self._registry = registry
        self._connections = HeldConnections(database, "device-seeking", 1)  # one reads at a time
        self._waiting: Counter[Name] = Counter()
        """Who waits for which device. Who comes after a waiting one waits too: signals of a device keep their order."""
        self._unread: dict[Name, None] = {}
        """Those of them for which nobody has asked yet, in the order they came."""
        self.gave_up = False
        """Some device was not looked up, and rings as unknown though it may be none; for whoever looks again, who takes this back."""

    async def open(self) -> None:
        """Open its connection before the first device calls, which has not long. Raises Unavailable."""
        async with self._connections.use():
            pass

    async def seek(self, source: str, identifiers: Sequence[str]) -> None:
        """Return when these devices are in the copy, or are not in the database, or two seconds have passed."""
        names = [name for each in identifiers if self._is_sought(name := (source, each))]
        if not names:
            return
        self._unread.update((name, None) for name in names if name not in self._waiting)
        self._waiting.update(names)
        try:
            async with asyncio.timeout(SEEK_S), self._connections.use() as connection:
                while any(name in self._unread for name in names):
                    await self._read(connection, source)
        except (TimeoutError, asyncpg.PostgresError, *LOST) as error:
            self.gave_up = True
            log.warning("device_not_looked_up", source=source, error=repr(error))
        finally:
            self._leave(names)

    async def close(self) -> None:
        """Close its connection."""
        await self._connections.close()

    def _is_sought(self, name: Name) -> bool:
        if name in self._waiting:
            return True
        return self._registry.device_id(*name) is None and _can_be_stored(name[1])

    async def _read(self, connection: asyncpg.Connection, source: str) -> None:
        """One query for all devices of this source that wait by now. When it fails they wait for another."""
        taken = list(islice((name for name in self._unread if name[0] == source), AT_ONCE))
        for name in taken:
            del self._unread[name]
        try:
            await self._registry.find_devices(connection, source, [name[1] for name in taken])
        except BaseException:
            connection.terminate()  # it may answer the next query with this one's rows, or never
            self._unread.update((name, None) for name in taken if name in self._waiting)
            raise

    def _leave(self, names: Sequence[Name]) -> None:
        self._waiting.subtract(names)
        for name in names:
            if self._waiting[name] <= 0:
                del self._waiting[name]
                self._unread.pop(name, None)


def _can_be_stored(identifier: str) -> bool:
    """No device has NUL or a lone surrogate in its name, and PostgreSQL refuses to be asked."""
    try:
        return b"\0" not in identifier.encode()
    except UnicodeEncodeError:
        return False
