"""While the database is silent a page of the office says so at once; what needs no database goes on."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from callcenter.api.silent import unless_silent


@dataclass
class Switch:
    silent: bool = True


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


async def ask(switch: Switch, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(unless_silent(_page, lambda: switch.silent))
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        return await client.get(path)


async def test_a_page_is_refused_with_when_to_come_again():
    answer = await ask(Switch(), "/api/v1/residents")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["error"]["code"] == "database_away"


@pytest.mark.parametrize("path", ["/hooks/kannel/x/dlr", "/internal/texts", "/metrics", "/healthz"])
async def test_gateways_and_the_other_process_are_answered(path: str):
    assert (await ask(Switch(), path)).text == "page"


async def test_a_database_that_answers_refuses_nothing():
    assert (await ask(Switch(silent=False), "/api/v1/residents")).text == "page"
