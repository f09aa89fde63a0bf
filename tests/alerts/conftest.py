"""An intake and a workbench on a real database, with a board that remembers what it was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from callcenter.alerts.archive import Archive
from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.board import Manning, Wanted
from callcenter.alerts.change import Change
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.api.application import create_api
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import Supervisor
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal
from tests.support.api import browser, context_for, person, sign_in
from tests.support.away import keeping_somewhere, never_away
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.operators import Seat
from tests.support.reading import read_whole


@dataclass
class ShownBoard:
    """Keeps every change; a test says whose seats are there."""

    changes: list[Change] = field(default_factory=list)
    seats: bool = True
    unmanned: frozenset[int] = frozenset()
    """Regions in which nobody sits, whoever sits elsewhere."""
    users: set[int] = field(default_factory=set)
    supervisors: set[int] = field(default_factory=set)
    unheard_for: timedelta = timedelta()
    occupied: frozenset[int] = frozenset()
    """Who pauses, or has another incident."""
    best: Sequence[int] | Exception = ()
    """Whom an alarm is offered to, or what goes wrong with it."""
    wanted: list[Wanted] = field(default_factory=list)

    def publish(self, changes: Sequence[Change]) -> None:
        self.changes.extend(changes)

    def manned(self, region_path: Sequence[int]) -> bool:
        return self.seats and self.unmanned.isdisjoint(region_path)

    def manning(self, region_path: Sequence[int]) -> Manning:
        users = self.users or {1} if self.manned(region_path) else ()
        supervisors = frozenset(self.supervisors.intersection(users))
        return Manning(frozenset(users), supervisors, frozenset(users) - self.occupied)

    def offer(self, region_path: Sequence[int], wanted: Wanted) -> Sequence[int]:
        self.wanted.append(wanted)
        if isinstance(self.best, Exception):
            raise self.best
        return self.best

    def present(self, user_id: int) -> bool:
        return user_id in self.users

    def absent_for(self, user_id: int) -> timedelta:
        return self.unheard_for

    @property
    def manned_regions(self) -> Collection[int]:
        return set(range(1, 1_000)) - self.unmanned if self.seats else ()

    @property
    def present_users(self) -> Collection[int]:
        return self.users

    @property
    def attentive_users(self) -> Collection[int]:
        return self.users - self.occupied


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
    ) -> Stored:
        """A new press of this device; never a repeat."""
        self.pressed += 1
        raw = f"{identifier}:{self.pressed}".encode()
        signal = Signal(identifier, kind, sha256(raw).digest(), raw)
        found = self.registry.source(source)
        assert found is not None
        [settled] = await self.intake.accept(found, [signal], self.clock.now())
        return settled

    async def texts(self) -> list[tuple[str, str]]:
        """Recipient and kind of every text, as they were written."""
        rows = await self.owner.fetch(
            "SELECT recipient, kind FROM sms_message ORDER BY created_at, ctid"
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
        await read_whole(self.registry, connection)
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
        zone=ZoneInfo("Asia/Shanghai"),
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
    keeping = keeping_somewhere(board, clock)
    intake = Intake(
        database, registry, clock, board, texts_written=lambda: woken.append(None), keeping=keeping
    )
    async with Supervisor() as supervisor:
        intake.start(supervisor)
        yield Desk(community, registry, intake, board, database, owner, clock, woken=woken)


# ---- over HTTP

DAUGHTER, SON, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"


@dataclass
class Centre:
    """A home with three contacts and a pendant, its operators, and how to sit down as one of them."""

    desk: Desk
    app: Any
    resident: int
    wang: Seat
    li: Seat
    boss: Seat
    """A supervisor."""
    away: Away


@pytest.fixture
async def centre(desk: Desk, bench: Workbench, tmp_path: Path) -> AsyncIterator[Centre]:
    community = desk.community
    home = await community.home()
    resident = await community.resident(home)
    for rank, phone in enumerate((DAUGHTER, SON, NEIGHBOUR), 1):
        await community.contact(resident, rank, phone)
    await community.source()
    await community.device("1234", home, resident)
    await desk.reload()
    looking_back = HeldConnections(desk.database, "archive", 1)
    archive = Archive(looking_back, desk.clock, ZoneInfo("Asia/Shanghai"))
    away = never_away(tmp_path / "spool", desk.intake, bench, desk.board, desk.clock)
    ports = {Workbench: bench, Away: away, Archive: archive, Intake: desk.intake}
    app = create_api(context_for(desk.database, desk.clock, ports=ports))
    async with (
        browser(app) as at_one,
        browser(app, "10.0.0.8") as at_two,
        browser(app, "10.0.0.9") as at_three,
    ):
        seats = []
        for client, login, role in (
            (at_one, "wang", "operator"),
            (at_two, "li", "operator"),
            (at_three, "boss", "supervisor"),
        ):
            user_id = await person(desk.owner, login, (role, community.root))
            await sign_in(client, login)
            seats.append(Seat(client, user_id))
        yield Centre(desk, app, resident, *seats, away)
    await looking_back.close()


@pytest.fixture
async def incident(centre: Centre) -> str:
    """Waiting; the daughter has been told."""
    settled = await centre.desk.press()
    return str(settled.incident_id)
