"""A centre on a real database, with another one that it may forward to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from callcenter.alerts.forwarding.finding import Forwardings
from callcenter.alerts.forwarding.judging import COMING_BACK_S
from callcenter.alerts.handling.carrying_out import Order
from callcenter.core.ids import new_id
from callcenter.core.sealed import Seal
from callcenter.core.supervisor import Supervisor
from callcenter.devices.signals import Kind
from callcenter.forwarding.claiming import KEY, SECRET, opener
from callcenter.forwarding.sender import Forwarder
from callcenter.forwarding.ways.dc09 import Dc09Way
from callcenter.forwarding.ways.http import HttpWay
from tests.support.commands import COMMANDS
from tests.support.incident_room import IncidentRoom, incident_room
from tests.support.place import durable_databases


@dataclass
class Forwarding:
    """The room of incidents, with what forwards."""

    room: IncidentRoom
    seal: Seal
    supervisor: Supervisor
    finding: Forwardings
    made: list[Forwarder] = field(default_factory=list)

    def sender(self) -> Forwarder:
        """Of a process of its own."""
        room = self.room
        made = Forwarder(
            room.database,
            {"dc09": Dc09Way(room.clock), "http": HttpWay(room.clock)},
            opener(self.seal),
            start_short=self.supervisor.start_short,
            wake=lambda: None,
            tell_changed=_nobody,
            clock=room.clock,
        )
        self.made.append(made)
        return made

    async def centre(self, address: str, *, way: str = "dc09", **columns: Any) -> int:
        values = {
            "name": f"区中心{new_id()}",
            "region_id": self.room.community.root,
            "way": way,
            "address": address,
            "account": "4321",
            "timeout_s": 1,
            **columns,
        }
        names = ", ".join(values)
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        return int(
            await self.room.owner.fetchval(
                f"INSERT INTO other_centre ({names}) VALUES ({places}) RETURNING id",  # noqa: S608
                *values.values(),
            )
        )

    async def rule(self, centre: int, mode: str = "always", **columns: Any) -> int:
        values = {
            "centre_id": centre,
            "region_id": self.room.community.root,
            "mode": mode,
            **columns,
        }
        names = ", ".join(values)
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        return int(
            await self.room.owner.fetchval(
                f"INSERT INTO forward_rule ({names}) VALUES ({places}) RETURNING id",  # noqa: S608
                *values.values(),
            )
        )

    async def press(self, kind: Kind = Kind.SOS) -> UUID:
        stored = await self.room.press("1", kind)
        assert stored.incident_id is not None
        return stored.incident_id

    async def look(self) -> None:
        """The alarm process looks once."""
        await self.finding.run_once(self.room.clock.now())

    async def send(self, sender: Forwarder | None = None) -> None:
        """The office sends what is due, waits for the answers, and stores them."""
        sender = sender or self.sender()
        await sender.run_once(self.room.clock.now())
        await sender.landed()
        await sender.run_once(self.room.clock.now())

    async def row(self) -> Mapping[str, Any]:
        [row] = await self.room.owner.fetch("SELECT * FROM forwarding")
        return row

    async def told(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What the timelines say of forwarding, in order."""
        rows = await self.room.owner.fetch(
            "SELECT kind, data FROM timeline_entry WHERE kind LIKE 'forward%' ORDER BY at, number"
        )
        return [(row["kind"], row["data"]) for row in rows]

    async def marks(self, incident: UUID) -> list[str]:
        found: list[str] = await self.room.owner.fetchval(
            "SELECT marks FROM incident WHERE id = $1", incident
        )
        return found

    async def order(self, incident: UUID, name: str, login: str = "wang", **fields: Any) -> Any:
        command = COMMANDS[name]
        body = command.body(command_id=new_id(), **fields)
        order = Order(command, body, body.command_id, lambda _: self.room.users[login])
        return await self.room.give(incident, order)

    def pass_time(self, seconds: float) -> datetime:
        return self.room.clock.advance(seconds)


async def _nobody() -> None:
    """Nobody waits for a hint."""


@asynccontextmanager
async def forwarding_room(dsn: str, tmp_path: Path) -> AsyncIterator[Forwarding]:
    async with incident_room(dsn) as room, Supervisor() as supervisor:
        await room.clear()
        finding = Forwardings(room.bench, lambda: None)
        made = Forwarding(room, Seal.load(tmp_path), supervisor, finding)
        try:
            yield made
        finally:
            for sender in made.made:
                await sender.close()


@pytest.fixture
async def forwarding(dsn: str, tmp_path: Path) -> AsyncIterator[Forwarding]:
    async with forwarding_room(dsn, tmp_path) as made:
        yield made


__all__ = ["COMING_BACK_S", "KEY", "SECRET", "Forwarding", "durable_databases", "forwarding_room"]
