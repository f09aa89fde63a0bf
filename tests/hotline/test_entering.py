"""Calls become rows: each once, whatever is away or gone meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.devices.callers import Match, Whose
from callcenter.hotline.call import Call, Leg, Role, State
from callcenter.hotline.entering import TRIES, WAITS_FOR_INCIDENT, Entering
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import read
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy


@dataclass
class Book:
    community: Community
    owner: asyncpg.Connection
    proxy: FlakyProxy
    clock: HandClock
    entering: Entering
    incidents: dict[str, UUID] = field(default_factory=dict)

    def call(self, name: str = "pbx-1.0", **values: Any) -> Call:
        now = self.clock.now()
        made = Call(
            id=uuid4(), pbx="pbx", pbx_call=name, kind=LineKind.HOTLINE, line="95001", region_id=self.community.street,
            caller=read("13912345678", False, (), "0311"), offered_at=now,
            legs={f"leg-{name}": Leg(f"leg-{name}", Role.CALLER, number="13912345678", since=now)},
        )  # fmt: skip
        return replace(made, **values)

    def ended(self, call: Call, **values: Any) -> Call:
        return replace(
            call, state=State.ENDED, ended_at=self.clock.now(), cause=16, legs={}, **values
        )

    async def all_written(self) -> None:
        while await self.entering.run_once(self.clock.now()):
            pass

    async def rows(self) -> list[asyncpg.Record]:
        return list(await self.owner.fetch("SELECT * FROM call ORDER BY pbx_call"))


@pytest.fixture
async def book(dsn: str, owner: asyncpg.Connection, clock: HandClock) -> AsyncIterator[Book]:
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        incidents: dict[str, UUID] = {}
        entering = Entering(
            HeldConnections(database, "calls", 1), clock, lambda _, call: incidents.get(call)
        )
        community = await Community.found(owner)
        yield Book(community, owner, proxy, clock, entering, incidents)
        proxy.restore()
        await entering.connections.close()
        await database.close()


async def test_a_call_from_its_first_ring_to_its_end_is_one_row_with_its_telephones(book: Book):
    user = await book.community.user("wang", "operator")
    home = await book.community.home()
    whose = Match(
        whose=Whose.RESIDENT, name="沈玉兰", region_id=book.community.street, home_id=home
    )
    call = book.call(attached=whose, matches=(whose,))
    book.entering.hear([call])
    await book.all_written()
    book.clock.advance(5)
    seat = Leg("seat", Role.OPERATOR, user_id=user, is_up=True, since=book.clock.now())
    talking = replace(
        call.with_leg(seat), state=State.TALKING, answered_at=book.clock.now(), answered_by=user
    )
    book.entering.hear([talking])
    book.clock.advance(60)
    book.entering.hear([book.ended(talking)])
    await book.all_written()
    [row] = await book.rows()
    assert (row["id"], row["state"], row["cause"], row["home_id"], row["matches"]) == (
        call.id, "ended", 16, home, 1,
    )  # fmt: skip
    assert (row["answered_by"], row["ended_at"] - row["offered_at"]) == (
        user,
        timedelta(seconds=65),
    )
    legs = await book.owner.fetch("SELECT * FROM call_leg ORDER BY role")
    assert [(leg["role"], leg["user_id"], leg["ended_at"]) for leg in legs] == [
        ("caller", None, row["ended_at"]), ("operator", user, row["ended_at"]),
    ]  # fmt: skip
    assert (book.entering.waiting, book.entering.held) == (0, 0)


async def test_while_the_database_is_away_calls_stay_and_are_written_later(book: Book):
    book.proxy.cut()
    for nth in range(250):
        book.entering.hear([book.call(f"pbx-{nth:03}")])
    with pytest.raises(Unavailable):
        await book.entering.run_once(book.clock.now())
    assert book.entering.waiting == 250
    book.proxy.restore()
    await book.all_written()
    assert len(await book.rows()) == 250


async def test_what_is_gone_meanwhile_is_left_out_and_holds_up_nobody(book: Book):
    gone = Match(
        whose=Whose.DEVICE, name="", region_id=1, home_id=10**9, resident_id=10**9, device_id=10**9, contact_id=10**9,
    )  # fmt: skip
    odd = book.call(
        "pbx-1", region_id=10**9, attached=gone, answered_at=book.clock.now(), answered_by=10**9
    )
    book.entering.hear([odd, book.call("pbx-2")])
    await book.all_written()
    first, second = await book.rows()
    assert (first["home_id"], first["device_id"], first["answered_at"]) == (None, None, None)
    assert first["region_id"] == book.community.root
    assert second["state"] == "ringing"


async def test_what_the_database_refuses_is_left_out_and_named(book: Book):
    impossible = replace(book.call("pbx-1"), cause=2**70)
    book.entering.hear([impossible, book.call("pbx-2"), book.call("pbx\0-3")])
    for _ in range(TRIES + 1):
        await book.all_written()
    assert [row["pbx_call"] for row in await book.rows()] == ["pbx-2", "pbx-3"]
    assert book.entering.waiting == 0


async def test_a_call_gets_its_incident_when_that_is_written(book: Book):
    """The alarm rang from memory: its row comes when the database is back, perhaps after that of the call."""
    incident = uuid4()
    call = book.call(kind=LineKind.RED)
    book.entering.hear([call, book.ended(call)])
    await book.all_written()  # over before its alarm is known at all
    book.incidents[call.pbx_call] = incident
    book.entering.note_incident(call)
    await book.all_written()
    [row] = await book.rows()
    assert row["incident_id"] is None
    assert book.entering.waiting == 1
    await book.owner.execute(
        "INSERT INTO incident (id, subject, class, kind, kinds, priority, region_id, region_path, source, card, opened_at, last_signal_at)"
        " VALUES ($1, 'caller:1', 'alarm', 'sos', '{sos}', 1, $2::bigint, ARRAY[$2::bigint], 'telephone', '{}', now(), now())",
        incident, book.community.root,
    )  # fmt: skip
    await book.all_written()
    [row] = await book.rows()
    assert (row["incident_id"], book.entering.waiting) == (incident, 0)


async def test_an_incident_that_never_comes_is_waited_for_an_hour(book: Book):
    call = book.call(kind=LineKind.RED)
    book.incidents[call.pbx_call] = uuid4()
    book.entering.hear([call, book.ended(call)])
    await book.all_written()
    book.clock.advance(WAITS_FOR_INCIDENT.total_seconds() + 1)
    await book.all_written()
    assert (book.entering.waiting, book.entering.held) == (0, 0)


async def test_a_call_that_outlived_its_server_is_the_same_row(book: Book):
    """The next process finds it at the exchange, ringing as far as that says."""
    first = book.call()
    book.entering.hear([replace(first, state=State.WAITING)])
    await book.all_written()
    again = book.call()
    book.entering.hear([again])
    await book.all_written()
    [row] = await book.rows()
    assert (row["id"], row["state"]) == (first.id, "waiting")
    book.entering.hear([book.ended(again)])
    await book.all_written()
    [row] = await book.rows()
    assert (row["id"], row["state"]) == (first.id, "ended")


async def test_what_stands_is_never_forgotten_and_what_has_ended_makes_room(book: Book):
    book.entering = Entering(
        book.entering.connections, book.clock, lambda _, call: book.incidents.get(call), most=3
    )
    standing = book.call("standing")
    over = book.call("over")
    book.entering.hear([standing, over, book.ended(over)])
    book.entering.hear([book.call("third")])
    book.entering.hear([book.call("fourth")])
    await book.all_written()
    assert [row["pbx_call"] for row in await book.rows()] == ["fourth", "standing", "third"]


# ---- whose data a seat has seen


def looks(rows: list[asyncpg.Record]) -> list[tuple[object, ...]]:
    return [(row["user_id"], row["subject"]) for row in rows]


async def test_who_took_a_call_has_seen_everybody_who_has_the_number_once(book: Book):
    """Nobody has seen it who has not taken it; an organisation is nobody's data."""
    home = await book.community.home()
    resident = await book.community.resident(home)
    region = book.community.street
    user, other = await book.community.user("li"), await book.community.user("wang")
    matches = (
        Match(whose=Whose.RESIDENT, name="沈玉兰", region_id=region, home_id=home, resident_id=resident),
        Match(whose=Whose.CONTACT, name="沈岚", region_id=region, home_id=home, resident_id=resident, contact_id=4),
        Match(whose=Whose.STAFF, name="周敏", region_id=region, staff_id=9),
        Match(whose=Whose.ORGANISATION, name="卫生院", region_id=region, organisation_id=3),
    )  # fmt: skip
    call = book.call(matches=matches)
    book.entering.hear([call])
    await book.all_written()
    assert await book.owner.fetchval("SELECT count(*) FROM audit_entry") == 0
    for taken_by in (user, user, other):
        call = replace(call, state=State.TALKING, taken_by=taken_by, version=call.version + 1)
        book.entering.hear([call])
        await book.all_written()
    book.entering.hear([book.ended(call)])
    await book.all_written()
    rows = await book.owner.fetch("SELECT * FROM audit_entry ORDER BY user_id, subject")
    assert looks(rows) == [
        (each, subject) for each in (user, other) for subject in (f"home:{home}", "staff:9")
    ]
    assert {row["action"] for row in rows} == {"call_shown"}
    assert rows[0]["detail"] == {
        "call_id": str(call.id),
        "resident_ids": [resident],
        "contact_ids": [4],
    }
    assert list(rows[0]["region_ids"]) == [book.community.root, region]


async def test_a_process_that_goes_on_with_a_call_tells_of_no_look_twice(book: Book):
    home = await book.community.home()
    user = await book.community.user("li")
    match = Match(
        whose=Whose.RESIDENT, name="沈玉兰", region_id=book.community.street, home_id=home
    )
    call = book.call(matches=(match,), state=State.TALKING, taken_by=user)
    for entering in (
        book.entering,
        Entering(book.entering.connections, book.clock, lambda *_: None),
    ):
        entering.hear([call])
        while await entering.run_once(book.clock.now()):
            pass
    assert await book.owner.fetchval("SELECT count(*) FROM audit_entry") == 1
