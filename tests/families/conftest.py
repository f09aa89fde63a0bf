"""A home whose daughter and son were told of an alarm, and the page that the link in the text opens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.page_looks import PageLooks
from callcenter.alerts.handling.replies import Replies
from callcenter.api.application import create_api
from callcenter.core.changes import Changes
from callcenter.core.database import Database
from callcenter.families.router import FamilyPages
from callcenter.sms.links import links_to
from tests.alerts.conftest import DAUGHTER, Desk, bench, desk
from tests.support.api import browser, context_for

__all__ = ["bench", "desk"]

KEY = "a key of this installation"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@dataclass
class Family:
    """What a contact does with the link of a text."""

    desk: Desk
    replies: Replies
    looks: PageLooks
    client: httpx.AsyncClient
    pages: FamilyPages
    incident: UUID
    last: str = field(default="")

    async def link(self, number: str = DAUGHTER) -> str:
        """The path in the text to this number."""
        row = await self.desk.owner.fetchrow(
            "SELECT reference, contact_id, created_at, params FROM sms_message WHERE recipient = $1 ORDER BY created_at",
            number,
        )
        return links_to("http://centre.test", KEY)(dict(row)).removeprefix("http://centre.test")

    async def open(self, path: str | None = None, **query: str) -> httpx.Response:
        answer = await self.client.get(path or await self.link(), params=query)
        self.last = answer.text
        return answer

    async def send(self, path: str | None = None, **fields: str) -> httpx.Response:
        """The form of the page that was opened last, with these fields."""
        given = dict(_HIDDEN.findall(self.last)) | fields
        return await self.post(path or await self.link(), urlencode(given))

    async def post(self, path: str, body: str) -> httpx.Response:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}
        return await self.client.post(path, content=body, headers=kind)

    async def press(self, button: str, **fields: str) -> httpx.Response:
        """Open the page, press this button, and let the alarm process hear of it."""
        await self.open()
        answer = await self.send(say=button, **fields)
        await self.come()
        return answer

    @asynccontextmanager
    async def without_database(self) -> AsyncIterator[None]:
        """The same server cannot reach its database meanwhile."""
        desk, client = self.desk, self.client
        ports: dict[type, object] = {FamilyPages: self.pages, Changes: Changes(desk.database)}
        nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
        app = create_api(context_for(nowhere, desk.clock, ports=ports))
        async with browser(app, "203.0.113.7") as self.client:
            yield
        self.client = client
        await nowhere.close()

    async def come(self) -> None:
        await self.replies.run_once(self.desk.clock.now())
        await self.looks.run_once(self.desk.clock.now())

    async def on_timeline(self) -> list[dict[str, Any]]:
        rows = await self.desk.owner.fetch(
            "SELECT data FROM timeline_entry WHERE incident_id = $1 AND kind = 'reply' ORDER BY number",
            self.incident,
        )
        return [row["data"] for row in rows]

    async def become(self, **columns: object) -> None:
        """The incident stands so, whoever has made it."""
        sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
        await self.desk.owner.execute("ALTER TABLE incident DISABLE TRIGGER USER")
        await self.desk.owner.execute(
            f"UPDATE incident SET {sets} WHERE id = $1",  # noqa: S608 - names of the test
            self.incident,
            *columns.values(),
        )
        await self.desk.owner.execute("ALTER TABLE incident ENABLE TRIGGER USER")


@pytest.fixture
async def family(desk: Desk, bench: Workbench) -> AsyncIterator[Family]:
    home = await desk.community.home()
    resident = await desk.community.resident(home)
    await desk.community.contact(resident, 1, DAUGHTER)
    await desk.community.device("1", home, resident)
    await desk.community.source()
    await desk.reload()
    incident = (await desk.press("1")).incident_id
    assert incident is not None
    pages = FamilyPages(KEY)
    ports: dict[type, object] = {FamilyPages: pages, Changes: Changes(desk.database)}
    app = create_api(context_for(desk.database, desk.clock, ports=ports))
    async with browser(app, "203.0.113.7") as client:
        yield Family(desk, Replies(bench, desk.intake), PageLooks(bench), client, pages, incident)
