"""Putting something in test over HTTP: who may, for how long, and how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from callcenter.devices.trying import EndsOfTests, LongestTest
from tests.support.api import api_for, browser, person, sign_in, trail
from tests.support.community import Community


@pytest.fixture
async def community(owner) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def boss(database, owner, clock, community) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor."""
    ports = {LongestTest: LongestTest(timedelta(hours=2))}
    await person(owner, "boss", ("supervisor", community.root))
    await person(owner, "worker", ("community_worker", community.root))
    async with browser(api_for(database, clock, ports=ports)) as client:
        await sign_in(client, "boss")
        yield client


async def begin(client: httpx.AsyncClient, **body: object) -> httpx.Response:
    return await client.post("/api/v1/tests", json={"minutes": 30, "reason": "换电池", **body})


async def test_a_device_is_in_test_until_its_time(boss, community, clock, owner):
    device = await community.device("1234", await community.home())
    begun = (await begin(boss, device_id=device)).json()
    assert (begun["subject"], begun["subject_id"], begun["over"]) == ("device", device, False)
    clock.advance(29 * 60)
    assert [one["over"] for one in (await boss.get("/api/v1/tests")).json()] == [False]
    clock.advance(60)
    assert [one["over"] for one in (await boss.get("/api/v1/tests")).json()] == [True]
    assert ("test_begun", f"device:{device}") in await trail(owner)


async def test_it_is_ended_before_its_time_once(boss, community, owner):
    home = await community.home()
    begun = (await begin(boss, home_id=home)).json()
    ended = (await boss.post(f"/api/v1/tests/{begun['id']}/end")).json()
    assert ended["over"]
    again = (await boss.post(f"/api/v1/tests/{begun['id']}/end")).json()
    assert datetime.fromisoformat(again["ended_at"]) == datetime.fromisoformat(ended["ended_at"])
    assert (await boss.post("/api/v1/tests/9999/end")).status_code == 404


async def test_one_thing_is_named_and_not_for_longer_than_allowed(boss, community):
    home = await community.home()
    for body, code in (
        ({}, "one_subject"),
        ({"home_id": home, "region_id": community.street}, "one_subject"),
        ({"home_id": home, "minutes": 121}, "test_too_long"),
    ):
        answer = await begin(boss, **body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_a_whole_region_is_silenced_by_nobody_but_a_supervisor(boss, community):
    assert (await begin(boss, region_id=community.street)).status_code == 201
    await sign_in(boss, "worker")
    answer = await begin(boss, region_id=community.street)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "needs_supervisor")
    assert (await begin(boss, home_id=await community.home())).status_code == 201


async def test_its_end_is_said_in_the_log_once(boss, community, database, clock):
    await begin(boss, region_id=community.street)
    over = EndsOfTests(database)
    clock.advance(31 * 60)
    with capture_logs() as logs:
        await over.run_once(clock.now())
        await over.run_once(clock.now())
    assert [(one["event"], one["subject"]) for one in logs] == [
        ("test_over", f"region:{community.street}")
    ]
    await over.connections.close()


async def test_it_is_said_before_how_many_homes_would_reach_nobody(boss, community, owner):
    homes = [await community.home() for _ in range(3)]
    for body, count in (({"region_id": community.street}, 3), ({"home_id": homes[0]}, 1)):
        foreseen = await boss.post(
            "/api/v1/tests/preview", json={"minutes": 30, "reason": "换电池", **body}
        )
        assert foreseen.json()["homes"] == count
    assert await owner.fetchval("SELECT count(*) FROM test_period") == 0
    await sign_in(boss, "worker")
    refused = await boss.post(
        "/api/v1/tests/preview",
        json={"minutes": 30, "reason": "换电池", "region_id": community.street},
    )
    assert refused.status_code == 403
