"""A phone in a pocket: what is done without a network is sent later, in its order, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callcenter.core.ids import new_id
from callcenter.demo.field.carrying import Phone, Told
from callcenter.demo.field.watching import Heard
from callcenter.dispatch.choosing import Spot
from tests.support.clock import HandClock

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
TASK = new_id()


class Centre:
    """Hears what phones send; `answer` is what the next commands are told."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.positions: list[dict[str, Any]] = []
        self.answer, self.code = "done", ""
        self.status = 200
        routes = [
            Route("/api/v1/phone/commands", self._commands, methods=["POST"]),
            Route("/api/v1/phone/position", self._position, methods=["PUT"]),
            Route("/api/v1/phone/jobs", self._jobs),
        ]
        self.app = Starlette(routes=routes)

    async def _commands(self, request: Request) -> Response:
        commands = (await request.json())["commands"]
        self.heard += commands
        told = [{"id": one["id"], "answer": self.answer, "code": self.code} for one in commands]
        return JSONResponse({"answers": told}, self.status)

    async def _position(self, request: Request) -> Response:
        self.positions.append(await request.json())
        return Response(status_code=204)

    async def _jobs(self, _: Request) -> Response:
        job = {
            "id": str(TASK),
            "state": "offered",
            "mine": False,
            "minutes": 30,
            "lat": None,
            "lng": None,
        }
        return JSONResponse({"jobs": [job]})


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def phone(centre: Centre, told: Told) -> AsyncIterator[Phone]:
    phone = Phone("http://centre.test", 7, told, httpx.ASGITransport(centre.app))
    yield phone
    await phone.close()


async def test_what_is_done_without_a_network_is_sent_later_in_its_order(
    phone: Phone, centre: Centre, told: Told, clock: HandClock
) -> None:
    phone.has_network = False
    phone.do("accept", NOW, TASK)
    phone.do("set_out", NOW, TASK)
    await phone.send()
    await phone.say_where(Spot(40, 104), clock)
    assert (await phone.jobs(), centre.heard, centre.positions) == (None, [], [])

    phone.has_network = True
    await phone.send()
    await phone.send()

    accept, set_out = centre.heard
    assert (accept["name"], accept["after"], set_out["after"]) == ("accept", None, accept["id"])
    assert accept["body"]["offline"]
    assert (told.sent_later, told.answers["done"]) == (2, 2)


async def test_what_came_too_early_is_sent_again_and_what_was_decided_otherwise_is_not(
    phone: Phone, centre: Centre, told: Told
) -> None:
    phone.do("arrive", NOW, TASK)
    centre.answer = "too_early"
    await phone.send()
    centre.answer, centre.code = "otherwise", "given_to_another"
    await phone.send()
    await phone.send()
    assert [one["id"] for one in centre.heard] == [centre.heard[0]["id"]] * 2
    assert told.refused == {"otherwise given_to_another": 1}


async def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_id(
    phone: Phone, centre: Centre, told: Told
) -> None:
    phone.loses_answer = True
    phone.do("arrive", NOW, TASK)
    await phone.send()
    assert (phone.has_network, phone.waiting, told.answers) == (False, 1, {})

    phone.has_network = True
    await phone.send()
    first, second = centre.heard
    assert (first["id"], phone.waiting) == (second["id"], 0)
    [command] = told.commands.values()
    assert (command.sent, command.answer) == (2, "done")


async def test_where_somebody_is_counts_once_the_centre_knows_that_they_are_on_duty(
    phone: Phone, centre: Centre, clock: HandClock
) -> None:
    await phone.say_where(Spot(40, 104), clock)
    assert (len(centre.positions), phone.heard) == (1, None)
    phone.do("on_duty", NOW)
    await phone.send()
    await phone.say_where(Spot(40, 104), clock)
    assert phone.heard == Heard(clock.now(), clock.now())


async def test_a_server_that_refuses_loses_nothing(
    phone: Phone, centre: Centre, told: Told
) -> None:
    centre.status = 503
    phone.do("on_duty", NOW)
    await phone.send()
    centre.status = 200
    await phone.send()
    assert (len(centre.heard), told.refused, told.answers) == (2, {"commands 503": 1}, {"done": 1})
    assert "refused       commands 503: 1" in told.lines()


async def test_jobs_and_positions(
    phone: Phone, centre: Centre, told: Told, clock: HandClock
) -> None:
    jobs = await phone.jobs()
    await phone.say_where(Spot(40, 104), clock)
    assert jobs is not None
    assert [(job.id, job.mine, job.at) for job in jobs] == [(TASK, False, None)]
    assert (told.positions, centre.positions[0]["lat"]) == (1, 40)
