"""Operators over HTTP: commands on incidents as their browser gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from callcenter.core.ids import new_id


@dataclass
class Seat:
    """An operator's browser."""

    client: httpx.AsyncClient
    user_id: int

    async def do(self, incident: object, action: str, **body: object) -> httpx.Response:
        """A command with an id of its own, unless one is given."""
        sent = {"command_id": str(new_id()), **body}
        return await self.client.post(f"/api/v1/incidents/{incident}/{action}", json=sent)

    async def done(self, incident: object, action: str, **body: object) -> dict[str, Any]:
        answer = await self.do(incident, action, **body)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def refused(self, incident: object, action: str, **body: object) -> tuple[int, str]:
        answer = await self.do(incident, action, **body)
        return answer.status_code, answer.json()["error"]["code"]

    async def tells(self, **body: object) -> httpx.Response:
        """Opens an incident by hand."""
        sent = {"command_id": str(new_id()), "kind": "sos", **body}
        return await self.client.post("/api/v1/incidents", json=sent)

    async def previews(self, incident: object, action: str, **body: object) -> list[dict[str, Any]]:
        """The texts that the command would send."""
        answer = await self.client.post(f"/api/v1/incidents/{incident}/{action}/preview", json=body)
        assert answer.status_code == 200, answer.text
        drafts: list[dict[str, Any]] = answer.json()
        return drafts

    async def detail(self, incident: object) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.client.get(f"/api/v1/incidents/{incident}")).json()
        return shown
