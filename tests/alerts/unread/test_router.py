"""An administrator sees who talks and cannot be read; nobody else does, and nobody another region's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from callcenter.api.application import create_api
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.listeners.delivery import Delivery
from tests.alerts.conftest import Desk
from tests.support.api import browser, context_for, person, sign_in
from tests.support.community import Community


@pytest.fixture
def community(desk: Desk) -> Community:
    return desk.community


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(create_api(context_for(desk.database, desk.clock))) as client:
        yield client


@pytest.fixture
async def heard(desk: Desk) -> None:
    """A frame with a wrong CRC came twice from one address, and a torn one from another."""
    await desk.community.source()
    await desk.reload()
    source = desk.registry.source("dc09")
    assert source is not None
    delivery, codec = Delivery(source, desk.intake), Dc09Codec()
    for _ in range(2):
        now = desk.clock.advance(60)
        [frame] = codec.receive(b'\n0000000E"NULL"0000#1[]\r', now, {})
        await delivery.settle(codec, frame, now, "10.0.0.9")
    await delivery.keep_torn(b"\n1234", desk.clock.advance(60), "10.0.0.8")


async def asked(client):
    answer = await client.get("/api/v1/unread")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_an_administrator_sees_who_it_is_why_and_what(client, owner, community, heard):
    await person(owner, "guanli", ("administrator", community.root))
    await sign_in(client, "guanli")
    torn, wrong = await asked(client)
    assert (torn["peer"], torn["reason"], torn["count"]) == ("10.0.0.8", "torn", 1)
    assert (wrong["source"], wrong["peer"], wrong["reason"], wrong["count"]) == (
        "dc09",
        "10.0.0.9",
        "crc",
        2,
    )
    assert wrong["first_at"] < wrong["last_at"]
    assert wrong["samples"][0]["text"] == '.0000000E"NULL"0000#1[].'
    assert wrong["samples"][0]["hex"].startswith("0a 30 30")


async def test_an_administrator_of_a_district_sees_nothing_of_the_whole_centre(
    client, owner, community, heard
):
    district = await community.region(community.root, "district", "东区")
    await person(owner, "guanli", ("administrator", district))
    await sign_in(client, "guanli")
    assert await asked(client) == []


async def test_an_operator_does_not(client, owner, community):
    await person(owner, "wang", ("operator", community.root))
    await sign_in(client, "wang")
    assert (await client.get("/api/v1/unread")).status_code == 403
