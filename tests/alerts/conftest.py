"""An intake and a workbench on a real database, with a board that remembers what it was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import asyncpg
import pytest

from callcenter.alerts.arriving.flushing import Settled
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.change import Change
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import Supervisor
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal
from tests.support.clock import HandClock
from tests.support.community import Community


@dataclass
class ShownBoard:
    """Keeps every change; a test says whose seats are there."""

    changes: list[Change] = field(default_factory=list)
    seats: bool = True
    users: set[int] = field(default_factory=set)

    def publish(self, changes: Sequence[Change]) -> None:
        self.changes.extend(changes)

    def manned(self, region_path: Sequence[int]) -> bool:
        return self.seats

    def present(self, user_id: int) -> bool:
        return user_id in self.users


@dataclass
class Desk:
    """What a test of the alarm path works with."""

    community: Community
    registry: Registry
    intake: Intake
    board: ShownBoard
    database: Database
    owner: asyncpg.Connection
    clock: HandClock
    pressed: int = 0
    woken: list[None] = field(default_factory=list)
    directory_changes: list[None] = field(default_factory=list)

    async def press(
        self, identifier: str = "1234", kind: Kind = Kind.SOS, source: str = "dc09"
    ) -> Settled:
        """A new press of this device; never a repeat."""
        self.pressed += 1
        raw = f"{identifier}:{self.pressed}".encode()
        signal = Signal(identifier, kind, sha256(raw).digest(), raw)
        found = self.registry.source(source)
        assert found is not None
        [settled] = await self.intake.accept(found, [signal], self.clock.now())
        return settled

    async def texts(self) -> list[tuple[str, str]]:
        """Recipient and kind of every text, oldest first."""
        rows = await self.owner.fetch(
            "SELECT recipient, kind FROM sms_message ORDER BY created_at, id"
        )
        return [tuple(row) for row in rows]

    async def entries(self, incident_id: object) -> list[str]:
        """Kinds of the timeline's entries; their numbers have no gap."""
        rows = await self.owner.fetch(
            "SELECT number, kind FROM timeline_entry WHERE incident_id = $1 ORDER BY number",
            incident_id,
        )
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        return [row["kind"] for row in rows]

    async def reload(self) -> None:
        connection = await self.database.connect("registry")
        await self.registry.load(connection)
        await connection.close()


@pytest.fixture
async def bench(desk: Desk) -> AsyncIterator[Workbench]:
    """What commands and processors work with, on the same registry and board as the intake."""
    connections = HeldConnections(desk.database, "commands", 4)
    yield Workbench(
        connections=connections,
        registry=desk.registry,
        board=desk.board,
        clock=desk.clock,
        texts_written=lambda: desk.woken.append(None),
        directory_changed=lambda: desk.directory_changes.append(None),
    )
    await connections.close()


@pytest.fixture
async def desk(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Desk]:
    community = await Community.found(owner)
    registry = Registry(unseal=lambda sealed, context: sealed)
    board = ShownBoard()
    woken: list[None] = []
    intake = Intake(database, registry, clock, board, texts_written=lambda: woken.append(None))
    async with Supervisor() as supervisor:
        intake.start(supervisor)
        yield Desk(community, registry, intake, board, database, owner, clock, woken=woken)
