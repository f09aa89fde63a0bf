"""Bodies whole and small, answers whole, and nobody outside who keeps the office waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from callcenter.api.outside.away import AWAY_PAGE
from callcenter.api.outside.carried import Carried
from callcenter.api.outside.front import Bounds, Outside
from callcenter.api.outside.pace import Pace


@dataclass
class Office:
    """Answers what it is told to, and remembers what came."""

    status: int = 200
    kind: str = "text/plain"
    body: bytes = b"from the office"
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.asked.append((scope["method"], scope["path"], message["body"]))
        await self.answers.wait()
        headers = [(b"content-type", self.kind.encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


async def files(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a file"})


@pytest.fixture
def office() -> Office:
    made = Office()
    made.answers.set()
    return made


def outside(office: Office, **bounds: Any) -> Outside:
    pace = Pace(bounds.pop("a_minute", 6000))
    carried = Carried(frozenset({"m.html"}))
    return Outside(carried, pace, files, office, lambda: 0.0, AWAY_PAGE, Bounds(**bounds))


def client(app: Outside) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4000))
    return httpx.AsyncClient(transport=transport, base_url="http://c.example.cn")


async def test_what_is_carried_goes_to_the_office_and_a_file_does_not(office: Office):
    async with client(outside(office)) as phone:
        assert (await phone.get("/m.html")).text == "a file"
        assert (
            await phone.post("/api/v1/phone/commands", content=b"done")
        ).text == office.body.decode()
        assert (await phone.get("/f/3D7Bmq?lang=en")).status_code == 200
        assert (await phone.get("/metrics")).status_code == 404
        assert (await phone.post("/api/v1/login", content=b"x" * 100)).status_code == 404
    assert office.asked == [
        ("POST", "/api/v1/phone/commands", b"done"),
        ("GET", "/f/3D7Bmq", b""),
    ]


async def test_a_body_of_a_reading_is_not_passed_on(office: Office):
    async with client(outside(office)) as phone:
        await phone.request("GET", "/f/3D7Bmq", content=b"x" * 1000)
    assert office.asked == [("GET", "/f/3D7Bmq", b"")]


async def pieces(*said: bytes) -> AsyncIterator[bytes]:
    for each in said:
        yield each


async def test_a_body_that_is_too_large_is_refused_announced_or_not(office: Office):
    async with client(outside(office, body_most=1000)) as phone:
        assert (await phone.post("/f/x", content=b"x" * 1001)).status_code == 413
        assert (await phone.post("/f/x", content=pieces(b"x" * 600, b"x" * 600))).status_code == 413
        assert (await phone.post("/f/x", content=pieces(b"x" * 600, b"x" * 400))).status_code == 200
    assert [len(body) for _, _, body in office.asked] == [1000]


async def test_an_address_that_asks_too_often_hears_when_to_come_again(office: Office):
    async with client(outside(office, a_minute=10)) as phone:
        answers = [await phone.get("/f/x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[2].headers["retry-after"]) == 6
    assert len(office.asked) == 2


async def test_a_family_reads_a_page_where_the_office_is_away_and_a_phone_its_refusal(
    office: Office,
):
    office.status, office.kind, office.body = 503, "application/json", b"{}"
    async with client(outside(office)) as phone:
        answer = await phone.get("/f/x")
        assert answer.status_code == 503
        assert "求助正在处理中" in answer.text
        assert (await phone.get("/api/v1/phone/me")).text == "{}"


async def test_an_office_that_says_nothing_is_not_waited_for(office: Office):
    office.answers.clear()
    async with client(outside(office, answer_within_s=0.01)) as phone:
        assert (await phone.get("/api/v1/phone/me")).status_code == 503


async def test_an_answer_without_an_end_is_not_kept(office: Office):
    office.body = b"x" * 5000
    async with client(outside(office, answer_most=4000)) as phone:
        assert (await phone.get("/api/v1/phone/me")).status_code == 503


async def spoken(app: Outside, scope: dict[str, Any], said: Sequence[dict[str, Any]]) -> list[Any]:
    """What it sends to somebody who says this and then nothing."""
    waiting, sent = list(said), []

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


HALF = {"type": "http.request", "body": b"half", "more_body": True}
POST = {
    "type": "http",
    "method": "POST",
    "path": "/f/x",
    "raw_path": b"/f/x",
    "client": ("203.0.113.7", 1),
    "headers": [],
}


async def test_half_a_body_is_not_waited_for_and_the_office_hears_nothing(office: Office):
    sent = await spoken(outside(office, body_within_s=0.01), POST, [HALF])
    assert sent[0]["status"] == 408
    sent = await spoken(outside(office), POST, [HALF, {"type": "http.disconnect"}])
    assert sent[0]["status"] == 408
    assert office.asked == []


async def test_many_half_bodies_leave_no_place_and_give_it_back(office: Office):
    app = outside(office, bodies_at_once=1, body_within_s=0.05)
    one, other = await asyncio.gather(spoken(app, POST, [HALF]), spoken(app, POST, [HALF]))
    assert sorted([one[0]["status"], other[0]["status"]]) == [408, 503]
    assert (await spoken(app, POST, [{**HALF, "more_body": False}]))[0]["status"] == 200


async def test_a_socket_is_closed_before_it_is_one(office: Office):
    [closed] = await spoken(outside(office), {"type": "websocket", "path": "/ws/v1/seat"}, [])
    assert closed["type"] == "websocket.close"


async def test_a_path_that_was_sent_in_another_spelling_is_not_there(office: Office):
    sent = await spoken(outside(office), {**POST, "path": "/f/y"}, [])
    assert sent[0]["status"] == 404
