"""The screen's own address: its region alone, as much as it was set to show, and old data never as new."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from zoneinfo import ZoneInfo

import httpx
import pytest

from callcenter.alerts.live.reading import LiveReading
from callcenter.api.application import create_api
from callcenter.seats.wall.reading import WallReading
from tests.seats.conftest import Board
from tests.support.api import browser, context_for, person, sign_in


@pytest.fixture
async def hangs(board: Board) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """A paired screen for a region."""
    seats = board.seats
    live = LiveReading(board.database, board.clock, ZoneInfo("Asia/Shanghai"))
    wall = WallReading(board.database, board.clock, seats.hub, seats.silent, seats.ageing, live)
    app = create_api(context_for(board.database, board.clock, ports={WallReading: wall}))
    await person(board.owner, "boss", ("supervisor", board.community.root))
    async with browser(app) as boss, browser(app) as screen:
        await sign_in(boss, "boss")

        async def made(region: int) -> httpx.AsyncClient:
            body = {"name": "大厅", "region_id": region}
            code = (await boss.post("/api/v1/walls", json=body)).json()["code"]
            await screen.post("/api/v1/wall/pair", json={"code": code})
            return screen

        yield made
    await live.close()
    await wall.connections.close()


async def test_g8_a_screen_shows_its_region_and_no_names(board: Board, hangs):
    east = await board.community.region(board.community.root, "district", "东榆区")
    inside, outside = await board.incident("caller:1", east), await board.incident("caller:2")
    await board.owner.execute(
        "UPDATE incident SET card = $1",
        {
            "building": "7号楼",
            "people": [{"resident_id": 1, "name": "沈玉兰", "name_latin": "Shen"}],
        },
    )
    board.seat(7, east)
    wall = await hangs(east)
    answer = await wall.get("/api/v1/wall")
    shown = answer.json()
    assert [one["id"] for one in shown["incidents"]] == [inside] != [outside]
    assert ("7号楼" in answer.text, "沈" in answer.text, "王敏" in answer.text) == (
        True,
        False,
        False,
    )
    assert (shown["seats_manned"], shown["figures"]["today"]["alarms"], shown["name"]) == (
        1,
        1,
        "大厅",
    )
    assert shown["ages"]["standard"]["1"] == {"warning_s": 15, "critical_s": 30}


async def test_what_is_read_is_at_most_a_second_old(board: Board, hangs):
    wall = await hangs(board.community.root)
    assert (await wall.get("/api/v1/wall")).json()["incidents"] == []
    opened = await board.incident()
    board.clock.advance(1)
    assert [one["id"] for one in (await wall.get("/api/v1/wall")).json()["incidents"]] == [opened]
