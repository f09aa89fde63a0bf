"""A centre whose database can be taken away, with another centre that listens, and an office that sends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import TypeAdapter

from callcenter.alerts.forwarding.finding import Forwardings
from callcenter.alerts.forwarding.without_database import ForwardingsAway
from callcenter.alerts.handling.known_forwards import ASKED
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.encoding import encode
from callcenter.core.replayed import Replayed, packed
from callcenter.core.spool import Spool
from callcenter.core.supervisor import Supervisor
from callcenter.forwarding.claiming import opener
from callcenter.forwarding.flown import Flown
from callcenter.forwarding.sender import Forwarder
from callcenter.forwarding.ways.dc09 import Dc09Way
from callcenter.forwarding.ways.http import HttpWay
from callcenter.forwarding.without_row import HandedForward
from tests.support.away import SEAL
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

HANDED = TypeAdapter(list[HandedForward])


@dataclass
class Office:
    """What a kill of the office takes away."""

    flown: Flown
    forwarder: Forwarder
    database: Database


@dataclass
class ForwardRoom:
    """The room of outages; the office sends, as long as it `answers`."""

    outage: OutageRoom
    folder: Path
    supervisor: Supervisor
    answers: bool = True
    office: Office = field(init=False)
    away: ForwardingsAway = field(init=False)
    finding: Forwardings = field(init=False)

    # ---- processes

    def begin_office(self) -> None:
        room = self.outage
        clock = cast("Clock", room.clock)
        ways = {"dc09": Dc09Way(clock), "http": HttpWay(clock)}
        opened, start = opener(SEAL), self.supervisor.start_short
        database = Database(room.proxy.dsn)
        forwarder = Forwarder(
            database, ways, opened, start_short=start, wake=lambda: None, tell_changed=_nobody, clock=clock
        )  # fmt: skip
        flown = Flown(ways, opened, start, clock, Spool(self.folder, SEAL, segment_bytes=65_536))
        forwarder.adopt_from(flown)
        self.office = Office(flown, forwarder, database)

    def kill_office(self) -> None:
        """And another one begins; what the old one had in the air, it never hears of."""
        self.office.forwarder.adopt_from(
            Flown({}, opener(SEAL), self.supervisor.start_short, cast("Clock", self.outage.clock))
        )
        self.begin_office()

    def begin_alarm(self) -> None:
        """Of the alarm process, as it was started last."""
        process = self.outage.process
        bench = process.bench
        self.finding = Forwardings(bench, lambda: None, process.away.remembers)
        self.away = ForwardingsAway(bench, process.away, process.keeping, self._give)
        process.away.forwards_leave = self.away.decided

    async def _give(self, document: bytes) -> bytes | None:
        """As over the socket of the office."""
        if not self.answers:
            return None
        said = await self.office.flown.send_without_row(HANDED.validate_json(document))
        return encode([each.model_dump(mode="json") for each in said])

    async def kill_alarm_without_database(self) -> None:
        """It starts with what was kept of the database's answers."""
        kept = [packed(one, (), await self.outage.owner.fetch(one)) for one in ASKED]
        await self.outage.crash_and_start_without()
        self.begin_alarm()
        await self.outage.process.bench.forwards.read(cast("Any", Replayed(kept)))

    # ---- rows

    async def centre(self, address: str, **columns: Any) -> int:
        values = {
            "name": "市中心",
            "region_id": await self._root(),
            "way": "dc09",
            "address": address,
            "account": "4321",
            "timeout_s": 1,
            **columns,
        }
        return await self._insert("other_centre", values)

    async def rule(self, centre: int, mode: str = "untaken", **columns: Any) -> int:
        values = {"centre_id": centre, "region_id": await self._root(), "mode": mode, **columns}
        found = await self._insert("forward_rule", values)
        await self.look()
        return found

    async def _root(self) -> int:
        return int(
            await self.outage.owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
        )

    async def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        return int(
            await self.outage.owner.fetchval(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id",  # noqa: S608
                *values.values(),
            )
        )

    async def rows(self) -> list[Mapping[str, Any]]:
        return list(await self.outage.owner.fetch("SELECT * FROM forwarding ORDER BY created_at"))

    async def told(self) -> list[tuple[str, Mapping[str, Any]]]:
        rows = await self.outage.owner.fetch(
            "SELECT kind, data FROM timeline_entry WHERE kind LIKE 'forward%' ORDER BY at, number"
        )
        return [(row["kind"], row["data"]) for row in rows]

    # ---- time

    async def look(self) -> None:
        """Everybody looks once; what is sent arrives, or does not."""
        room = self.outage
        now = room.clock.now()
        if not room.is_out:
            await room._lanes_are_empty()
            await self.finding.run_once(now)
            await self.office.forwarder.run_once(now)
        await self.away.run_once(now)
        await self.office.flown.run_once(now)
        await self.office.forwarder.landed()

    async def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            await self.outage.tick()
            await self.look()

    async def comes_back(self) -> None:
        """All is written, adopted and told."""
        self.outage.comes_back()
        await self.outage.all_written()
        for _ in range(3):
            await self.look()


async def _nobody() -> None:
    """Nobody waits for a hint."""


@asynccontextmanager
async def forward_room(dsn: str, admin_dsn: str, tmp_path: Path) -> AsyncIterator[ForwardRoom]:
    async with outage_room(dsn, admin_dsn, tmp_path) as outage, Supervisor() as supervisor:
        room = ForwardRoom(outage, tmp_path / "spool-forwards", supervisor)
        room.begin_office()
        room.begin_alarm()
        room.finding._read_at = float("-inf")
        try:
            yield room
        finally:
            outage.proxy.restore()
            await room.office.forwarder.close()
            await room.office.database.close()


@pytest.fixture
async def room(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[ForwardRoom]:
    async with forward_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as made:
        yield made


__all__ = ["ForwardRoom"]
