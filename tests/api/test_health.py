"""Alive, ready, counted."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.api.application import create_api
from callcenter.api.health import RECENT_S, Health
from callcenter.core.database import Database
from callcenter.listeners.heard import Heard, ListenerAge
from tests.support.api import browser, context_for

HERE = {"Host": "127.0.0.1:8000"}


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def breaks() -> bool:
    raise OSError("the port is gone")


async def test_the_process_says_that_it_lives_and_what_it_is(client):
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive", "build": "test"})


async def test_ready_means_stored_migrated_and_listening(database, clock):
    context = context_for(database, clock, ports={Health: Health({"listeners": yes})})
    async with browser(create_api(context)) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    checks = {"database": True, "migrations": True, "listeners": True}
    assert answer.json() == {"ready": True, "checks": checks, "listeners": {}}


async def never() -> bool:
    await asyncio.Event().wait()
    return True


@pytest.mark.parametrize("listening", [no, breaks, never])
async def test_a_listener_that_is_down_makes_the_server_not_ready(database, clock, listening):
    context = context_for(database, clock, ports={Health: Health({"listeners": listening})})
    async with browser(create_api(context)) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "migrations": True, "listeners": False}


async def test_it_is_told_when_each_listener_last_heard_of_anybody(database, clock):
    """A quiet night is no fault."""

    def ages(now: float) -> dict[str, ListenerAge]:
        heard = Heard(accepted_at=now - 7200.0, read_at=now - 3600.04)
        return {"dc09/tcp:8002": ListenerAge.of(heard, now, is_open=True)}

    ports = {Health: Health({"listeners": yes}, listeners=ages)}
    async with browser(create_api(context_for(database, clock, ports=ports))) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    told = {"open": True, "accepted_s": 7200.0, "read_s": 3600.0}
    assert answer.json()["listeners"] == {"dc09/tcp:8002": told}


async def test_an_office_that_is_away_is_shown_and_leaves_the_server_ready(database, clock):
    """Alarms are received, shown and worked without it."""
    ports = {Health: Health({"listeners": yes}, shown={"office": no})}
    async with browser(create_api(context_for(database, clock, ports=ports))) as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json()["ready"], answer.json()["checks"]["office"]) == (True, False)


@pytest.mark.parametrize(
    ("office", "processes"), [(b"# TYPE a counter\na_total 1.0\n", 2), (None, 1)]
)
async def test_metrics_are_those_of_both_processes_as_far_as_they_answer(
    database, clock, office, processes
):
    async def ask() -> bytes | None:
        return office

    ports = {Health: Health(office_metrics=ask)}
    async with browser(create_api(context_for(database, clock, ports=ports)), "::1") as client:
        text = (await client.get("/metrics", headers=HERE)).text
    assert sum(f'process="{name}"' in text for name in ("alarm", "office")) == processes


async def test_a_crowd_that_asks_whether_the_server_is_ready_costs_one_look(database, clock):
    looks = []

    async def look() -> bool:
        looks.append(clock.now())
        await asyncio.sleep(0)
        return True

    context = context_for(database, clock, ports={Health: Health({"listeners": look})})
    async with browser(create_api(context)) as client:
        answers = await asyncio.gather(*(client.get("/readyz") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(looks) == 1
        clock.advance(RECENT_S)
        await client.get("/readyz")
    assert len(looks) == 2


async def test_without_its_database_the_server_lives_but_is_not_ready(clock):
    nowhere = Database("postgresql://nobody@127.0.0.1:9/nothing")
    async with browser(create_api(context_for(nowhere, clock))) as client:
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": False, "migrations": False}
    await nowhere.close()


async def test_a_database_of_another_release_makes_the_server_not_ready(client, owner):
    await owner.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, False)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", HERE, 200),
        ("::1", {"Host": "[::1]"}, 200),
        ("127.0.0.1", {"Host": "evil.test"}, 403),  # a page of that name in a browser here
        ("10.0.0.7", {}, 403),
        ("10.0.0.7", {"Authorization": "Bearer wrong"}, 403),
        ("10.0.0.7", {"Authorization": "Bearer a-token"}, 200),
        ("127.0.0.1", HERE | {"X-Forwarded-For": "10.0.0.7"}, 403),  # a proxy on this machine
    ],
)
async def test_metrics_are_read_here_or_with_the_token(database, clock, address, headers, status):
    context = context_for(database, clock, ports={Health: Health(metrics_token="a-token")})
    async with browser(create_api(context), address) as client:
        answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("callcenter_stored_to_seen_seconds" in answer.text) is (status == 200)


async def test_without_a_token_no_bearer_is_right(client):
    answer = await client.get("/metrics", headers={"Authorization": "Bearer None"})
    assert answer.status_code == 403
