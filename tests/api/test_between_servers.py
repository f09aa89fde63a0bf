"""Who may ask from another server's page: the servers of the list, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from callcenter.api.between_servers import BetweenServers
from callcenter.api.middleware import security_headers

OTHER = "https://b.centre.example:8000"


async def _answering(scope: Any, receive: Any, send: Any) -> None:
    status = 200 if scope["method"] == "GET" else 405
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"asked"})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = BetweenServers(_answering, [OTHER])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://a.centre.example") as made:
        yield made


async def test_another_server_of_the_list_may_read_the_answer_with_the_cookie(
    client: httpx.AsyncClient,
):
    answer = await client.get("/api/v1/me", headers={"Origin": OTHER})
    assert answer.text == "asked"
    assert answer.headers["Access-Control-Allow-Origin"] == OTHER
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Vary"] == "Origin"


async def test_the_question_before_a_command_is_answered_without_the_application(
    client: httpx.AsyncClient,
):
    asks = {"Origin": OTHER, "Access-Control-Request-Method": "POST"}
    answer = await client.options("/api/v1/incidents", headers=asks)
    assert (answer.status_code, answer.text) == (204, "")
    assert "X-CSRF-Token" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://b.centre.example",  # another port
        "http://b.centre.example:8000",
        "https://b.centre.example:8000.evil.test",
        "https://evil.test",
        "null",
    ],
)
async def test_nobody_else_is_permitted_anything(client: httpx.AsyncClient, origin: str):
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        await client.get("/api/v1/me", headers={"Origin": origin}),
        await client.options("/api/v1/me", headers=asks),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_page_may_speak_with_the_servers_of_the_list_and_nobody_else():
    policy = security_headers((), [OTHER])["Content-Security-Policy"]
    assert f"connect-src 'self' {OTHER} wss://b.centre.example:8000;" in policy
    assert "connect-src 'self';" in security_headers()["Content-Security-Policy"]
