"""An operator's telephone over HTTP, as their console orders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.support.console import Console
from tests.support.server import Operator, Server
from tests.support.waiting import until


@dataclass
class Handset:
    """What a console asks of calls."""

    client: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, server: Server, operator: Operator) -> AsyncIterator[Handset]:
        async with httpx.AsyncClient(
            base_url=server.url,
            headers={CSRF_HEADER: operator.csrf_token},
            cookies={COOKIE: operator.cookie},
            trust_env=False,
        ) as client:
            yield cls(client)

    async def asks(self, method: str, path: str = "", **body: object) -> httpx.Response:
        sent = {"json": body} if method != "GET" else {}
        return await self.client.request(method, f"/api/v1/telephone{path}", **sent)  # type: ignore[arg-type]

    async def orders(self, call: str, what: str, **body: object) -> dict[str, Any]:
        answer = await self.asks("POST", f"/calls/{call}/{what}", **body)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def refused(self, call: str, what: str, **body: object) -> tuple[int, str]:
        answer = await self.asks("POST", f"/calls/{call}/{what}", **body)
        return answer.status_code, answer.json()["error"]["code"]


def calls_at(console: Console) -> dict[str, dict[str, Any]]:
    """As this console has them by all frames that came."""
    held: dict[str, dict[str, Any]] = {}
    for message in console.of_kind("calls"):
        if message.get("whole"):
            held.clear()
        for call in message["calls"]:
            if call["id"] not in held or held[call["id"]]["version"] < call["version"]:
                held[call["id"]] = call
    return held


async def one_call(console: Console, within_s: float = 10.0, **wanted: object) -> dict[str, Any]:
    """Waits for a call with these fields."""

    def found() -> list[dict[str, Any]]:
        return [
            call
            for call in calls_at(console).values()
            if all(call[name] == value for name, value in wanted.items())
        ]

    await until(found, f"a call with {wanted}: {calls_at(console)}", within_s)
    return found()[0]
