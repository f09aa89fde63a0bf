"""A centre with a hotline: calls as the exchange's side writes them, operators who file them, and what the alarm process makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from callcenter.calls.raising import ByIntake, CallSignals
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from callcenter.hotline.filing.working_off import ReachedCallers
from tests.support.api import browser, person, sign_in
from tests.support.story import Story

HOTLINE = "/api/v1/hotline"
LINE = "0311-12349"
CALLER = "+8613912345678"


@dataclass
class Worker:
    """Somebody at the page of the hotline."""

    client: httpx.AsyncClient
    user_id: int

    async def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """What is there."""
        return await self.ask("GET", path, status, params=query)

    async def post(self, path: str, body: object = None, status: int | None = None) -> Any:
        """A command that succeeds, or is refused with this status."""
        return await self.ask("POST", path, status, json=body)

    async def put(self, path: str, body: object, status: int | None = None) -> Any:
        """A change."""
        return await self.ask("PUT", path, status, json=body)

    async def ask(self, method: str, path: str, status: int | None, **more: Any) -> Any:
        """Whatever the address answers."""
        answer = await self.client.request(method, f"{HOTLINE}{path}", **more)
        if status is None:
            assert answer.is_success, answer.text
        else:
            assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def lists(self, part: str = "all", **query: Any) -> list[dict[str, Any]]:
        """Lines of a list."""
        found: list[dict[str, Any]] = (await self.get("/calls", part=part, **query))["items"]
        return found

    async def files(
        self, call: UUID, disposition: str, status: int | None = None, **more: Any
    ) -> Any:
        """The key of a disposition."""
        body = {"id": str(new_id()), "filings": 0, "disposition": disposition} | more
        return await self.post(f"/calls/{call}/file", body, status)


@dataclass
class Hotline:
    """Of a story's centre."""

    story: Story
    signals: CallSignals
    reached: ReachedCallers

    async def worker(
        self, login: str = "wang", role: str = "operator", region: int | None = None
    ) -> Worker:
        """Signed in."""
        user_id = await person(self.story.owner, login, (role, region or self.story.community.root))
        client = await self.story.stack.enter_async_context(browser(self.story.app))
        await sign_in(client, login)
        return Worker(client, user_id)

    async def call(
        self,
        *,
        by: int | None = None,
        number: str | None = CALLER,
        state: str = "ended",
        minutes_ago: float = 10,
        **more: Any,
    ) -> UUID:
        """A call that came in, answered by this user or by nobody."""
        at = self.story.clock.now() - timedelta(minutes=minutes_ago)
        id_ = new_id()
        row: dict[str, Any] = {
            "id": id_,
            "pbx": "asterisk",
            "pbx_call": str(id_),
            "direction": "in",
            "kind": "hotline",
            "line": LINE,
            "region_id": self.story.community.root,
            "caller_raw": number or "",
            "caller_e164": number,
            "presentation": "shown" if number else "withheld",
            "state": state,
            "offered_at": at,
            "answered_at": None if by is None else at + timedelta(seconds=8),
            "answered_by": by,
            "ended_at": at + timedelta(seconds=98) if state == "ended" else None,
        } | more
        names = ", ".join(row)
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.story.owner.execute(
            f"INSERT INTO call ({names}) VALUES ({places})",  # noqa: S608
            *row.values(),
        )
        return id_

    async def look(self) -> None:
        """The processors do what is due, then the alarm side does."""
        await self.reached.run_once(self.story.clock.now())
        await self.signals.run_once(self.story.clock.now())
        await self.story.look()

    async def row(self, call: UUID) -> dict[str, Any]:
        """A call as it stands."""
        found = await self.story.owner.fetchrow("SELECT * FROM call WHERE id = $1", call)
        return dict(found)

    async def incidents(self) -> list[tuple[str, str]]:
        """Subject and kind of every incident, the oldest first."""
        rows = await self.story.owner.fetch("SELECT subject, kind FROM incident ORDER BY number")
        return [tuple(row) for row in rows]


@asynccontextmanager
async def open_hotline(story: Story) -> AsyncIterator[Hotline]:
    """With the dispositions that are built in, and somebody at a seat."""
    await story.operator("duty")
    held = HeldConnections(story.database, "call signals", 1)
    reached = ReachedCallers(story.database)
    await reached.run_once(story.clock.now())
    yield Hotline(story, CallSignals(held, ByIntake(story.intake, story.registry)), reached)
    await held.close()
    await reached.connections.close()
