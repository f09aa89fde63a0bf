"""A centre with call lists: people over HTTP, the office's processors, and the one that opens what calls bring to light."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from callcenter.calls.raising import ByIntake, CallSignals
from callcenter.calls.settling import SettledCalls
from callcenter.calls.writing import DueCalls
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from tests.support.api import browser, person, sign_in
from tests.support.outbox import SHANGHAI
from tests.support.story import Story

CALLS = "/api/v1/calls"
HALF_PAST_NINE = {"every": "daily", "at": "09:30"}


@dataclass
class Caller:
    """Somebody at the page of calls."""

    client: httpx.AsyncClient
    login: str
    user_id: int

    async def get(self, path: str, **query: Any) -> Any:
        """What is there."""
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: object = None, status: int | None = None) -> Any:
        """A command that succeeds, or is refused with this status."""
        return await self._ask("POST", path, status, json=body)

    async def patch(self, path: str, body: object) -> Any:
        """A change."""
        return await self._ask("PATCH", path, json=body)

    async def delete(self, path: str) -> Any:
        """Taken away."""
        return await self._ask("DELETE", path)

    async def _ask(self, method: str, path: str, status: int | None = None, **more: Any) -> Any:
        answer = await self.client.request(method, f"{CALLS}{path}", **more)
        if answer.status_code == 401:  # the shift before has ended
            await sign_in(self.client, self.login)
            answer = await self.client.request(method, f"{CALLS}{path}", **more)
        if status is None:
            assert answer.is_success, answer.text
        else:
            assert answer.status_code == status, answer.text
        return (
            answer.json() if answer.content and "json" in answer.headers["content-type"] else answer
        )

    async def next(self, list_id: int | None = None) -> Any:
        """The call in hand; None when nothing is due."""
        return (await self.post("/next", {"list_id": list_id}))["call"]

    async def report(self, call: Any, result: str, **more: Any) -> None:
        """What came of it."""
        body = {"id": str(new_id()), "result": result} | more
        await self.post(f"/items/{call['item']['id']}/report", body)


@dataclass
class Calls:
    """The lists of a story's centre."""

    story: Story
    due_calls: DueCalls
    settled: SettledCalls
    signals: CallSignals
    supervisor: Caller

    async def caller(self, login: str, role: str = "operator", region: int | None = None) -> Caller:
        """Signed in."""
        where = region or self.story.community.root
        user_id = await person(self.story.owner, login, (role, where))
        client = await self.story.stack.enter_async_context(browser(self.story.app))
        await sign_in(client, login)
        return Caller(client, login, user_id)

    async def list(self, kind: str = "well_being", **more: Any) -> int:
        """A new one."""
        body = {"kind": kind, "name": kind, "region_id": self.story.community.root} | more
        return int((await self.supervisor.post("/lists", body))["id"])

    async def plan(self, list_id: int, resident: int, **rule: Any) -> int:
        """This resident is called every day at half past nine."""
        body = {"resident_id": resident} | HALF_PAST_NINE | rule
        return int((await self.supervisor.post(f"/lists/{list_id}/plans", body))["id"])

    async def look(self) -> None:
        """The processors do what is due, then the alarm side does."""
        while await self.due_calls.run_once(self.story.clock.now()):
            pass
        await self.settled.run_once(self.story.clock.now())
        await self.signals.run_once(self.story.clock.now())
        await self.story.look()

    async def passes(self, minutes: float) -> None:
        """So long."""
        self.story.clock.advance(minutes * 60)
        await self.look()

    async def states(self, list_id: int) -> list[str]:
        """Of its items, in the order of their days."""
        rows = await self.story.owner.fetch(
            "SELECT state FROM call_item WHERE list_id = $1 ORDER BY occurrence, subject", list_id
        )
        return [row["state"] for row in rows]

    async def incidents(self) -> list[tuple[str, str]]:
        """Source and kind of every incident, the oldest first."""
        rows = await self.story.owner.fetch("SELECT source, kind FROM incident ORDER BY number")
        return [tuple(row) for row in rows]


@asynccontextmanager
async def open_calls(story: Story) -> AsyncIterator[Calls]:
    """With a supervisor of the whole centre."""
    held = HeldConnections(story.database, "call signals", 1)
    due, settled = DueCalls(story.database, SHANGHAI), SettledCalls(story.database)
    signals = CallSignals(held, ByIntake(story.intake, story.registry))
    user_id = await person(story.owner, "boss", ("supervisor", story.community.root))
    async with browser(story.app) as client:
        await sign_in(client, "boss")
        yield Calls(story, due, settled, signals, Caller(client, "boss", user_id))
    for connections in (held, due.connections, settled.connections):
        await connections.close()
