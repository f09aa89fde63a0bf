"""A command is decided by what is so at that moment, and written once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from callcenter.alerts.bodies import CloseBody, CommandBody
from callcenter.alerts.handling.carrying_out import Order, Workbench, carry_out
from callcenter.alerts.handling.commands import OPERATORS
from callcenter.alerts.handling.decision import By
from callcenter.alerts.incident import Actor, Incident, Outcome
from callcenter.core.database import Database
from callcenter.core.errors import Conflict
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from tests.alerts.conftest import Desk
from tests.support.flaky_proxy import FlakyProxy

DAUGHTER, SON = "+8613900000001", "+8613900000002"
WANG = By(Actor(7), "王敏", frozenset({1}))


def order(name: str, body: CommandBody | None = None, command_id: UUID | None = None) -> Order:
    command = next(each for each in OPERATORS if each.name == name)
    id_ = command_id or new_id()
    return Order(command, body or command.body(command_id=id_), id_, lambda _: WANG)


async def give(bench: Workbench, incident: UUID, given: Order) -> Incident:
    async with bench.connections.use() as connection:
        return await carry_out(connection, bench, incident, given)


@pytest.fixture
async def incident(desk: Desk, bench: Workbench) -> UUID:
    """Taken; the daughter has been told, the son has not."""
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.community.contact(resident, 1, DAUGHTER)
    await desk.community.contact(resident, 2, SON)
    await desk.community.source()
    await desk.community.device("1234", home, resident)
    await desk.reload()
    opened = (await desk.press()).incident_id
    assert opened is not None
    await give(bench, opened, order("take"))
    return opened


@pytest.fixture
async def slow(desk: Desk, bench: Workbench) -> AsyncIterator[tuple[Workbench, FlakyProxy]]:
    """Another bench, whose statements can be held on their way to PostgreSQL."""
    async with FlakyProxy.to_postgres(desk.database.dsn) as proxy:
        database = Database(proxy.dsn)
        connections = HeldConnections(database, "slow", 1)
        yield replace(bench, connections=connections), proxy
        await connections.close()
        await database.close()


async def test_a_contact_who_is_told_while_it_is_being_closed_learns_how_it_ended(
    desk: Desk, bench: Workbench, incident: UUID, slow: tuple[Workbench, FlakyProxy]
):
    far, proxy = slow
    closing = CloseBody(command_id=new_id(), outcome=Outcome.MISTAKEN_PRESS, note="坐到按钮上了")
    proxy.hold("up", lambda data: b"mistaken_press" in data)
    waiting = asyncio.ensure_future(give(far, incident, order("close", closing)))
    await proxy.held("up")
    await give(bench, incident, order("tell-next"))
    proxy.restore()
    await waiting
    assert sorted(each for each in await desk.texts() if each[1] == "closed_other") == [
        (DAUGHTER, "closed_other"),
        (SON, "closed_other"),
    ]


async def test_a_closing_text_outlives_a_gateway_that_is_away_for_a_while(
    desk: Desk, bench: Workbench, incident: UUID
):
    closing = CloseBody(command_id=new_id(), outcome=Outcome.MISTAKEN_PRESS, note="坐到按钮上了")
    await give(bench, incident, order("close", closing))
    expires_at = await desk.owner.fetchval(
        "SELECT expires_at FROM sms_message WHERE kind = 'closed_other'"
    )
    assert expires_at - desk.clock.now() > timedelta(minutes=12)


async def test_a_command_id_of_another_incident_is_a_conflict_that_says_so(
    desk: Desk, bench: Workbench, incident: UUID
):
    other = (await desk.press("9999")).incident_id
    assert other is not None
    command_id = new_id()
    await give(bench, other, order("take", command_id=command_id))
    with pytest.raises(Conflict) as error:
        await give(bench, incident, order("release", command_id=command_id))
    assert error.value.code == "command_of_other_incident"
    assert await desk.entries(incident) == ["opened", "taken"]


async def test_a_command_sent_twice_at_once_is_carried_out_once(
    desk: Desk, bench: Workbench, incident: UUID
):
    command_id = new_id()
    answers = await asyncio.gather(
        *(give(bench, incident, order("release", command_id=command_id)) for _ in range(4))
    )
    assert {answer.version for answer in answers} == {3}
    assert await desk.entries(incident) == ["opened", "taken", "released"]


async def test_timers_follow_the_incident_in_the_same_statement(
    desk: Desk, bench: Workbench, incident: UUID
):
    async def kinds() -> list[str]:
        rows = await desk.owner.fetch(
            "SELECT kind FROM incident_timer WHERE kind <> 'contact_silent'"
        )
        return [row["kind"] for row in rows]

    assert await kinds() == ["taker_gone"]
    await give(bench, incident, order("follow"))
    assert await kinds() == ["follow_up"]
    await desk.press()  # nobody's seat is there for user 7: it waits again
    assert await kinds() == ["untaken"]
    await give(bench, incident, order("take"))
    closing = CloseBody(command_id=new_id(), outcome=Outcome.TEST)
    await give(bench, incident, order("close", closing))
    assert await kinds() == []


async def test_what_was_done_by_a_clock_that_was_set_back_since_is_watched_from_now_on(
    desk: Desk, bench: Workbench, incident: UUID
):
    """Done without the database, and written when the time was corrected: nobody waits for that hour."""
    ahead = desk.clock.now() + timedelta(hours=1)
    await give(bench, incident, replace(order("release"), at=ahead))
    began = "SELECT max(since) <= clock_timestamp() AND count(*) > 0 FROM incident_timer"
    assert await desk.owner.fetchval(began)
