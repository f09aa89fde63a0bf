"""How the gateways stand, as supervisors and administrators see it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from callcenter.api.application import create_api
from callcenter.sms.breaker import Breaker, Route
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.standing import Gateways, standing
from tests.support.api import browser, context_for, person, sign_in
from tests.support.community import Community
from tests.support.outbox import enqueue, text_for


class OutOfOrder(SandboxGateway):
    name = "modem"

    async def health(self) -> str | None:
        return "no_sim"


class Deaf(SandboxGateway):
    name = "deaf"

    async def health(self) -> str | None:
        await asyncio.Event().wait()
        return None


ROUTES = {
    "sandbox": Route("sandbox", 10, in_flight=2),
    "modem": Route("modem", 1, breaker=Breaker(faults=5, open_until=9.0)),
}


@pytest.fixture
async def client(owner: asyncpg.Connection, database, clock):
    community = await Community.found(owner)
    await person(owner, "boss", ("supervisor", community.root))
    await person(owner, "wang", ("operator", community.root))
    gateways = Gateways([SandboxGateway(), OutOfOrder()], lambda: ROUTES)
    app = create_api(context_for(database, clock, ports={Gateways: gateways}))
    async with browser(app) as client:
        await sign_in(client, "boss")
        yield client


async def test_each_gateway_says_what_is_wrong_and_how_it_fared(client, owner, clock):
    sent = text_for(clock.now())
    await enqueue(owner, [sent])
    await owner.execute(
        "UPDATE sms_message SET state = 'delivered', gateway = 'sandbox', submitted_at = $1", clock.now()
    )  # fmt: skip
    answer = (await client.get("/api/v1/gateways")).json()
    sandbox, modem = answer["items"]
    assert (sandbox["trouble"], sandbox["rests"], sandbox["in_flight"]) == (None, False, 2)
    assert sandbox["taken"] == 1
    assert sandbox["taken_at"] is not None
    assert (modem["trouble"], modem["rests"], modem["taken_at"]) == ("no_sim", True, None)
    assert answer["queue"]["waiting"] == 0


async def test_what_waits_is_told_with_its_age_emergencies_apart(client, owner, clock):
    early = clock.now() - timedelta(minutes=3)
    await enqueue(owner, [text_for(early)])
    queue = (await client.get("/api/v1/gateways")).json()["queue"]
    assert (queue["waiting"], queue["emergencies"]) == (1, 1)
    assert queue["since"] == queue["emergency_since"]


async def test_a_gateway_that_does_not_answer_holds_nobody_up(owner, database, clock):
    await Community.found(owner)
    async with database.transaction() as session:
        found = await standing(Gateways([Deaf()]), session, clock.now(), within_s=0.0)
    assert [each.trouble for each in found.items] == ["no_answer"]


async def test_an_operator_does_not_see_them(client):
    await sign_in(client, "wang")
    assert (await client.get("/api/v1/gateways")).status_code == 403
