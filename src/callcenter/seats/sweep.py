"""The sweep of one table of the board: what it says and the seats do not have yet (design 6b.10).

A snapshot of the transactions is taken before the rows are read. The next sweep reads what that snapshot did not see:
transactions that came after it (its `xmax`) and those it found running. So a commit that comes late is found, and a
transaction that stays open, here or in another database of the cluster, makes nothing be read twice.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import structlog

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.seats.board import Shown
from callcenter.seats.feeds import Entries, Feed, Row, identity
from callcenter.seats.hub import Hub
from callcenter.seats.recent import Versions

log = structlog.get_logger(__name__)

PAGE: Final = 2_000
"""Keys and versions read at a time: some two milliseconds of this process."""
SLICE: Final = 50
"""Rows read, encoded and pushed at a time."""

Keys = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a sweep could see."""

    xmax: str
    running: list[str]


async def take_snapshot(connection: asyncpg.Connection) -> Snapshot:
    """Of this moment."""
    row = await connection.fetchrow(NOW_SEEN)
    return Snapshot(row["xmax"], row["running"])


class Sweep:
    """A processor that keeps the seats true to one table."""

    def __init__(
        self, feed: Feed, hub: Hub, database: Database, clock: Clock, *, interval_s: float
    ) -> None:
        self.name = f"{feed.name}_sweep"
        self.interval_s = interval_s
        self.connections = HeldConnections(database, self.name, 1)
        self._feed = feed
        self._hub = hub
        self._clock = clock
        self._before: Snapshot | None = None
        self.swept_at = clock.monotonic()

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - transactions count, not times
        """One sweep; there is nothing to gain from another one at once."""
        await asyncio.sleep(self._feed.gather_s)
        async with self.connections.use() as connection:
            await self.sweep(connection)
        self.swept_at = self._clock.monotonic()
        return 0

    async def begin(self, connection: asyncpg.Connection) -> None:
        """From here on every change is found; once begun it goes on from where it is."""
        if self._before is None:
            self._before = await take_snapshot(connection)

    async def sweep(self, connection: asyncpg.Connection) -> int:
        """Push rows that changed since the last sweep in versions this process has not pushed; the first finds nothing.

        A sweep that fails on the way is made again from where it began; what it has pushed is remembered.
        """
        snapshot = await take_snapshot(connection)
        pushed = 0
        if self._before is not None:
            async for stale in self._stale(connection, self._before):
                for keys in _slices(stale):
                    pushed += await self._push(connection, keys)
        self._before = snapshot
        return pushed

    async def _stale(self, connection: asyncpg.Connection, before: Snapshot) -> AsyncIterator[Keys]:
        """Page by page, what the seats do not have."""
        feed, pushed = self._feed, self._hub.pushed[self._feed.name]
        width = len(feed.key)
        last: Sequence[Any] = (None,) * width
        while True:
            page = await connection.fetch(feed.changed, before.xmax, before.running, PAGE, *last)
            keys = [(tuple(row)[:width], row["version"]) for row in page]
            yield [key for key, version in keys if version > pushed.get(identity(key), 0)]
            if len(page) < PAGE:
                return
            last = keys[-1][0]
            await asyncio.sleep(0)

    async def _push(self, connection: asyncpg.Connection, keys: Keys) -> int:
        shown = await read_rows(connection, self._feed, keys, self._hub)
        await self._hub.push(self._feed, shown)
        await asyncio.sleep(0)
        return len(shown)


async def read_rows(
    connection: asyncpg.Connection, feed: Feed, keys: Keys, hub: Hub | None = None
) -> list[Shown]:
    """These rows as they go out; with a hub, those of their entries that its seats do not have.

    One that has no JSON form is left out and logged: it keeps no other from the seats.
    """
    rows = await connection.fetch(feed.rows, *zip(*keys, strict=True))
    entries: Mapping[Any, Sequence[Row]] = {}
    if hub is not None and feed.entries is not None:
        entries = await _entries(connection, feed.entries, keys, hub.pushed[feed.name])
    made = []
    for row in rows:
        key = feed.key_of(row)
        try:
            made.append(feed.show(row, entries.get(key[0], ())))
        except Exception:  # whatever is wrong with it is wrong with it alone
            log.exception("row_not_shown", table=feed.table, key=[str(part) for part in key])
    return made


async def _entries(
    connection: asyncpg.Connection, entries: Entries, keys: Keys, pushed: Versions
) -> Mapping[Any, Sequence[Row]]:
    ids = [key[0] for key in keys]
    rows = await connection.fetch(entries.after, ids, [pushed.get(id_, 0) for id_ in ids])
    grouped: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[entries.of]].append(row)
    return grouped


def _slices(keys: Keys) -> Iterator[Keys]:
    return (keys[start : start + SLICE] for start in range(0, len(keys), SLICE))


NOW_SEEN = """
SELECT pg_snapshot_xmax(snapshot)::text AS xmax, ARRAY(SELECT pg_snapshot_xip(snapshot)::text) AS running
FROM pg_current_snapshot() AS snapshot
"""
