"""An office that a newer server has taken over from reads, and changes nothing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from callcenter.api.older_release import NoChanges


async def _answering(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})


async def ask(method: str, path: str, *, stands_back: bool) -> httpx.Response:
    transport = httpx.ASGITransport(app=NoChanges(_answering, lambda: stands_back))
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        return await client.request(method, path)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_change_is_refused_in_words_while_it_stands_back(method: str):
    refused = await ask(method, "/api/v1/residents/1", stands_back=True)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "schema_newer"
    assert (await ask(method, "/api/v1/residents/1", stands_back=False)).text == "done"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/residents"),
        ("POST", "/api/v1/residents/search"),  # words that are looked for stand in the body
        ("POST", "/hooks/sms/kannel/receipt"),  # a receipt that is refused may be lost
        ("POST", "/texts"),  # of an alarm, handed over by the alarm process
    ],
)
async def test_whoever_reads_or_reports_is_answered_all_the_same(method: str, path: str):
    assert (await ask(method, path, stands_back=True)).text == "done"
