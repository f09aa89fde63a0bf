"""One request, one transaction, committed before the answer leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.alarm_side import ALARM_ROUTERS
from callcenter.api.application import OFFICE_ROUTERS, create_api
from callcenter.auth import guards
from callcenter.auth.guards import DatabaseSession, port
from callcenter.core.errors import Conflict
from tests.support.api import browser, context_for

router = APIRouter(prefix="/notes")
_ADD = text("INSERT INTO source (name, kind, region_id) VALUES (:name, 'http_json', :region)")


class Greeting:
    def __init__(self, words: str) -> None:
        self.words = words


@router.post("/{name}/{region}")
async def write(name: str, region: int, session: DatabaseSession) -> str:
    await session.execute(_ADD, {"name": name, "region": region})
    if name == "refused":
        raise Conflict("not this one")
    return name


@router.get("/greeting")
async def greet(greeting: Annotated[Greeting, port(Greeting)]) -> Response:
    return Response(greeting.words)


class LooksWhileTheAnswerLeaves:
    """Counts the rows at the moment the first byte of the answer goes out."""

    def __init__(self, app: ASGIApp, owner) -> None:
        self.app = app
        self.owner = owner
        self.seen: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def look(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.seen = await self.owner.fetchval("SELECT count(*) FROM source")
            await send(message)

        await self.app(scope, receive, look)


async def test_what_a_request_wrote_is_on_disk_before_its_answer_leaves(
    database, clock, owner, community
):
    app = create_api(context_for(database, clock), routers=[router])
    watched = LooksWhileTheAnswerLeaves(app, owner)
    async with browser(watched) as client:
        answer = await client.post(f"/notes/kept/{community.root}")
    assert answer.status_code == 200
    assert watched.seen == 1


async def test_a_refused_request_leaves_nothing_behind(database, clock, owner, community):
    app = create_api(context_for(database, clock), routers=[router])
    async with browser(app) as client:
        answer = await client.post(f"/notes/refused/{community.root}")
    assert answer.status_code == 409
    assert await owner.fetchval("SELECT count(*) FROM source") == 0


async def test_upper_layers_find_their_ports_by_type(database, clock):
    context = context_for(database, clock, ports={Greeting: Greeting("您好")})
    async with browser(create_api(context, routers=[router])) as client:
        assert (await client.get("/notes/greeting")).text == "您好"


def _asked_for(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        assert each.call is not None
        yield each.call
        yield from _asked_for(each)


def test_what_many_routes_ask_for_is_no_errand_of_a_thread():
    """FastAPI sends whatever is no coroutine to a thread, for each request and each of it."""
    routes = [each for router in (*ALARM_ROUTERS, *OFFICE_ROUTERS) for each in router.routes]
    asked = {
        call
        for each in routes
        if isinstance(each, APIRoute)
        for call in _asked_for(each.dependant)
        if call.__module__ == guards.__name__ and call is not guards.site_time
    }
    assert len(asked) > 5
    assert {
        call.__qualname__
        for call in asked
        if not (iscoroutinefunction(call) or isasyncgenfunction(call))
    } == set()
