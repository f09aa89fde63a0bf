"""What takes a place on the way to the office: no body that is announced and does not come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from callcenter.api.alarm_side import alarm_api
from callcenter.api.application import create_api
from callcenter.api.bodies import BodiesFirst
from callcenter.api.body_bounds import BodyBounds
from callcenter.auth.guards import COOKIE, CSRF_HEADER
from tests.support.api import browser, context_for, person, sign_in

SOON_S = 0.05
AHEAD = 1000
BOUNDS = BodyBounds(within_s=SOON_S, strangers_most=AHEAD, strangers_within_s=SOON_S)


class Office:
    """Says what came through, and how it was announced."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes]] = []
        self.announced: set[bytes] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.announced = {name for name, _ in scope["headers"]}
        body, more = b"", scope["method"] != "GET"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                body += b"<gone>"
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.came.append((scope["path"], body))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def first(office, database, clock) -> BodiesFirst:
    return BodiesFirst(office, alarm_api(context_for(database, clock)), BOUNDS)


async def ask(
    app: BodiesFirst, method: str, path: str, chunks: list[bytes], *headers: tuple[bytes, bytes]
) -> int:
    """The status; after the chunks the client sends nothing, and says nothing of an end unless the last chunk is empty."""
    left: Iterator[bytes] = iter(chunks)
    statuses = []

    async def receive() -> Any:
        chunk = next(left, None)
        if chunk is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": chunk, "more_body": chunk != b""}

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    announced = [(b"host", b"centre.test"), (b"content-length", b"100"), *headers]
    scope = {"type": "http", "method": method, "path": path, "headers": announced}
    async with asyncio.timeout(10):
        await app(scope, receive, send)
    return next(status for status in statuses if status)


@pytest.mark.parametrize("path", ["/hooks/kannel/secret/receipt", "/api/v1/login", "/docs"])
async def test_a_stranger_s_body_comes_whole_small_and_soon_or_takes_no_place(first, office, path):
    assert await ask(first, "POST", path, []) == 408
    assert await ask(first, "POST", path, [b"begun"]) == 408
    assert await ask(first, "POST", path, [b"x" * AHEAD, b"x", b""]) == 413
    large = (b"content-length", b"%d" % (AHEAD + 1))
    assert await ask(first, "POST", path, [], large) == 413, "before a byte of it is asked for"
    assert office.came == []
    assert await ask(first, "POST", path, [b"who", b"le", b""]) == 200
    assert office.came == [(path, b"whole")]


async def test_who_has_no_session_is_refused_before_a_byte_is_read(first, office):
    assert await ask(first, "POST", "/api/v1/users", []) == 401
    cookie = (b"cookie", f"{COOKIE}=invented".encode())
    assert await ask(first, "PUT", "/api/v1/residents/1/photo", [], cookie) == 401
    assert office.came == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_reading_waits_for_no_body_whatever_it_announces(first, office, method):
    assert await ask(first, method, "/api/v1/residents", [b""]) == 200
    assert office.announced == {b"host"}


async def test_who_is_logged_in_may_send_more_but_not_for_ever(
    first, office, database, clock, owner, community
):
    await person(owner, "linlan", ("operator", community.street))
    context = context_for(database, clock)
    async with browser(create_api(context)) as client:
        await sign_in(client, "linlan")
        session = (
            (b"cookie", f"{COOKIE}={client.cookies[COOKIE]}".encode()),
            (CSRF_HEADER.lower().encode(), client.headers[CSRF_HEADER].encode()),
        )
    large = b"x" * (AHEAD + 1)
    assert await ask(first, "POST", "/api/v1/regions", [large, b"y", b""], *session) == 200
    assert await ask(first, "POST", "/api/v1/regions", [b"begun"], *session) == 408
    assert await ask(first, "POST", "/api/v1/regions", [large], *session) == 200
    assert [body[-6:] for _, body in office.came] == [b"xxxxxy", b"<gone>"]
