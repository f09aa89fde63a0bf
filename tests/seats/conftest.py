"""A hub on the test's database, with seats whose frames are kept instead of sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from callcenter.alerts.change import Change
from callcenter.alerts.entries import KIND_OF, Entry, Said
from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.processing import Wakeups
from callcenter.core.supervisor import Supervisor
from callcenter.seats.assembly import Seats
from callcenter.seats.feeds import Feed
from callcenter.seats.hub import Hub
from callcenter.seats.seat import Seat
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.kept_link import KeptLink

ONE_INCIDENT = f"SELECT {INCIDENT_COLUMNS} FROM incident WHERE id = $1"  # noqa: S608 constant columns


@dataclass
class Board:
    """A running hub and who sits at it."""

    hub: Hub
    seats: Seats
    wakeups: Wakeups
    community: Community
    database: Database
    owner: asyncpg.Connection
    clock: HandClock

    def seat(
        self, user_id: int, *regions: int, armed: bool = True, name: str = "王敏"
    ) -> tuple[Seat, KeptLink]:
        grants = tuple(HeldGrant(Role.OPERATOR, region) for region in regions)
        until = self.clock.now() + timedelta(hours=8)
        principal = Principal(user_id, name, name, "", "zh-CN", grants, b"", "", until)
        link = KeptLink()
        scope = frozenset(regions or (self.community.root,))
        now, pulsed_at = self.clock.now(), self.clock.monotonic()
        seat = Seat(new_id(), principal, scope, link, now, pulsed_at)  # type: ignore[arg-type]
        self.hub.attach(seat)
        self.hub.arm(seat, armed)
        return seat, link

    async def incident(self, subject: str = "caller:dc09:1", region: int | None = None) -> str:
        """An incident that another process has opened; its id."""
        path = [self.community.root, *([region] if region else [])]
        incident_id = new_id()
        await self.owner.execute(
            "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
            " last_signal_at) VALUES ($1, $2, 'alarm', 'sos', 1, $3, $4, 'dc09', '{}', $5, $5)",
            incident_id,
            subject,
            path[-1],
            path,
            self.clock.now(),
        )
        await self.owner.execute(
            "INSERT INTO timeline_entry (incident_id, number, at, kind) VALUES ($1, 1, $2, 'opened')",
            incident_id,
            self.clock.now(),
        )
        return str(incident_id)

    async def change(self, incident: str, *entries: Entry) -> Change:
        """The incident as it is now, as intake or a command publishes it."""
        connection = await self.database.connect("reader")
        try:
            row = await connection.fetchrow(ONE_INCIDENT, incident)
        finally:
            connection.terminate()
        assert row is not None
        return Change(Incident.of(row), entries)

    def entry(self, incident: object, number: int, said: Said) -> Entry:
        """What nobody in particular wrote a moment ago."""
        return Entry(
            UUID(str(incident)), number, self.clock.now(), KIND_OF[type(said)], None, None, said
        )

    async def sweep(self, feed: Feed) -> int:
        """One sweep of this table; how many rows were pushed."""
        sweep = self.seats.sweeps[feed.name]
        async with sweep.connections.use() as connection:
            return await sweep.sweep(connection)


@pytest.fixture
async def board(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Board]:
    wakeups = Wakeups()
    seats = Seats(database, clock, wakeups, new_id(), sweep_every_s=2.0)
    community = await Community.found(owner)
    connection = await database.connect("start")
    await seats.begin(connection)
    await connection.close()
    async with Supervisor() as supervisor:
        supervisor.start(seats.hub.run(), name="hub")
        yield Board(seats.hub, seats, wakeups, community, database, owner, clock)
    await seats.close()
