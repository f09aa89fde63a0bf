"""Drills over HTTP: who starts one, where, and what stands against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.api import api_for, browser, person, sign_in, trail
from tests.support.community import LONG_AGO, Community

DRILLS = "/api/v1/drills"


@pytest.fixture
async def community(owner) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def boss(database, owner, clock, community) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor of the street."""
    await person(owner, "boss", ("supervisor", community.street))
    async with browser(api_for(database, clock)) as client:
        await sign_in(client, "boss")
        yield client


def drill(region: int, home: int, **press: Any) -> dict[str, Any]:
    made = {"home_id": home, "kind": "sos", "after_s": 10} | press
    return {"region_id": region, "title": "夜间演练", "presses": [made]}


async def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_it_is_started_listed_and_stopped(boss, community, clock, owner):
    home = await community.home()
    started = await boss.post(DRILLS, json=drill(community.street, home))
    assert started.status_code == 201, started.text
    [press] = started.json()["presses"]
    assert (press["number"], press["state"], press["home_id"]) == (1, "waiting", home)
    assert press["label"]
    due = await owner.fetchval("SELECT due_at FROM drill_press")
    assert due == clock.now() + timedelta(seconds=10)
    [listed] = (await boss.get(DRILLS)).json()
    assert (listed["id"], listed["ended_at"]) == (started.json()["id"], None)
    stopped = (await boss.post(f"{DRILLS}/{listed['id']}/stop")).json()
    assert (stopped["ending"], stopped["ended_by_name"]) == ("stopped", "boss同志")
    assert [each["state"] for each in stopped["presses"]] == ["left_out"]
    told = [action for action, _ in await trail(owner)]
    assert told[-2:] == ["drill_started", "drill_stopped"]


async def test_what_cannot_be_a_drill_is_refused_with_the_reason(boss, community):
    home = await community.home()
    elsewhere = await community.home(region=community.root)
    answer = await boss.post(DRILLS, json=drill(community.street, elsewhere))
    assert await code_of(answer) == (422, "home_elsewhere")
    assert (await boss.post(DRILLS, json=drill(community.root, home))).status_code == 404
    for press in ({"kind": "heartbeat"}, {"after_s": 7_201}, {"after_s": -1}):
        answer = await boss.post(DRILLS, json=drill(community.street, home, **press))
        assert answer.status_code == 422
    none = drill(community.street, home) | {"presses": []}
    assert (await boss.post(DRILLS, json=none)).status_code == 422


async def test_there_is_one_at_a_time_above_and_below(boss, community, owner):
    home = await community.home()
    grid = await community.region(community.street, "grid", "第一网格")
    inside = await community.home(region=grid)
    first = await boss.post(DRILLS, json=drill(community.street, home))
    answer = await boss.post(DRILLS, json=drill(grid, inside))
    assert await code_of(answer) == (409, "drill_running")
    await boss.post(f"{DRILLS}/{first.json()['id']}/stop")
    assert (await boss.post(DRILLS, json=drill(grid, inside))).status_code == 201
    answer = await boss.post(DRILLS, json=drill(community.street, home))
    assert await code_of(answer) == (409, "drill_running")


async def test_ready_made_ones_are_at_homes_of_the_region_where_somebody_lives(boss, community):
    answer = await boss.get(f"/api/v1/regions/{community.street}/drill-scripts")
    assert await code_of(answer) == (422, "no_homes")
    home, empty = await community.home(), await community.home()
    await community.resident(home)
    scripts = (await boss.get(f"/api/v1/regions/{community.street}/drill-scripts")).json()
    assert {press["home_id"] for each in scripts for press in each["presses"]} == {home}
    assert empty != home
    for each in scripts:
        presses = [{k: p[k] for k in ("home_id", "kind", "after_s")} for p in each["presses"]]
        body = {"region_id": community.street, "title": each["script"], "presses": presses}
        started = await boss.post(DRILLS, json=body)
        assert started.status_code == 201, started.text
        await boss.post(f"{DRILLS}/{started.json()['id']}/stop")


async def test_an_alarm_of_another_street_is_no_reason_to_wait(boss, community, owner):
    home = await community.home()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
        " last_signal_at) VALUES (gen_random_uuid(), 'home:9', 'alarm', 'sos', 1, 99, '{99}', 'dc09', '{}', $1, $1)",
        LONG_AGO,
    )
    assert (await boss.post(DRILLS, json=drill(community.street, home))).status_code == 201
