"""Mrs Gao wants to go to the hospital. Worker Wang enters a ride, five drivers nearby get it, Dong is first, the others see it gone, and
her card pays: story 1 of the field.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from callcenter.core.ids import new_id
from tests.support.outside import Hand, Outside, going_outside
from tests.support.story import Story

MRS_GAO = "+8613900000061"
ASKED = "接送"
POWER_FAILS = "AT"
"""DC-09: loss of alternating current."""


@pytest.fixture
async def outside(story: Story) -> Outside:
    return going_outside(story)


@pytest.fixture
async def mrs_gao(story: Story) -> int:
    """At home, with a card for four rides a month."""
    resident = await story.home("", name="高秀英")
    await story.owner.execute(
        "UPDATE resident SET phone = $2, sex = 'female' WHERE id = $1", resident, MRS_GAO
    )
    await story.owner.execute(
        "INSERT INTO ride_entitlement (resident_id, from_day, rides_a_month, created_at)"
        " VALUES ($1, '2020-01-01', 4, $2)",
        resident,
        story.clock.now(),
    )
    return resident


@pytest.fixture
async def drivers(outside: Outside) -> list[Hand]:
    """Dong is not the nearest; the last is the only one further off than three kilometres."""
    away = {"老赵": 2, "老董": 8, "老钱": 15, "老孙": 22, "老李": 29, "老周": 40}
    return [
        await outside.hand(name, f"+8613800000{n:03}", "driver", hundred_metres=n)
        for name, n in away.items()
    ]


@pytest.fixture
async def wang(outside: Outside) -> httpx.AsyncClient:
    return await outside.office("wang", "community_worker")


async def booked(
    story: Story, wang: httpx.AsyncClient, resident: int, asked: list[Hand]
) -> dict[str, Any]:
    """A ride to the hospital in half an hour; each of these has a text at once."""
    for each in asked:
        story.phones.expect(each.phone, ASKED)
    ride = {
        "resident_id": resident,
        "destination": "第一医院",
        "begins_at": (story.clock.now() + timedelta(minutes=30)).isoformat(),
        "asked_fen": 1_200,
    }
    answer = await wang.post("/api/v1/rides", json=ride)
    assert answer.status_code == 201, answer.text
    await story.look()
    made: dict[str, Any] = answer.json()
    return made


async def test_five_are_asked_the_first_drives_and_her_card_pays(
    story: Story, outside: Outside, mrs_gao: int, drivers: list[Hand], wang: httpx.AsyncClient
):
    near = drivers[:5]
    zhao, dong, *others = near
    ride = await booked(story, wang, mrs_gao, near)
    assert (ride["fare_fen"], ride["paid_by"], ride["used"]) == (0, "entitlement", 1)
    shown = [await each.jobs() for each in drivers]
    assert shown == [[ride["task_id"]]] * 5 + [[]]

    task_id = UUID(ride["task_id"])
    await story.passes(30, 10)
    story.phones.expect(dong.phone, "您已接单")
    for each in (zhao, *others):
        story.phones.expect(each.phone, "已有人接单")
    assert (await dong.says("accept", task_id))["answer"] == "done"
    shown = [await each.jobs() for each in drivers]
    assert shown == [[], [ride["task_id"]], [], [], [], []]
    story.phones.expect(zhao.phone, "已有人接单")
    await story.answers(zhao.phone, "1")

    await story.passes(600, 60)
    await dong.says("arrive", task_id, lat=40.0, lng=104.0, accuracy_m=12)
    await story.passes(900, 60)
    story.phones.expect(MRS_GAO, "今天的接送您满意吗")
    await dong.says("depart", task_id, lat=40.02, lng=104.0, accuracy_m=12)
    await story.answers(MRS_GAO, "5")

    row = await outside.field.row(task_id)
    assert (row["state"], row["staff_id"]) == ("done", dong.staff_id)
    assert row["ended_at"] - row["arrived_at"] == timedelta(minutes=15)
    [seen] = (await (await outside.office("zhou", "dispatcher")).get("/api/v1/rides")).json()
    assert (seen["driver"], seen["fare_fen"], seen["rating"], seen["rated_by"]) == (
        "老董",
        0,
        5,
        "sms",
    )


async def test_the_mains_of_her_home_are_out_and_her_digit_is_the_rating_all_the_same(
    story: Story, outside: Outside, mrs_gao: int, drivers: list[Hand], wang: httpx.AsyncClient
):
    """A line about a device is open at her home: nobody was asked anything about it, so her digit can mean nothing else."""
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", mrs_gao)
    await story.community.device("1234", home, mrs_gao)
    await story.reload()
    await story.press("1234", POWER_FAILS)
    ride = await booked(story, wang, mrs_gao, drivers[:5])
    dong, task_id = drivers[1], UUID(ride["task_id"])
    story.phones.expect(dong.phone, "您已接单")
    for each in (drivers[0], *drivers[2:5]):
        story.phones.expect(each.phone, "已有人接单")
    await dong.says("accept", task_id)
    await dong.says("arrive", task_id, lat=40.0, lng=104.0, accuracy_m=12)
    story.phones.expect(MRS_GAO, "今天的接送您满意吗")
    await story.passes(900, 60)
    await dong.says("depart", task_id, lat=40.02, lng=104.0, accuracy_m=12)
    await story.answers(MRS_GAO, "5")
    rated = await story.owner.fetchrow("SELECT rating, rated_by FROM task_rating")
    assert tuple(rated) == (5, "sms")


async def test_booked_at_the_desk_it_counts_on_her_card_all_the_same(
    story: Story, outside: Outside, mrs_gao: int, drivers: list[Hand]
):
    zhou = await outside.office("zhou", "dispatcher")
    body = {
        "id": str(new_id()),
        "kind": "ride",
        "resident_id": mrs_gao,
        "destination": "第一医院",
        "what": "去看眼科",
        "begins_at": (story.clock.now() + timedelta(minutes=30)).isoformat(),
    }
    for each in drivers[:5]:
        story.phones.expect(each.phone, ASKED)
    answer = await zhou.post("/api/v1/desk/tasks", json=body)
    assert answer.status_code == 201, answer.text
    await story.look()
    await story.look()
    [ride] = (await zhou.get("/api/v1/rides")).json()
    assert (ride["task_id"], ride["paid_by"], ride["used"]) == (body["id"], "entitlement", 1)


async def test_five_say_yes_at_once_and_one_drives(
    story: Story, outside: Outside, mrs_gao: int, drivers: list[Hand], wang: httpx.AsyncClient
):
    near = drivers[:5]
    task_id = UUID((await booked(story, wang, mrs_gao, near))["task_id"])
    told = await asyncio.gather(*(each.page.does("accept", task_id) for each in near))
    assert sorted(each["answer"] for each in told).count("done") == 1
    drives = (await outside.field.row(task_id))["staff_id"]
    for each in near:
        words = "您已接单" if each.staff_id == drives else "已有人接单"
        story.phones.expect(each.phone, words)
    await story.look()
    accepted = "SELECT count(*) FROM task_offer WHERE task_id = $1 AND answer = 'accepted'"
    assert await story.owner.fetchval(accepted, task_id) == 1
