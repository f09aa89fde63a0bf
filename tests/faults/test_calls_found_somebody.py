"""A call that found somebody in need outlives every process of the server."""

from __future__ import annotations

import signal
from uuid import uuid4

import asyncpg
import httpx

from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.support.community import LONG_AGO
from tests.support.place import Place
from tests.support.waiting import until_told


async def _due(owner: asyncpg.Connection) -> None:
    """One home has to be called since long ago."""
    await owner.execute(
        "WITH made AS (INSERT INTO call_list (kind, name, region_id, created_at)"
        " SELECT 'roll_call', '点名', id, $1 FROM region WHERE parent_id IS NULL RETURNING id)"
        " INSERT INTO call_item (list_id, subject, home_id, occurrence, due_at, rank, next_try_at)"
        " SELECT made.id, 'home:' || home.id, home.id, '2026-03-14', $1, 0, $1 FROM made,"
        " (SELECT id FROM home ORDER BY id LIMIT 1) AS home",
        LONG_AGO,
    )


async def test_both_processes_are_killed_right_after_the_report(place: Place):
    """Answered means written: the alarm process that comes back opens it, once."""
    await _due(place.site.owner)
    server = await place.serve()
    [wang, *_] = place.site.operators
    async with httpx.AsyncClient(
        base_url=server.url,
        cookies={COOKIE: wang.cookie},
        headers={CSRF_HEADER: wang.csrf_token, "Origin": server.url},
        timeout=30,
        trust_env=False,
    ) as client:

        async def office_answers() -> bool:
            return bool((await client.get("/readyz")).json()["checks"]["office"])

        async def is_opened() -> bool:
            return await place.count("incident WHERE source = 'office'") == 1

        await until_told(office_answers, "the office", 60)
        taken = (await client.post("/api/v1/calls/next", json={})).json()
        said = {"id": str(uuid4()), "result": "needs_help", "note": "摔倒了"}
        path = f"/api/v1/calls/items/{taken['call']['item']['id']}/report"
        answer = await client.post(path, json=said)
        assert answer.status_code == 204
        server.signal("alarm", signal.SIGKILL)
        server.signal("office", signal.SIGKILL)
        await until_told(is_opened, "the incident", 60)
        await until_told(office_answers, "the office", 60)
        assert (await client.post(path, json=said)).status_code == 204
    assert await place.count("journal WHERE source = 'office'") == 1
    assert await place.count("call_attempt") == 1
    assert await place.count("watch_span") >= 2
