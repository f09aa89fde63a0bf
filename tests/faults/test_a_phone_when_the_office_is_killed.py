"""kill -9 between "accepted" on the phone and the answer: before it is written, and after. The phone says it again, and it is accepted once:
story 7 of the field.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from callcenter.core.database import Database
from callcenter.dispatch.phone.models import OpenedBy
from callcenter.dispatch.phone.sessions import COOKIE, let_in
from callcenter.dispatch.task import TaskKind
from callcenter.records.models import Staff
from tests.support.field import Field
from tests.support.flaky_proxy import FlakyProxy
from tests.support.outbox import SHANGHAI
from tests.support.place import Place
from tests.support.server import Server
from tests.support.waiting import until, until_told


@pytest.fixture
async def field(place: Place) -> AsyncIterator[Field]:
    database = Database(place.dsn, role=None)
    yield Field(database, place.site.owner, place.site.community)
    await database.close()


async def phone_of(field: Field, staff_id: int) -> str:
    """The cookie of a phone that was let in before."""
    now = datetime.now(UTC)
    async with field.database.transaction() as session:
        staff = await session.get_one(Staff, staff_id)
        fresh = await let_in(session, staff, OpenedBy.LINK, "Phone", "10.0.0.7", now, SHANGHAI)
        return fresh.token


async def offered(field: Field) -> UUID:
    """An errand that the office has offered."""
    now = datetime.now(UTC)
    task_id = await field.task(kind=TaskKind.ERRAND, begins_at=now)
    asked = "SELECT count(*) FROM task_offer WHERE task_id = $1"

    async def is_offered() -> bool:
        return bool(await field.owner.fetchval(asked, task_id))

    await until_told(is_offered, "the office to offer it", 60)
    return task_id


def command(task_id: UUID) -> dict[str, Any]:
    said_at = datetime.now(UTC).isoformat()
    accept = {"id": str(uuid4()), "name": "accept", "task_id": str(task_id), "said_at": said_at}
    return {"commands": [accept | {"clock_error_s": 0, "body": {}}]}


async def say(url: str, token: str, said: dict[str, Any]) -> httpx.Response | None:
    """None: the line broke."""
    headers = {"Origin": url}
    async with httpx.AsyncClient(
        base_url=url, cookies={COOKIE: token}, headers=headers, timeout=30, trust_env=False
    ) as phone:
        with suppress(httpx.TransportError):
            return await phone.post("/api/v1/phone/commands", json=said)
    return None


async def say_again(server: Server, token: str, said: dict[str, Any]) -> None:
    """Until it is answered, as the page does."""

    async def is_answered() -> bool:
        answer = await say(server.url, token, said)
        if answer is None or answer.status_code >= 500:
            return False
        assert answer.json()["answers"][0]["answer"] == "done", answer.text
        return True

    await until_told(is_answered, "an answer", 60)


async def accepted(field: Field, task_id: UUID) -> tuple[int, int, int]:
    """How many offers were accepted, steps and commands written."""
    offers = "SELECT count(*) FROM task_offer WHERE task_id = $1 AND answer = 'accepted'"
    steps = "SELECT count(*) FROM task_step WHERE task_id = $1 AND kind = 'accepted'"
    commands = "SELECT count(*) FROM field_command WHERE task_id = $1"
    found = [await field.owner.fetchval(each, task_id) for each in (offers, steps, commands)]
    return found[0], found[1], found[2]


async def test_a_job_is_accepted_once_whenever_the_office_dies(place: Place, field: Field):
    server = await place.serve()
    staff_id = await field.staff("张强", ["social_worker"])
    token = await phone_of(field, staff_id)

    task_id = await offered(field)
    said = command(task_id)
    async with field.owner.transaction():
        await field.owner.fetchval("SELECT 1 FROM task WHERE id = $1 FOR UPDATE", task_id)
        waiting = asyncio.create_task(say(server.url, token, said))
        await until_told(lambda: _somebody_waits(field), "the phone's word to wait", 30)
        killed = server.signal("office", signal.SIGKILL)
        answer = await waiting
        assert answer is None or answer.status_code >= 500
    await until(lambda: server.process("office") != killed, "a new office", 60)
    assert await accepted(field, task_id) == (0, 0, 0)
    await say_again(server, token, said)
    assert await accepted(field, task_id) == (1, 1, 1)

    task_id = await offered(field)
    said = command(task_id)
    async with FlakyProxy(("127.0.0.1", server.http_port)) as line:
        line.hold("down")
        waiting = asyncio.create_task(say(f"http://127.0.0.1:{line.port}", token, said))
        await line.held("down", 30)
        assert await accepted(field, task_id) == (1, 1, 1)
        server.kill()
        line.cut()
        assert await waiting is None
    await server.start()
    await say_again(server, token, said)
    assert await accepted(field, task_id) == (1, 1, 1)


async def _somebody_waits(field: Field) -> bool:
    waits = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock'"
    )
    return bool(await field.owner.fetchval(waits))
