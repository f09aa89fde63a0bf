"""The office as the alarm process meets it: over its Unix socket, with what its rooms need."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Request

from callcenter.api.passing import CLIENT_HEADER
from callcenter.auth import sessions
from callcenter.core.changes import Changes
from callcenter.core.database import Database
from callcenter.core.supervisor import Supervisor
from callcenter.residents.access import DirectoryHint
from callcenter.runtime import office
from callcenter.runtime.ground import Ground
from callcenter.runtime.known_away import KnownAway
from callcenter.runtime.part import Part
from callcenter.settings import Settings
from tests.support.api import person
from tests.support.waiting import until

Built = tuple[Ground, list[Part], httpx.AsyncClient]


def extra(_: Database) -> Sequence[APIRouter]:
    """Says who calls."""
    router = APIRouter()

    @router.get("/api/extra")
    async def caller(request: Request) -> str:
        return f"{request.url.scheme} {request.client.host}"

    return [router]


@pytest.fixture
async def built(settings: Settings, dsn: str, tmp_path: Path) -> AsyncIterator[Built]:
    """An office that serves, and a client that calls as the alarm process does for 10.0.0.7."""
    path = str(tmp_path / "office")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        listening.setblocking(False)
        async with Supervisor() as supervisor:
            begins = office.Begins(KnownAway())
            ground, parts, server = office.build(
                settings, dsn, listening, extra, begins, supervisor
            )
            ground.loaded.set()
            supervisor.start(ground.changes.run(), name="changes")
            supervisor.start(server.run(), name="http")
            headers = {CLIENT_HEADER.decode(): "10.0.0.7|50000|https"}
            transport = httpx.AsyncHTTPTransport(uds=path)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://office", headers=headers
            ) as client:
                yield ground, parts, client
            await server.stop()
            for part in parts:
                await part.stop()
        await ground.database.close()


async def test_it_serves_its_own_rooms_and_what_its_caller_adds(built: Built):
    _, _, client = built
    answer = await client.get("/api/v1/residents")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
    assert (await client.get("/api/extra")).json() == "https 10.0.0.7"
    assert (await client.post("/ingest/v1/signals")).status_code == 404


async def test_what_the_alarm_process_adds_makes_no_head_too_large(built: Built):
    _, _, client = built
    own = len(client.build_request("GET", "/").headers) - 1
    usual = Settings().requests.head_lines
    most = {f"x-{number}": "y" for number in range(usual - own)}
    assert (await client.get("/api/extra", headers=most)).status_code == 200
    assert (
        await client.get("/api/extra", headers={**most, "a": "", "b": "", "c": ""})
    ).status_code == 431


async def test_a_changed_directory_is_told_to_the_alarm_process(built: Built, database: Database):
    _, parts, _ = built
    there, came = Changes(database), []
    await there.listen("directory", came.append)
    [hint] = [part.ports[DirectoryHint] for part in parts if DirectoryHint in part.ports]
    async with Supervisor() as supervisor:
        supervisor.start(there.run(), name="there")
        await until(lambda: came == [""], "the alarm process listens")
        await hint()
        await until(lambda: len(came) == 2, "the hint")


async def test_a_log_out_elsewhere_holds_here_after_the_hint(built: Built, owner, community):
    ground, parts, _ = built
    user_id = await person(owner, "linlan", ("operator", community.street))
    async with ground.database.transaction() as session:
        begun = sessions.begin(session, user_id=user_id, address="", now=ground.clock.now())
    assert await ground.sessions.find(begun.token) is not None
    await owner.execute("UPDATE login_session SET revoked_at = now()")
    for part in parts:
        for channel, callback in part.listens.items():
            if channel == "grants":
                callback("")
    assert await ground.sessions.find(begun.token) is None
