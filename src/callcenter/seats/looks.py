"""Who was shown which card: one entry of the audit trail for each incident, naming the scopes it was pushed to (design 6b.9).

Written a few times a second in one go, behind the push: the alarm does not wait for the trail. A console that connects
later leaves an entry of its own with its snapshot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Hashable, Sequence
from datetime import datetime

from callcenter.audit.trail import Entry, record_many_raw
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.processing import Wakeups
from callcenter.core.recent import Recent
from callcenter.seats.board import Scope, Shown, visible

GATHER_S = 0.2
SLICE = 200


class Looks:
    """What this process has pushed first and not written down yet. A processor, woken by `note`."""

    name = "looks"
    interval_s = 2.0

    def __init__(self, clock: Clock, database: Database, wakeups: Wakeups) -> None:
        self._clock = clock
        self._wakeups = wakeups
        self.connections = HeldConnections(database, "looks", 1)
        self._known: Recent[Hashable, bool] = Recent()
        self._waiting: list[Entry] = []

    def note(self, rows: Sequence[Shown], scopes: Collection[Scope]) -> None:
        """These rows go out to seats of these scopes now."""
        for row in rows:
            if row.look is None or row.key in self._known:
                continue
            seen_by = [scope for scope in scopes if visible(scope, row.path)]
            if seen_by:
                self._known.put(row.key, True)
                self._waiting.append(self._entry(row, seen_by))
        if self._waiting:
            self._wakeups.wake(self.name)

    def _entry(self, row: Shown, seen_by: Sequence[Scope]) -> Entry:
        return Entry(
            at=self._clock.now(),
            principal_id=None,
            action="card_pushed",
            subject=f"incident:{row.key}",
            region_ids=row.path,
            detail={**(row.look or {}), "scopes": sorted(sorted(scope) for scope in seen_by)},
        )

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - each entry has the time of its look
        """Write what waits, a slice at a time; what could not be written stays."""
        if not self._waiting:
            return 0
        await asyncio.sleep(GATHER_S)
        async with self.connections.use() as connection:
            written = 0
            while batch := self._waiting[:SLICE]:
                await record_many_raw(connection, batch)
                del self._waiting[: len(batch)]
                written += len(batch)
        return written
