"""A hub on the test's database, with seats whose frames are kept instead of sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.seats.hub import Hub, Seat
from tests.support.clock import HandClock
from tests.support.community import Community


def payload(frame: bytes) -> bytes:
    """Of an unmasked frame (RFC 6455, 5.2)."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


@dataclass
class KeptLink:
    """A console that reads at once."""

    frames: list[bytes] = field(default_factory=list)
    cut: bool = False

    def offer(self, frame: bytes) -> None:
        self.frames.append(frame)

    def begin(self, *frames: bytes) -> None:
        self.frames.extend(frames)

    def messages(self, kind: str) -> list[dict[str, Any]]:
        read = [orjson.loads(frame[frame.index(b'{"') :]) for frame in self.frames]
        return [message for message in read if message["type"] == kind]

    def versions(self) -> list[tuple[str, int]]:
        """Id and version of every incident that came, in order."""
        return [(i["id"], i["version"]) for m in self.messages("incidents") for i in m["incidents"]]


@dataclass
class Board:
    """A running hub and who sits at it."""

    hub: Hub
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
        """An incident that another process has opened."""
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

    async def step(self, step: Callable[[asyncpg.Connection], Any]) -> Any:
        """One turn of one of the runtime's loops, on a connection of its own."""
        connection = await self.database.connect("step")
        try:
            return await step(connection)
        finally:
            connection.terminate()


@pytest.fixture
async def board(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Board]:
    hub = Hub(clock)
    community = await Community.found(owner)
    async with Supervisor() as supervisor:
        supervisor.start(hub.run(), name="hub")
        yield Board(hub, community, database, owner, clock)
