"""Xia Beibei shows her card to a worker of the community, who books an errand; grid 2 has it done in a quarter of an hour: story 6 of the
field. She is asked how it was, and answers with a digit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from callcenter.core.ids import new_id
from tests.support.outside import Outside, going_outside
from tests.support.story import Story

IN_GRID_2, IN_GRID_1 = "+8613800000042", "+8613800000041"
XIA_BEIBEI = "+8613900000062"
ASKED = "夏女士，今天的代办您满意吗？请回复1到5"


@pytest.fixture
async def outside(story: Story) -> Outside:
    return going_outside(story)


@pytest.fixture
async def grids(story: Story) -> tuple[int, int]:
    """Two of the street."""
    first = await story.community.region(story.community.street, "grid", "第一网格")
    return first, await story.community.region(story.community.street, "grid", "第二网格")


@pytest.fixture
async def xia_beibei(story: Story, grids: tuple[int, int]) -> int:
    home = await story.community.home(region=grids[1], address="榆荫里12号楼1单元301")
    resident = await story.community.resident(home, "夏贝贝", "Xia Beibei")
    await story.owner.execute(
        "UPDATE resident SET phone = $2, sex = 'female' WHERE id = $1", resident, XIA_BEIBEI
    )
    return resident


@pytest.fixture
async def workers(outside: Outside, grids: tuple[int, int]) -> tuple[int, int]:
    """Both have telephones without a screen, and both are on duty."""
    found = []
    for name, phone, region in zip(("陈一", "陈二"), (IN_GRID_1, IN_GRID_2), grids, strict=True):
        staff = await outside.field.staff(
            name, ["grid_worker"], on_duty=False, region=region, phone=phone
        )
        await outside.field.begin_duty(staff, outside.story.clock.now())
        found.append(staff)
    return found[0], found[1]


async def booked(
    story: Story, desk: httpx.AsyncClient, resident: int, staff_id: int | None = None
) -> UUID:
    body = {
        "id": str(new_id()),
        "kind": "errand",
        "resident_id": resident,
        "begins_at": story.clock.now().isoformat(),
        "minutes": 15,
        "what": "代缴电费",
        "staff_id": staff_id,
    }
    answer = await desk.post("/api/v1/desk/tasks", json=body)
    assert answer.status_code == 201, answer.text
    again = await desk.post("/api/v1/desk/tasks", json=body)
    assert again.json()["id"] == answer.json()["id"], "the same booking sent twice is one"
    await story.look()
    return UUID(answer.json()["id"])


@pytest.fixture
async def worker(outside: Outside) -> httpx.AsyncClient:
    return await outside.office("wang", "community_worker")


@pytest.fixture
async def desk(outside: Outside) -> httpx.AsyncClient:
    return await outside.office("zhou", "dispatcher")


async def done_by_grid_2(
    story: Story, worker: httpx.AsyncClient, resident: int, staff_id: int, *, asked: bool = True
) -> UUID:
    """Booked with the card in hand, taken, done in a quarter of an hour with a telephone without a screen."""
    story.phones.expect(IN_GRID_2, "代办：夏女士，榆荫里12号楼1单元301")
    task_id = await booked(story, worker, resident, staff_id)
    story.phones.expect(IN_GRID_2, "您已接单：代办")
    await story.answers(IN_GRID_2, "1")
    await story.passes(240, 60)
    story.phones.expect(IN_GRID_2, "已记录您到达夏女士处")
    await story.answers(IN_GRID_2, "3")
    await story.passes(660, 60)
    story.phones.expect(IN_GRID_2, "已记录代办（夏女士）完成")
    if asked:
        story.phones.expect(XIA_BEIBEI, ASKED)
    await story.answers(IN_GRID_2, "4")
    await story.look()
    return task_id


async def seen(desk: httpx.AsyncClient, task_id: UUID) -> dict[str, Any]:
    answer = await desk.get(f"/api/v1/desk/tasks/{task_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_grid_2_is_asked_and_has_it_done_in_a_quarter_of_an_hour_and_she_rates_it(
    story: Story,
    outside: Outside,
    worker: httpx.AsyncClient,
    desk: httpx.AsyncClient,
    xia_beibei: int,
    workers: tuple[int, int],
):
    began = story.clock.now()
    task_id = await done_by_grid_2(story, worker, xia_beibei, workers[1])

    row = await outside.field.row(task_id)
    assert (row["state"], row["staff_id"]) == ("done", workers[1])
    assert row["ended_at"] - began == timedelta(minutes=15)
    assert await outside.field.steps(task_id) == [
        "entered",
        "offered",
        "accepted",
        "arrived",
        "done",
    ]
    assert (await seen(desk, task_id))["rating"] is None

    await story.answers(XIA_BEIBEI, "4分")
    sheet = await seen(desk, task_id)
    assert (sheet["rating"], sheet["rated_by"]) == (4, "sms")
    day = story.clock.now().date().isoformat()
    figures = await desk.get("/api/v1/rides/figures", params={"from_day": day, "until_day": day})
    assert figures.json() == [
        {"what": "errand", "done": 1, "cancelled": 0, "asked": 1, "rated": 1, "stars": 4}
    ]


async def test_an_hour_later_she_is_not_asked_again_and_her_digit_rates_nothing(
    story: Story,
    worker: httpx.AsyncClient,
    desk: httpx.AsyncClient,
    xia_beibei: int,
    workers: tuple[int, int],
):
    first = await done_by_grid_2(story, worker, xia_beibei, workers[1])
    await story.answers(XIA_BEIBEI, "5")
    await story.passes(3_600, 600)
    second = await done_by_grid_2(story, worker, xia_beibei, workers[1], asked=False)
    await story.answers(XIA_BEIBEI, "1")
    assert (await seen(desk, first))["rating"] == 5
    assert (await seen(desk, second))["rating"] is None


async def test_grid_2_cannot_and_its_neighbour_is_asked(
    story: Story, outside: Outside, xia_beibei: int, workers: tuple[int, int]
):
    community_worker = await outside.office("wang", "community_worker")
    story.phones.expect(IN_GRID_2, "代办：夏女士")
    task_id = await booked(story, community_worker, xia_beibei, workers[1])
    story.phones.expect(IN_GRID_2, "已记录您不去夏女士处")
    story.phones.expect(IN_GRID_1, "代办：夏女士")
    await story.answers(IN_GRID_2, "2")
    await story.passes(2)
    story.phones.expect(IN_GRID_1, "您已接单：代办")
    await story.answers(IN_GRID_1, "1")
    assert (await outside.field.row(task_id))["staff_id"] == workers[0]
