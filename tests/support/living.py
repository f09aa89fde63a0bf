"""Ordinary life at a running server: people press, operators sit down, take, work and close, devices say that they live."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from callcenter.core.ids import new_id
from tests.support.server import Operator, Server
from tests.support.wire import insist, sos


class Hand:
    """An operator's commands over HTTP, on one connection that is kept."""

    def __init__(self, server: Server, operator: Operator) -> None:
        self.operator = operator
        self.client = httpx.AsyncClient(
            base_url=server.url,
            cookies={COOKIE: operator.cookie},
            headers={CSRF_HEADER: operator.csrf_token, "Origin": server.url},
            timeout=30,
        )

    async def gives(self, incident: str, action: str, **body: object) -> httpx.Response:
        """A command, whatever is answered."""
        sent = {"command_id": str(new_id()), **body}
        return await self.client.post(f"/api/v1/incidents/{incident}/{action}", json=sent)

    async def done(self, incident: str, action: str, **body: object) -> dict[str, Any]:
        """A command that succeeds."""
        answer = await self.gives(incident, action, **body)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def works(self, incident: str) -> None:
        """From the take to the end."""
        await self.done(incident, "take")
        await self.done(incident, "steps", step="call_back", result="reached")
        await self.done(incident, "note", text="老人说没事")
        await self.done(incident, "close", outcome="mistaken_press", note="按错了")


async def pressed(server: Server, device: str) -> str:
    """An SOS; the incident that it opened or joined."""
    answer = await insist(server.http_port, sos(device))
    incident: str = answer.document["incident_id"]
    return incident


async def breathes(seconds: float) -> None:
    """Real time that a running server is given."""
    await asyncio.sleep(seconds)
