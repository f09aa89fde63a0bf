"""How a key's call ended is said once, after its alarm, also while the database is away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.hotline.call import Call, State
from callcenter.hotline.ends import WAITS, Ends, ended_of
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import read
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

NAMES = {3: "王敏"}


def a_call(room: OutageRoom, **values: Any) -> Call:
    made = Call(
        id=uuid4(), pbx="pbx", pbx_call="pbx-1.0", kind=LineKind.RED, line="95009", region_id=1, offered_at=room.clock.now(),
        caller=read("13912345678", False, (), "0311"),
    )  # fmt: skip
    return replace(made, **values)


def ended(call: Call, after_s: float = 30) -> Call:
    end = call.offered_at + timedelta(seconds=after_s)
    return replace(call, state=State.ENDED, ended_at=end, cause=16)


@dataclass
class Desk:
    room: OutageRoom
    connections: HeldConnections
    incidents: dict[str, UUID] = field(default_factory=dict)
    ends: Ends = field(init=False)

    def __post_init__(self) -> None:
        self.starts()

    def starts(self) -> None:
        """Another process knows nothing of what was said before."""
        process = self.room.process
        self.ends = Ends(
            process.bench, process.away, self.connections, lambda _, call: self.incidents.get(call), lambda: NAMES,
            process.keeping.elsewhere,
        )  # fmt: skip

    async def said(self) -> list[Any]:
        rows = await self.room.owner.fetch(
            "SELECT data FROM timeline_entry WHERE kind = 'call_ended' ORDER BY number"
        )
        return [row["data"] for row in rows]

    async def looks(self) -> None:
        await self.ends.run_once(self.room.clock.now())


@pytest.fixture
async def desk(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[Desk]:
    async with outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as room:
        database = Database(room.proxy.dsn)
        connections = HeldConnections(database, "ends", 1)
        yield Desk(room, connections)
        room.proxy.restore()
        await connections.close()
        await database.close()


async def test_it_is_said_once_with_who_has_spoken_with_them(desk: Desk):
    stored = await desk.room.press("1")
    assert stored.incident_id is not None
    desk.incidents["pbx-1.0"] = stored.incident_id
    call = a_call(desk.room)
    spoken = replace(ended(call), answered_at=call.offered_at + timedelta(seconds=8), answered_by=3)
    desk.ends.hear([call, spoken])
    await desk.looks()
    desk.ends.hear([spoken])
    await desk.looks()
    desk.starts()
    desk.ends.hear([spoken])
    await desk.looks()
    [said] = await desk.said()
    assert (said["rang_s"], said["talked_s"], said["answered_by_name"], said["cause"]) == (
        8, 22, "王敏", 16,
    )  # fmt: skip


async def test_the_alarm_comes_first_and_is_waited_for_an_hour(desk: Desk):
    desk.ends.hear([ended(a_call(desk.room))])
    await desk.looks()
    assert await desk.said() == []
    stored = await desk.room.press("1")
    assert stored.incident_id is not None
    desk.incidents["pbx-1.0"] = stored.incident_id
    await desk.looks()
    assert [(each["answered"], each["talked_s"]) for each in await desk.said()] == [(False, None)]
    never = replace(ended(a_call(desk.room)), pbx_call="pbx-2.0")
    desk.ends.hear([never])
    desk.room.passes(WAITS.total_seconds())
    await desk.looks()
    assert desk.ends.waiting == 0


async def test_while_the_database_is_away_it_is_said_from_memory(desk: Desk):
    desk.room.goes_away()
    stored = await desk.room.press("1")
    assert stored.incident_id is not None
    desk.incidents["pbx-1.0"] = stored.incident_id
    desk.ends.hear([ended(a_call(desk.room))])
    await desk.looks()
    held = desk.room.process.keeping.incidents.get(stored.incident_id)
    assert held is not None
    assert [each.kind for each in held.entries] == ["opened", "call_ended"]
    desk.room.comes_back()
    await desk.room.all_written()
    assert len(await desk.said()) == 1


async def test_what_cannot_be_said_now_is_said_later_and_what_never_can_is_let_go(desk: Desk):
    """An incident that nobody has heard of, and a database that goes in between."""
    desk.incidents["pbx-1.0"] = uuid4()
    desk.ends.hear([ended(a_call(desk.room))])
    await desk.looks()
    assert desk.ends.waiting == 0
    stored = await desk.room.press("1")
    assert stored.incident_id is not None
    desk.incidents["pbx-2.0"] = stored.incident_id
    desk.ends.hear([ended(a_call(desk.room, pbx_call="pbx-2.0"))])
    desk.room.proxy.cut()
    with pytest.raises(Unavailable):
        await desk.looks()
    desk.room.proxy.restore()
    await desk.looks()
    assert len(await desk.said()) == 1


def test_a_call_without_an_end_has_rung_no_time(clock: Any):
    call = Call(
        id=uuid4(), pbx="pbx", pbx_call="1", kind=LineKind.RED, line="9", region_id=1, offered_at=clock.now(), caller=read("", True, (), ""),
    )  # fmt: skip
    said = ended_of(call, {}, answered=True)
    assert (said.rang_s, said.talked_s, said.answered) == (0, None, True)
