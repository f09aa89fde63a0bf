"""Whoever takes the incident of a key that dials has its call, and the other way round; neither waits for the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.sessions import Principal
from callcenter.core.errors import Conflict
from callcenter.core.supervisor import Supervisor
from callcenter.hotline.call import Call, Direction, State
from callcenter.hotline.together import Together
from callcenter.telephony.line import LineKind
from tests.hotline.test_ends import a_call
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases
from tests.support.waiting import until, until_told


@dataclass
class Desk:
    """Calls as they stand, telephones that ring or refuse, and the operators Wang and Li."""

    room: OutageRoom
    people: dict[int, Principal]
    supervisor: Supervisor
    calls: list[Call] = field(default_factory=list)
    taken: list[tuple[int, str]] = field(default_factory=list)
    refuses: Exception | None = None
    together: Together = field(init=False)

    def __post_init__(self) -> None:
        process = self.room.process
        self.together = Together(
            process.bench, process.away, self, lambda: self.calls, self.people.get, self.supervisor.start_short
        )  # fmt: skip

    def take(self, principal: Principal, call_id: UUID) -> None:
        """Fulfils together.Seat."""
        if self.refuses is not None:
            raise self.refuses
        [call] = [each for each in self.calls if each.id == call_id]
        self.taken.append((principal.user_id, call.pbx_call))

    def user(self, name: str) -> int:
        actor = self.room.users[name].actor
        assert actor is not None
        return actor.user_id

    async def rings(self, name: str = "pbx-1.0", **values: Any) -> Call:
        stored = await self.room.press("1")
        call = a_call(self.room, pbx_call=name, incident_id=stored.incident_id, **values)
        self.calls.append(call)
        return call

    def shown(self) -> None:
        """The changes of incidents so far, as the hub hears them."""
        self.together.heard_of(self.room.board.changes)
        self.room.board.changes.clear()

    async def taker(self, incident_id: UUID | None) -> int | None:
        found: int | None = await self.room.owner.fetchval(
            "SELECT taken_by FROM incident WHERE id = $1", incident_id
        )
        return found


@pytest.fixture
async def desk(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[Desk]:
    async with (
        outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as room,
        Supervisor() as supervisor,
    ):
        until_at = room.clock.now() + timedelta(days=1)
        people = {}
        for login, by in room.users.items():
            assert by.actor is not None
            grants = tuple(HeldGrant(Role.OPERATOR, region) for region in by.profiles)
            people[by.actor.user_id] = Principal(
                by.actor.user_id, login, login, "", "en", grants, login.encode(), "", until_at
            )
        yield Desk(room, people, supervisor)


async def test_who_takes_the_incident_has_the_call_that_rang_first(desk: Desk):
    call = await desk.rings()
    await desk.rings("pbx-2.0")
    await desk.rings("spoken", state=State.TALKING, offered_at=call.offered_at - timedelta(hours=1))
    assert call.incident_id is not None
    await desk.room.give(call.incident_id, desk.room.order("take", "wang"))
    desk.shown()
    assert desk.taken == [(desk.user("wang"), "pbx-1.0")]


@pytest.mark.parametrize(
    "fault", [Conflict("No telephone.", code="no_telephone"), ZeroDivisionError()]
)
async def test_a_call_that_cannot_be_taken_keeps_nobody_from_the_incident(
    desk: Desk, fault: Exception
):
    call = await desk.rings()
    assert call.incident_id is not None
    desk.refuses = fault
    await desk.room.give(call.incident_id, desk.room.order("take", "wang"))
    desk.shown()
    assert (await desk.taker(call.incident_id), desk.taken) == (desk.user("wang"), [])


async def test_who_takes_the_call_has_the_incident_once(desk: Desk):
    call = await desk.rings()
    taken = replace(call, taken_by=desk.user("li"), state=State.CONNECTING)
    desk.together.hear([taken])
    desk.together.hear([replace(taken, state=State.TALKING)])

    async def is_taken() -> bool:
        return await desk.taker(call.incident_id) == desk.user("li")

    await until_told(is_taken, "the incident taken")
    desk.shown()
    rows = await desk.room.owner.fetch("SELECT kind FROM timeline_entry WHERE kind = 'taken'")
    assert len(rows) == 1


async def test_an_incident_that_a_colleague_has_stays_with_them(desk: Desk):
    call = await desk.rings()
    assert call.incident_id is not None
    await desk.room.give(call.incident_id, desk.room.order("take", "wang"))
    desk.together.hear([replace(call, taken_by=desk.user("li"))])
    await until(lambda: not desk.supervisor._short, "the try")
    assert await desk.taker(call.incident_id) == desk.user("wang")


async def test_while_the_database_is_away_as_well(desk: Desk):
    desk.room.goes_away()
    call = await desk.rings()
    desk.together.hear([replace(call, taken_by=desk.user("li"))])

    def held_by() -> int | None:
        assert call.incident_id is not None
        held = desk.room.process.keeping.incidents.get(call.incident_id)
        return held.incident.taken_by if held else None

    await until(lambda: held_by() == desk.user("li"), "the incident taken from memory")
    desk.room.comes_back()
    await desk.room.all_written()
    assert await desk.taker(call.incident_id) == desk.user("li")


async def test_calls_of_the_hotline_and_those_that_are_rung_take_no_incident(desk: Desk):
    call = await desk.rings()
    li = desk.user("li")
    desk.together.hear(
        [
            replace(call, taken_by=li, kind=LineKind.HOTLINE),
            replace(call, taken_by=li, direction=Direction.OUT),
            replace(call, taken_by=10**6),
            replace(call, taken_by=li, incident_id=None),
        ]
    )
    assert not desk.supervisor._short
    assert await desk.taker(call.incident_id) is None
