"""While the database says nothing a family reads so at once, and everything else is refused as ever."""

from __future__ import annotations

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from callcenter.families.router import FamilyPages
from callcenter.families.silent import families_told


async def behind(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def browser(*, silent: bool) -> httpx.AsyncClient:
    app = families_told(behind, lambda: silent, FamilyPages("key", "0999-8012349"))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://centre.test")


async def test_who_is_to_be_rung_and_that_the_call_is_handled():
    async with browser(silent=True) as client:
        answer = await client.get("/f/3D7Bmq", params={"lang": "en"})
        assert answer.status_code == 503
        assert "the call is handled all the same" in answer.text
        assert "0999-8012349" in answer.text
        assert answer.headers["retry-after"] == "5"
        assert "没有送到" in (await client.post("/f/3D7Bmq", content=b"say=yes")).text
        assert (await client.get("/api/v1/residents")).status_code == 204


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_otherwise_the_page_is_asked(method: str):
    async with browser(silent=False) as client:
        assert (await client.request(method, "/f/3D7Bmq")).status_code == 204
