"""A screen across the room: paired once, logged in for months, taken away at once, and nobody's log-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from callcenter.api.application import create_api
from callcenter.auth.walls.router import COOKIE
from tests.support.api import browser, context_for, person, sign_in, trail
from tests.support.clock import HandClock
from tests.support.community import Community

DAY = 24 * 3_600


@dataclass
class Hall:
    """A community, whoever signs in, and browsers on its walls."""

    owner: asyncpg.Connection
    clock: HandClock
    community: Community
    app: Any
    stack: AsyncExitStack

    async def browser(self) -> httpx.AsyncClient:
        return await self.stack.enter_async_context(browser(self.app))

    async def somebody(self, login: str, role: str, region: int | None = None) -> httpx.AsyncClient:
        await person(self.owner, login, (role, region or self.community.root))
        client = await self.browser()
        await sign_in(client, login)
        return client


@pytest.fixture
async def hall(database, clock, owner) -> AsyncIterator[Hall]:
    community = await Community.found(owner)
    async with AsyncExitStack() as stack:
        yield Hall(owner, clock, community, create_api(context_for(database, clock)), stack)


async def added(client: httpx.AsyncClient, region: int, **body: object) -> dict[str, Any]:
    answer = await client.post("/api/v1/walls", json={"name": "大厅", "region_id": region, **body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def pairs(wall: httpx.AsyncClient, code: str) -> int:
    return (await wall.post("/api/v1/wall/pair", json={"code": code})).status_code


async def looks(wall: httpx.AsyncClient) -> int:
    """At the ground of its map."""
    return (await wall.get("/api/v1/wall/ground")).status_code


async def test_a_browser_becomes_the_screen_whose_code_it_knows_once(hall: Hall):
    boss, wall, other = (
        await hall.somebody("boss", "supervisor"),
        await hall.browser(),
        await hall.browser(),
    )
    made = await added(boss, hall.community.root)
    assert await looks(wall) == 401
    answer = await wall.post("/api/v1/wall/pair", json={"code": made["code"].lower()})
    said = answer.headers["set-cookie"]
    assert ("HttpOnly" in said, "SameSite=strict" in said, "Path=/api/v1/wall" in said) == (
        True,
    ) * 3
    assert await looks(wall) == 200
    assert await pairs(other, made["code"]) == 403
    assert await looks(other) == 401
    [shown] = (await boss.get("/api/v1/walls")).json()
    assert (shown["name"], shown["address"], shown["paired_at"] is not None) == (
        "大厅",
        "10.0.0.7",
        True,
    )
    said = [action for action, subject in await trail(hall.owner) if subject.startswith("wall:")]
    assert said == ["wall_added", "wall_paired"]


async def test_it_stays_logged_in_for_as_long_as_it_is_used(hall: Hall):
    boss, wall = await hall.somebody("boss", "supervisor"), await hall.browser()
    assert await pairs(wall, (await added(boss, hall.community.root))["code"]) == 204
    for _ in range(5):
        hall.clock.advance(29 * DAY)
        answer = await wall.get("/api/v1/wall/ground")
        assert (answer.status_code, COOKIE in answer.headers["set-cookie"]) == (200, True)
    hall.clock.advance(1)
    assert "set-cookie" not in (await wall.get("/api/v1/wall/ground")).headers, (
        "once a minute is enough"
    )
    hall.clock.advance(30 * DAY + 1)
    assert await looks(wall) == 401


async def test_it_opens_nothing_but_the_wall_and_is_no_user(hall: Hall):
    boss, wall = await hall.somebody("boss", "supervisor"), await hall.browser()
    await pairs(wall, (await added(boss, hall.community.root))["code"])
    cookie = {"Cookie": f"{COOKIE}={wall.cookies[COOKIE]}"}  # whatever its path
    for path in ("/me", "/incidents", "/homes/dots", "/live", "/walls", "/residents", "/history"):
        assert (await wall.get(f"/api/v1{path}", headers=cookie)).status_code == 401, path
    assert (await boss.get("/api/v1/wall/ground")).status_code == 401, "and a log-in is no screen"


async def test_it_is_taken_away_at_once_and_changed_from_afar(hall: Hall):
    boss, wall = await hall.somebody("boss", "administrator"), await hall.browser()
    made = await added(boss, hall.community.root)
    await pairs(wall, made["code"])
    path = f"/api/v1/walls/{made['screen']['id']}"
    assert (await boss.patch(path, json={"shows": "address"})).json()["shows"] == "address"
    again = (await boss.post(f"{path}/code")).json()["code"]
    assert await looks(wall) == 200, "the browser before goes on until the code is entered"
    assert (await boss.delete(path)).status_code == 204
    assert await looks(wall) == 401
    assert await pairs(wall, again) == 403
    assert (await boss.get("/api/v1/walls")).json() == []


@pytest.mark.parametrize("passed", [599, 601])
async def test_a_code_holds_for_ten_minutes(hall: Hall, passed: int):
    boss, wall = await hall.somebody("boss", "supervisor"), await hall.browser()
    made = await added(boss, hall.community.root)
    hall.clock.advance(passed)
    assert await pairs(wall, made["code"]) == (204 if passed < 600 else 403)


async def test_g8_nobody_hangs_a_screen_beyond_their_regions(hall: Hall):
    east = await hall.community.region(hall.community.root, "district", "东榆区")
    eastern = await hall.somebody("eastern", "supervisor", east)
    refused = await eastern.post(
        "/api/v1/walls", json={"name": "x", "region_id": hall.community.root}
    )
    assert refused.status_code == 404
    wang = await hall.somebody("wang", "operator")
    assert (await wang.get("/api/v1/walls")).status_code == 403


async def test_another_site_pairs_nobody(hall: Hall):
    boss, wall = await hall.somebody("boss", "supervisor"), await hall.browser()
    made = await added(boss, hall.community.root)
    foreign = {"Origin": "http://elsewhere.test"}
    answer = await wall.post("/api/v1/wall/pair", json={"code": made["code"]}, headers=foreign)
    assert answer.status_code == 403
    assert await pairs(wall, made["code"]) == 204
