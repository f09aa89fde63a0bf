"""Shifts over HTTP: what is handed over is read by whoever comes next, and by nobody who may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from callcenter.api.application import create_api
from callcenter.core.database import Database
from callcenter.seats.shifts import FORGOTTEN_S, Shifts
from tests.support.api import browser, context_for, person, sign_in
from tests.support.clock import HandClock
from tests.support.community import Community


@dataclass
class Somebody:
    """Signed in, with a browser."""

    client: httpx.AsyncClient
    user_id: int

    async def begins(self) -> list[str]:
        """Goes on duty; the notes that are to be read."""
        return [shift["note"] for shift in await self.reads()]

    async def reads(self) -> list[dict[str, Any]]:
        answer = await self.client.post("/api/v1/shifts/begin")
        assert answer.status_code == 200, answer.text
        shown: list[dict[str, Any]] = answer.json()
        return shown

    async def ends(self, note: str = "") -> None:
        answer = await self.client.post("/api/v1/shifts/end", json={"note": note})
        assert answer.status_code == 204, answer.text

    async def acknowledges(self, shift: int) -> int:
        return (await self.client.post(f"/api/v1/shifts/{shift}/read")).status_code

    async def lists(self, **query: int) -> list[dict[str, Any]]:
        answer = await self.client.get("/api/v1/shifts", params=query)
        assert answer.status_code == 200, answer.text
        shown: list[dict[str, Any]] = answer.json()
        return shown


class House:
    """Whoever signs in, and the book of shifts."""

    def __init__(self, owner: asyncpg.Connection, community: Community, shifts: Shifts) -> None:
        self.owner, self.community, self.shifts = owner, community, shifts
        self.stack = AsyncExitStack()
        self.app: Any = None

    async def somebody(
        self, login: str, role: str = "operator", region: int | None = None
    ) -> Somebody:
        user = await person(self.owner, login, (role, region or self.community.root))
        client = await self.stack.enter_async_context(browser(self.app))
        await sign_in(client, login)
        return Somebody(client, user)

    async def journal(self) -> list[str]:
        rows = await self.owner.fetch(
            "SELECT action FROM audit_entry WHERE subject LIKE 'shift:%' ORDER BY id"
        )
        return [row["action"] for row in rows]


@pytest.fixture
async def house(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[House]:
    shifts = Shifts(database, clock)
    made = House(owner, await Community.found(owner), shifts)
    made.app = create_api(context_for(database, clock, ports={Shifts: shifts}))
    async with made.stack:
        yield made
    await shifts.connections.close()


async def test_a_note_is_put_before_whoever_comes_next_until_they_have_read_it(house: House):
    wang, li = await house.somebody("wang"), await house.somebody("li")
    assert await wang.begins() == []
    await wang.ends("3号楼电梯停运至周五")
    [note] = await li.reads()
    assert (note["note"], note["user_id"], note["name"]) == (
        "3号楼电梯停运至周五", wang.user_id, "wang同志",
    )  # fmt: skip
    assert await li.begins() == ["3号楼电梯停运至周五"]  # loading the page again is no reading
    assert await li.acknowledges(note["id"]) == 204
    assert await li.acknowledges(note["id"]) == 204
    assert await li.begins() == []
    assert await wang.begins() == []  # it is their own
    assert [said for said in await house.journal() if said != "shift_notes_seen"] == [
        "shift_began", "shift_ended", "shift_began", "shift_note_read", "shift_began",
    ]  # fmt: skip


async def test_what_was_handed_over_yesterday_is_not_put_before_anybody(
    house: House, clock: HandClock
):
    wang = await house.somebody("wang")
    await wang.begins()
    await wang.ends("old")
    clock.advance(24 * 3_600 + 1)
    li = await house.somebody("li")
    assert await li.begins() == []


async def test_a_note_without_a_shift_is_not_lost(house: House):
    """The beginning was never written down: the database was away."""
    wang, li = await house.somebody("wang"), await house.somebody("li")
    await wang.ends("")
    await wang.ends("written all the same")
    assert await li.begins() == ["written all the same"]


async def test_g8_a_note_is_for_who_sees_all_that_its_writer_saw(house: House):
    east = await house.community.region(house.community.root, "district", "东榆区")
    above, below = await house.somebody("above"), await house.somebody("below", region=east)
    for one in (above, below):
        await one.begins()
        await one.ends(f"by {one.user_id}")
    [note] = await above.reads()
    assert note["user_id"] == below.user_id
    assert await below.begins() == []
    theirs = await house.owner.fetchval("SELECT id FROM shift WHERE user_id = $1", above.user_id)
    assert await below.acknowledges(theirs) == 404
    assert await below.acknowledges(99) == 404


async def test_the_list_is_for_supervisors_of_these_regions(house: House):
    east = await house.community.region(house.community.root, "district", "东榆区")
    wang, boss = await house.somebody("wang"), await house.somebody("boss", "supervisor")
    other = await house.somebody("other", "supervisor", east)
    await wang.begins()
    await wang.ends("for everybody")
    [shift] = await boss.lists()
    assert (shift["user_id"], shift["note"], shift["read_by"]) == (
        wang.user_id, "for everybody", [],
    )  # fmt: skip
    await boss.acknowledges(shift["id"])
    [reader] = (await boss.lists())[0]["read_by"]
    assert (reader["user_id"], reader["name"], reader["name_en"]) == (
        boss.user_id, "boss同志", "boss",
    )  # fmt: skip
    assert await wang.lists() == await other.lists() == []


async def test_those_before_a_shift_are_asked_for_by_its_id(house: House, clock: HandClock):
    boss, wang = await house.somebody("boss", "supervisor"), await house.somebody("wang")
    for note in ("first", "second", "third"):
        await wang.begins()
        await wang.ends(note)
        clock.advance(60)
    latest = await boss.lists()
    assert [shift["note"] for shift in latest] == ["third", "second", "first"]
    earlier = await boss.lists(before=latest[0]["id"])
    assert [shift["note"] for shift in earlier] == ["second", "first"]
    assert await boss.lists(before=latest[-1]["id"]) == []


async def test_a_shift_that_nobody_ends_is_over_with_its_last_console(
    house: House, clock: HandClock
):
    wang = await house.somebody("wang")
    await wang.begins()
    began = clock.now()
    await house.owner.execute(
        "INSERT INTO seat_presence (seat_id, process_id, user_id, region_ids, armed, connected_at, lease_until)"
        " VALUES (gen_random_uuid(), gen_random_uuid(), $1, '{}', true, $2, 'infinity')",
        wang.user_id,
        began,
    )
    clock.advance(FORGOTTEN_S + 1)
    await house.shifts.run_once(clock.now())
    last_seen = clock.now()
    await house.owner.execute("DELETE FROM seat_presence")
    clock.advance(FORGOTTEN_S)
    await house.shifts.run_once(clock.now())
    assert await house.owner.fetchval("SELECT ended_at FROM shift") is None
    clock.advance(1)
    await house.shifts.run_once(clock.now())
    assert await house.owner.fetchval("SELECT ended_at FROM shift") == last_seen
