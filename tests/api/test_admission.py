"""Bodies are read for those who may send them: nobody else's costs more than its head."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from callcenter.api.admission import in_time
from callcenter.api.application import create_api
from callcenter.api.body_bounds import BodyBounds
from callcenter.core.confined import Confines
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.directory.jobs import ImportJobs
from tests.support.api import browser, context_for, person, sign_in
from tests.support.community import Community

IMPORT = "/api/v1/residents/import"
PHOTO = "/api/v1/residents/1/photo"


class Pour:
    """A body that notes how much of it was asked for."""

    def __init__(self, chunks: int = 500) -> None:
        self.chunks = chunks
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.chunks):
            self.read += 1
            yield b"x" * 65_536


@pytest.fixture
async def application(database, clock, tmp_path):
    seal = Seal({1: bytes(32)}, 1, bytes(32))
    ports = {
        Seal: seal,
        ImportJobs: ImportJobs(tmp_path / "imports", seal),
        Confines: Confines(),
    }
    return create_api(context_for(database, clock, ports=ports))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", IMPORT),
        ("PUT", PHOTO),
        ("POST", "/api/v1/users"),
        ("POST", "/api/v1/incidents/1/close"),
        ("POST", "/api/v1/nothing"),
    ],
)
async def test_nothing_of_a_stranger_s_body_is_read(application, method: str, path: str):
    body = Pour()
    async with browser(application) as client:
        answer = await client.request(method, path, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
    assert answer.headers["connection"] == "close"
    assert body.read <= 1


async def test_a_right_that_is_missing_is_told_before_the_file_is_read(
    application, owner: asyncpg.Connection
):
    community = await Community.found(owner)
    await person(owner, "zhou", ("operator", community.root))
    body = Pour()
    async with browser(application) as client:
        await sign_in(client, "zhou")
        answer = await client.post(IMPORT, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert body.read <= 1


@pytest.mark.parametrize(("method", "path"), [("POST", IMPORT), ("PUT", PHOTO)])
async def test_no_file_is_taken_in_while_the_disk_has_room_for_alarms_only(
    database, clock, tmp_path, owner: asyncpg.Connection, method: str, path: str
):
    community = await Community.found(owner)
    await person(owner, "zhou", ("community_worker", community.root))
    context = context_for(database, clock, ports={Reserve: Reserve(tmp_path, 1)})
    body = Pour()
    async with browser(create_api(context)) as client:
        await sign_in(client, "zhou")
        answer = await client.request(method, path, content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "no_room")
    assert body.read <= 1


async def test_a_user_sends_one_file_at_a_time(application, owner: asyncpg.Connection):
    community = await Community.found(owner)
    await person(owner, "zhou", ("community_worker", community.root))
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        under_way.set()
        await go_on.wait()
        yield b"x"

    async with browser(application) as client:
        await sign_in(client, "zhou")
        form = {"content-type": "multipart/form-data; boundary=x"}
        first = asyncio.create_task(client.post(IMPORT, content=slowly(), headers=form))
        async with asyncio.timeout(10):
            await under_way.wait()
        second = await client.post(IMPORT, content=Pour())
        assert (second.status_code, second.json()["error"]["code"]) == (503, "upload_running")
        go_on.set()
        assert (await first).status_code in (400, 422)
        assert (await client.post(IMPORT, content=b"x")).status_code == 422


async def test_a_site_takes_in_no_more_files_at_once_than_it_wants_and_hears_of_it(
    database, clock, tmp_path, owner: asyncpg.Connection
):
    community = await Community.found(owner)
    seal = Seal({1: bytes(32)}, 1, bytes(32))
    ports = {Seal: seal, ImportJobs: ImportJobs(tmp_path, seal), Confines: Confines()}
    bounds = BodyBounds(at_once=1)
    app = create_api(context_for(database, clock, ports=ports), bounds=bounds)
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        under_way.set()
        await go_on.wait()
        yield b"x"

    async with browser(app) as first, browser(app) as other:
        for login, client in (("zhou", first), ("wang", other)):
            await person(owner, login, ("community_worker", community.root))
            await sign_in(client, login)
        form = {"content-type": "multipart/form-data; boundary=x"}
        with capture_logs() as told:
            begun = asyncio.create_task(first.post(IMPORT, content=slowly(), headers=form))
            async with asyncio.timeout(10):
                await under_way.wait()
            refused = await other.post(IMPORT, content=Pour())
            go_on.set()
            await begun
    assert refused.json()["error"]["code"] == "upload_running"
    near = [line["limit"] for line in told if line["event"] == "limit_near"]
    assert near == ["limits.uploads_at_once"]


async def test_a_body_that_does_not_come_is_not_waited_for():
    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    with pytest.raises(HTTPException) as refused:
        await in_time(never, 0.01)()
    assert refused.value.status_code == 408
