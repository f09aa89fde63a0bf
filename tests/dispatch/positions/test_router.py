"""The addresses of the field: dots for whoever may see it, positions from trackers, a way with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.application import create_api
from callcenter.dispatch.positions.reading import FieldReading
from callcenter.dispatch.positions.tracker import Trackers
from tests.dispatch.positions.conftest import Staffed
from tests.support.api import browser, context_for, person, sign_in

TOKEN = "of-a-tracker"


@pytest.fixture
async def app(staffed: Staffed) -> AsyncIterator[FastAPI]:
    reading = FieldReading(staffed.database, staffed.clock)
    trackers = Trackers(staffed.database)
    ports = {FieldReading: reading, Trackers: trackers}
    yield create_api(context_for(staffed.database, staffed.clock, ports=ports))
    await trackers.connections.close()
    await reading.connections.close()


@pytest.fixture
async def dispatcher(app: FastAPI, staffed: Staffed) -> AsyncIterator[httpx.AsyncClient]:
    await person(staffed.owner, "desk", ("dispatcher", staffed.community.street))
    async with browser(app) as client:
        await sign_in(client, "desk")
        yield client


async def test_a_dot_says_who_where_what_and_since_when(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    fang = await staffed.on_duty("刘芳")
    await staffed.is_at(fang, 40.1, 104.2)
    task = await staffed.has_task(fang)

    said = (await dispatcher.get("/api/v1/field/dots")).json()
    (dot,) = said["dots"]

    assert said["whole"]
    assert (dot["name"], dot["lat"], dot["lng"], dot["source"]) == ("刘芳", 40.1, 104.2, "page")
    assert (dot["task_id"], dot["task_kind"], dot["task_state"]) == (task, "visit", "under_way")
    assert dot["since"] == dot["at"] == said["now"]


async def test_who_asks_again_gets_what_changed_within_two_seconds(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    fang, wei = await staffed.on_duty("刘芳"), await staffed.on_duty("周伟")
    first = (await dispatcher.get("/api/v1/field/dots")).json()

    staffed.clock.advance(2)
    await staffed.is_at(wei)
    then = (await dispatcher.get("/api/v1/field/dots", params={"since": first["cursor"]})).json()
    staffed.clock.advance(2)
    await staffed.ends(fang)
    last = (await dispatcher.get("/api/v1/field/dots", params={"since": then["cursor"]})).json()

    assert [dot["staff_id"] for dot in first["dots"]] == [fang, wei]
    assert (then["whole"], [dot["staff_id"] for dot in then["dots"]]) == (False, [wei])
    assert (last["dots"], last["gone"]) == ([], [fang])


async def test_a_cursor_of_another_view_gets_everything(
    staffed: Staffed, app: FastAPI, dispatcher: httpx.AsyncClient
) -> None:
    await staffed.on_duty("刘芳")
    of_street = (await dispatcher.get("/api/v1/field/dots")).json()["cursor"]
    await person(staffed.owner, "boss", ("supervisor", staffed.community.root))
    async with browser(app) as boss:
        await sign_in(boss, "boss")
        for cursor in (of_street, "nonsense", "a:b:c", of_street.rpartition(":")[0] + ":-1"):
            said = await boss.get("/api/v1/field/dots", params={"since": cursor})
            assert (said.json()["whole"], len(said.json()["dots"])) == (True, 1)


async def test_a_task_that_lies_far_ahead_is_not_what_somebody_does_now(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    fang = await staffed.on_duty()
    await staffed.has_task(fang, "accepted")
    later = staffed.clock.now() + timedelta(hours=1)
    await staffed.owner.execute("UPDATE task SET begins_at = $1", later)
    (dot,) = (await dispatcher.get("/api/v1/field/dots")).json()["dots"]
    assert dot["task_kind"] is None


async def test_g8_nobody_sees_the_field_of_another_region(
    staffed: Staffed, app: FastAPI, dispatcher: httpx.AsyncClient
) -> None:
    west = await staffed.community.region(staffed.community.root, "street", "槐荫街道")
    await staffed.on_duty("西柳人", west)
    assert (await dispatcher.get("/api/v1/field/dots")).json()["dots"] == []
    await person(staffed.owner, "official", ("official", staffed.community.root))
    async with browser(app) as client:
        await sign_in(client, "official")
        assert (await client.get("/api/v1/field/dots")).status_code == 403


@pytest.mark.parametrize(("shows", "name"), [("building", ""), ("names", "刘芳")])
async def test_a_wall_shows_names_only_where_it_is_set_to(
    staffed: Staffed, app: FastAPI, shows: str, name: str
) -> None:
    await staffed.on_duty("刘芳")
    await person(staffed.owner, "boss", ("supervisor", staffed.community.root))
    async with browser(app) as boss, browser(app) as screen:
        await sign_in(boss, "boss")
        body = {"name": "大厅", "region_id": staffed.community.street, "shows": shows}
        code = (await boss.post("/api/v1/walls", json=body)).json()["code"]
        assert (await screen.get("/api/v1/wall/dots")).status_code == 401
        await screen.post("/api/v1/wall/pair", json={"code": code})
        (dot,) = (await screen.get("/api/v1/wall/dots")).json()["dots"]
    assert (dot["name"], dot["kinds"]) == (name, ["caregiver"])


@pytest.fixture
async def tracker(app: FastAPI, staffed: Staffed) -> AsyncIterator[httpx.AsyncClient]:
    await staffed.owner.execute(
        "INSERT INTO source (name, kind, region_id, bearer_hash) VALUES ('watches', 'http_json', $1, $2)",
        staffed.community.street,
        sha256(TOKEN.encode()).digest(),
    )
    async with browser(app) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


async def test_a_tracker_speaks_for_the_people_of_its_region(
    staffed: Staffed, tracker: httpx.AsyncClient
) -> None:
    west = await staffed.community.region(staffed.community.root, "street", "槐荫街道")
    fang, other = await staffed.on_duty(), await staffed.on_duty("西柳人", west)
    at = staffed.clock.now().isoformat()
    positions = [{"staff_id": each, "at": at, "lat": 40.1, "lng": 104.1} for each in (fang, other)]

    answer = await tracker.post("/api/v1/field/positions", json={"positions": positions})

    assert answer.json() == {"moved": 1, "unknown": [other]}
    assert list(await staffed.known()) == [fang]


async def test_a_tracker_is_told_what_is_wrong(
    staffed: Staffed, tracker: httpx.AsyncClient
) -> None:
    fang = await staffed.on_duty()
    wrong = {"staff_id": fang, "at": staffed.clock.now().isoformat(), "lat": 95, "lng": 104.1}
    answer = await tracker.post("/api/v1/field/positions", json={"positions": [wrong]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_fields")
    tracker.headers["Authorization"] = "Bearer of-somebody-else"
    right = wrong | {"lat": 40.1}
    answer = await tracker.post("/api/v1/field/positions", json={"positions": [right]})
    assert await staffed.known() == {}
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unknown_source")


async def test_a_way_is_shown_for_a_reason_that_is_written_down(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    fang = await staffed.on_duty()
    await staffed.is_at(fang, 40.1, 104.1)
    now = staffed.clock.now()
    hour = timedelta(hours=1)
    asked = {"begins_at": (now - hour).isoformat(), "until": (now + hour).isoformat()}
    address = f"/api/v1/field/staff/{fang}/track"

    assert (await dispatcher.post(address, json=asked)).status_code == 422
    assert (await dispatcher.post(address, json=asked | {"reason": "  "})).status_code == 422
    way = await dispatcher.post(address, json=asked | {"reason": "家属投诉未到"})

    assert [point["lat"] for point in way.json()["points"]] == [40.1]
    rows = await staffed.owner.fetch(
        "SELECT subject, detail FROM audit_entry WHERE action = 'track_seen'"
    )
    assert [(row["subject"], row["detail"]["reason"]) for row in rows] == [
        (f"staff:{fang}", "家属投诉未到")
    ]


async def test_g8_the_way_of_somebody_elsewhere_is_not_found(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    west = await staffed.community.region(staffed.community.root, "street", "槐荫街道")
    other = await staffed.on_duty("西柳人", west)
    now = staffed.clock.now()
    asked = {"begins_at": now.isoformat(), "until": (now + timedelta(hours=1)).isoformat()}
    body = asked | {"reason": "只是看看"}
    answer = await dispatcher.post(f"/api/v1/field/staff/{other}/track", json=body)
    assert answer.status_code == 404
    assert not await staffed.owner.fetchval(
        "SELECT count(*) FROM audit_entry WHERE action = 'track_seen'"
    )


async def test_a_way_is_shown_for_a_day_at_most(
    staffed: Staffed, dispatcher: httpx.AsyncClient
) -> None:
    fang = await staffed.on_duty()
    now = staffed.clock.now()
    until = (now + timedelta(hours=25)).isoformat()
    body = {"begins_at": now.isoformat(), "until": until, "reason": "家属投诉未到"}
    answer = await dispatcher.post(f"/api/v1/field/staff/{fang}/track", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "track_too_long")
