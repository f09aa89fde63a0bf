"""Who was shown which card: one entry of the audit trail for each incident, naming the scopes it was pushed to (design 6b.9).

Written a few times a second in one go, behind the push: the alarm does not wait for the trail. A console that connects
later leaves an entry of its own with its snapshot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from callcenter.alerts.change import Change
from callcenter.audit.trail import Entry, record_many_raw
from callcenter.core.clock import Clock
from callcenter.seats.board import Scope, visible

GATHER_S = 0.2


class Looks:
    """What this process has pushed first and not written down yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: set[UUID] = set()
        self._known_before: set[UUID] = set()
        self._waiting: list[Entry] = []
        self._wake = asyncio.Event()

    def note(self, changes: Sequence[Change], scopes: Collection[Scope]) -> None:
        """These changes go out to seats of these scopes now."""
        for change in changes:
            incident_id = change.incident.id
            if incident_id in self._known or incident_id in self._known_before:
                continue
            seen_by = [scope for scope in scopes if visible(scope, change.region_path)]
            if seen_by:
                self._known.add(incident_id)
                self._waiting.append(self._entry(change, seen_by))
        if self._waiting:
            self._wake.set()

    def _entry(self, change: Change, seen_by: Sequence[Scope]) -> Entry:
        return Entry(
            at=self._clock.now(),
            principal_id=None,
            action="card_pushed",
            subject=f"incident:{change.incident.id}",
            region_ids=change.region_path,
            detail={
                "home_id": change.incident.home_id,
                "scopes": sorted(sorted(scope) for scope in seen_by),
            },
        )

    def turn(self) -> None:
        """Forget what was pushed long ago; an incident that changes after that is written down once more."""
        self._known_before, self._known = self._known, set()

    async def wait(self) -> None:
        """Until there is something to write."""
        await self._wake.wait()
        await asyncio.sleep(GATHER_S)

    async def cycle(self, connection: asyncpg.Connection) -> None:
        """Write what waits."""
        self._wake.clear()
        batch, self._waiting = self._waiting, []
        try:
            await record_many_raw(connection, batch)
        except BaseException:
            self._waiting = batch + self._waiting
            self._wake.set()
            raise
