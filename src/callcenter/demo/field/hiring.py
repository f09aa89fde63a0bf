"""A dispatcher's log-in, who makes the links and books visits; and caregivers of one's own where there are too few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any, Final

import httpx

from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.ids import new_id

PAGE: Final = 200
MINUTES: Final = 20


class Office:
    """Somebody's log-in at the console."""

    def __init__(self, server: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{server}/api/v1", transport=transport, trust_env=False, timeout=30
        )
        self._http.headers["Origin"] = server

    async def log_in(self, login: str, password: str) -> None:
        """Raises Unavailable, and Misconfigured for somebody who is not let in."""
        words = {"login": login, "password": password}
        try:
            answer = await self._http.post("/login", json=words)
        except httpx.TransportError as error:
            raise Unavailable(f"no server answers at {self._http.base_url}: {error}") from error
        if answer.status_code in (401, 403, 429):
            raise Misconfigured(f"{login} cannot log in: {answer.text}")
        answer.raise_for_status()
        self._http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        """JSON. Raises httpx.HTTPStatusError."""
        answer = await self._http.get(path)
        answer.raise_for_status()
        return answer.json()

    async def staff(self) -> list[dict[str, Any]]:
        """All who help, by id."""
        found: list[dict[str, Any]] = []
        while True:
            after = f"&after={found[-1]['id']}" if found else ""
            page = await self.get(f"/staff?limit={PAGE}{after}")
            found += page
            if len(page) < PAGE:
                return found

    async def code_for(self, staff_id: int) -> str | None:
        """Of a link that opens one phone; None for somebody who is let in nowhere."""
        answer = await self._http.post(f"/staff/{staff_id}/phones/link", json={"hours": 1})
        if answer.status_code in (403, 404, 409, 422):
            return None
        answer.raise_for_status()
        return str(answer.json()["address"]).rpartition("#in=")[2]

    async def hire(self, number: int, region_id: int) -> dict[str, Any]:
        """A caregiver without a telephone number, so that nobody is texted. Raises Misconfigured."""
        body = {
            "name": f"模拟护理员{number}",
            "region_id": region_id,
            "kinds": ["caregiver"],
            "skills": [],
            "languages": [],
        }
        answer = await self._http.post("/staff", json=body)
        if not answer.is_success:
            raise Misconfigured(f"nobody can be entered by this log-in: {answer.text}")
        hired: dict[str, Any] = answer.json()
        return hired

    async def book(self, homes: Sequence[Any], now: datetime, dice: Random) -> bool:
        """A visit at one of these homes, now; whether there is one."""
        home = dice.choice(homes)
        body = {
            "id": str(new_id()),
            "kind": "visit",
            "region_id": home["region_id"],
            "place": {"words": f"{home['label']}", "lat": home["lat"], "lng": home["lng"]},
            "begins_at": now.isoformat(),
            "minutes": MINUTES,
            "what": "模拟 Simulated",
        }
        return (await self._http.post("/desk/tasks", json=body)).is_success
