"""What a command is told about its incident: exactly what it asked for, as it is now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from callcenter.alerts.archive import read_incident
from callcenter.alerts.bodies import AssignBody, OfferBody, StepBody
from callcenter.alerts.handling.decision import Facts, Need
from callcenter.alerts.handling.facts import Lookup
from callcenter.alerts.plans.choosing import Choice
from callcenter.core.ids import new_id
from callcenter.devices.signals import Kind
from tests.alerts.conftest import Desk
from tests.support.plans import say, write_plan

DAUGHTER, SON = "+8613900000001", "+8613900000002"


@pytest.fixture
async def connection(desk: Desk) -> AsyncIterator[asyncpg.Connection]:
    held = await desk.database.connect("facts")
    yield held
    await held.close()


@pytest.fixture
async def lookup(desk: Desk, connection: asyncpg.Connection) -> Lookup:
    """An alarm of which the daughter knows and the son does not."""
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.community.contact(resident, 1, DAUGHTER)
    await desk.community.contact(resident, 2, SON)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    opened = (await desk.press()).incident_id
    assert opened is not None
    incident = await read_incident(connection, UUID(str(opened)))
    return Lookup(connection, desk.registry, desk.clock, incident)


async def of(lookup: Lookup, need: Need, body: Any = None) -> Facts:
    return await lookup.facts(frozenset({need}), body)


async def test_what_is_not_needed_is_not_looked_up(lookup: Lookup):
    assert await lookup.facts(frozenset(), None) == Facts()


async def test_each_who_was_asked_is_told_once(desk: Desk, lookup: Lookup):
    desk.board.seats = False
    facts = await of(lookup, Need.TOLD)
    assert [(one.recipient, one.language) for one in facts.told] == [(DAUGHTER, "zh-CN")]
    assert facts.told[0].params["name"] == "沈玉兰"


async def test_the_home_is_as_the_registry_knows_it_now(lookup: Lookup):
    caller = (await of(lookup, Need.CALLER)).caller
    assert caller is not None
    assert [p.phone for p in caller.people[0].recipients] == [DAUGHTER, SON]


async def test_a_contact_of_another_home_is_none_of_this_one(desk: Desk, lookup: Lookup):
    own = await desk.owner.fetchval("SELECT id FROM contact WHERE phone = $1", SON)
    other = await desk.community.contact(await desk.community.resident(await desk.community.home()))
    for contact_id, found in ((own, True), (other, False), (None, False)):
        body = StepBody(command_id=new_id(), step="safe", result="done", contact_id=contact_id)
        assert ((await of(lookup, Need.CONTACT, body)).contact is not None) is found


@pytest.mark.parametrize(
    ("role", "active", "works"),
    [
        ("operator", True, True),
        ("supervisor", True, True),
        ("official", True, False),
        ("operator", False, False),
    ],
)
async def test_a_colleague_is_who_works_incidents_of_this_region(
    desk: Desk, lookup: Lookup, role: str, active: bool, works: bool
):
    user_id = await desk.community.user("li", role)
    await desk.owner.execute("UPDATE app_user SET active = $1", active)
    facts = await of(lookup, Need.COLLEAGUE, OfferBody(command_id=new_id(), to_user=user_id))
    assert facts.colleague == ("li" if works else None)


async def test_a_colleague_of_another_region_is_none(desk: Desk, lookup: Lookup):
    west = await desk.community.region(desk.community.root, "district", "西柳区")
    user_id = await desk.community.user("li", region=west)
    facts = await of(lookup, Need.COLLEAGUE, OfferBody(command_id=new_id(), to_user=user_id))
    assert facts.colleague is None


async def test_a_resident_who_moved_in_a_moment_ago_is_found(desk: Desk, lookup: Lookup):
    home = await desk.community.home()
    resident = await desk.community.resident(home, "周德海")
    facts = await of(lookup, Need.RESIDENT, AssignBody(command_id=new_id(), resident_id=resident))
    found = facts.resident
    assert found is not None
    assert (found.name, found.home_id) == ("周德海", home)
    assert found.caller is not None
    nobody = AssignBody(command_id=new_id(), resident_id=9_999)
    assert (await of(lookup, Need.RESIDENT, nobody)).resident is None


async def test_the_plan_of_an_alarm_is_known_before_it_is_one(
    desk: Desk, connection: asyncpg.Connection, lookup: Lookup
):
    await desk.press(kind=Kind.HELP)
    asked = await desk.owner.fetchval("SELECT id FROM incident WHERE class = 'service'")
    own = await write_plan(desk.owner, say("look"), kinds=("help",), region=desk.community.root)
    request = await read_incident(connection, asked)
    of_request = Lookup(connection, desk.registry, desk.clock, request)
    assert (await of(of_request, Need.PLAN)).plan == Choice("help", own, 1)
    assert (await of(of_request, Need.ALARM_PLAN)).alarm_plan == Choice("sos")
