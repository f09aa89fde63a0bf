"""An intake that runs on a real database, with a board that remembers what it was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import asyncpg
import pytest

from callcenter.alerts.intake import Intake
from callcenter.alerts.view import Change
from callcenter.core.database import Database
from callcenter.core.supervisor import Supervisor
from callcenter.devices.registry import Registry
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
    woken: list[None] = field(default_factory=list)

    async def reload(self) -> None:
        connection = await self.database.connect("registry")
        await self.registry.load(connection)
        await connection.close()


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
        yield Desk(community, registry, intake, board, database, owner, clock, woken)
