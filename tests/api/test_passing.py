"""From the alarm process to the office over a real Unix socket: streams, the client's address, an office that is away."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from callcenter.api.passing import (
    CLIENT_HEADER,
    LOG_IN,
    Office,
    Width,
    as_passed,
    passing,
)
from callcenter.api.serving import HttpServer
from tests.support.waiting import until

MIB = 1024 * 1024
AT_ONCE, WAITING = Width().pages, Width().pages_waiting


@pytest.fixture
def folder() -> Any:
    """Short enough for the address of a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="cc-") as name:
        yield Path(name)


def listening(address: Any) -> socket.socket:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.bind(address)
    made.listen(16)
    made.setblocking(False)
    return made


@asynccontextmanager
async def serving(application: Any, on: socket.socket) -> AsyncIterator[None]:
    server = HttpServer(application, on)
    task = asyncio.create_task(server.run())
    try:
        yield
    finally:
        on.close()
        await server.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def front(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Office]]:
    """The alarm process without anything of its own: every request goes on to the office."""
    office = Office(folder / "office")
    on = listening(("127.0.0.1", 0))
    watching = asyncio.create_task(office.watch())
    url = f"http://127.0.0.1:{on.getsockname()[1]}"
    try:
        async with (
            serving(passing(lambda _: False, refuse_all, office), on),
            httpx.AsyncClient(base_url=url, timeout=20) as client,
        ):
            yield client, office
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await office.close()


async def refuse_all(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(f"not the alarm process's: {scope['path']}")


def answering(handle: Callable[[Any, Any, Any], Any]) -> Any:
    """An office that answers pings, and everything else by `handle`."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/healthz":
            await answer(send, b"alive")
        else:
            await handle(scope, receive, send)

    return as_passed(application)


async def answer(send: Any, body: bytes, *, status: int = 200) -> None:
    headers = [(b"content-length", str(len(body)).encode()), (b"x-own", b"kept")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def whole(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def test_the_office_sees_the_client_and_the_address_as_they_were(folder: Path):
    async def echo(scope: Any, receive: Any, send: Any) -> None:
        names = [name for name, _ in scope["headers"]]
        assert names.count(CLIENT_HEADER) == 1, "what a client claims by this name is dropped"
        seen = [scope["client"][0], scope["method"], scope["raw_path"].decode()]
        seen += [scope["query_string"].decode(), (await whole(receive)).decode()]
        await answer(send, "|".join(seen).encode(), status=418)

    async with (
        serving(answering(echo), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        got = await client.put(
            "/api/v1/%E5%BC%A0?q=%26&n=1",
            content=b"body",
            headers={CLIENT_HEADER: "6.6.6.6|1|http"},
        )
    assert (got.status_code, got.headers["x-own"]) == (418, "kept")
    assert got.text == "127.0.0.1|PUT|/api/v1/%E5%BC%A0|q=%26&n=1|body"


async def test_who_holds_the_large_documents_keeps_no_page_from_passing(folder: Path):
    read = asyncio.Event()

    async def handle(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/openapi.json":
            await read.wait()
        await answer(send, b"")

    async with (
        serving(answering(handle), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        crowd = [asyncio.ensure_future(client.get("/openapi.json")) for _ in range(AT_ONCE + 10)]
        await asyncio.sleep(0)
        assert (await client.get("/api/v1/residents")).status_code == 200
        assert not any(one.done() for one in crowd)
        read.set()
        assert {one.status_code for one in await asyncio.gather(*crowd)} == {200}


async def test_large_bodies_stream_there_and_back(folder: Path):
    largest = 0

    async def count_and_fill(scope: Any, receive: Any, send: Any) -> None:
        nonlocal largest
        size, more = 0, True
        while more:
            message = await receive()
            largest = max(largest, len(message["body"]))
            size, more = size + len(message["body"]), message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(size // MIB):
            await send({"type": "http.response.body", "body": b"x" * MIB, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(64):
            yield bytes([number]) * (MIB // 4)

    async with (
        serving(answering(count_and_fill), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        got = await client.post("/api/v1/import", content=pieces())
    assert len(got.content) == 16 * MIB
    assert largest < MIB, "it comes in pieces: nobody held the whole of it"


async def test_a_refusal_before_the_whole_body_was_read_reaches_the_client(folder: Path):
    async def refuse(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send, b"too large", status=413)

    async with (
        serving(answering(refuse), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        got = await client.post("/api/v1/import", content=b"x" * (4 * MIB))
    assert (got.status_code, got.text) == (413, "too large")


async def test_an_office_that_is_not_there_is_said_at_once_with_when_to_try_again(folder: Path):
    async with front(folder) as (client, office):
        got = await client.get("/api/v1/residents")
        assert not office.answers
    assert (got.status_code, got.json()["error"]["code"]) == (503, "office_away")
    assert int(got.headers["retry-after"]) > 0


async def test_who_waits_for_an_office_that_dies_is_told(folder: Path):
    began = asyncio.Event()

    async def never(scope: Any, receive: Any, send: Any) -> None:
        began.set()
        await asyncio.Event().wait()

    async with front(folder) as (client, office):
        async with serving(answering(never), listening(str(folder / "office"))):
            await until(lambda: office.answers, "the office to answer")
            asking = asyncio.create_task(client.get("/api/v1/residents"))
            await began.wait()
        got = await asking
    assert got.status_code == 503


async def test_who_hangs_up_is_noticed_by_the_office(folder: Path):
    gone = asyncio.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await receive()
        gone.set()

    async with (
        serving(answering(endless), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        async with client.stream("GET", "/api/v1/export") as got:
            async for _ in got.aiter_bytes():
                break
        async with asyncio.timeout(10):
            await gone.wait()


async def test_log_ins_that_wait_their_turn_keep_no_page_waiting(folder: Path):
    heard, turn = 0, asyncio.Event()

    async def office(scope: Any, receive: Any, send: Any) -> None:
        nonlocal heard
        if scope["path"] == LOG_IN:
            heard += 1
            await turn.wait()
        await answer(send, b"done")

    with listening(str(folder / "office")) as on:
        on.listen(AT_ONCE + WAITING)
        async with serving(answering(office), on.dup()), front(folder) as (client, passed_by):
            await until(lambda: passed_by.answers, "the office answers")
            limits = httpx.Limits(max_connections=AT_ONCE + 40)
            async with httpx.AsyncClient(
                base_url=client.base_url, limits=limits, timeout=20
            ) as shift:
                waiting = [asyncio.ensure_future(shift.post(LOG_IN)) for _ in range(AT_ONCE + 36)]
                await until(lambda: heard == AT_ONCE + 36, "all log-ins wait in the office")
                assert (await client.get("/api/v1/regions")).text == "done"
                turn.set()
                assert {one.status_code for one in await asyncio.gather(*waiting)} == {200}


async def test_what_belongs_to_one_connection_ends_there(folder: Path):
    async def echo(scope: Any, receive: Any, send: Any) -> None:
        names = {name for name, _ in scope["headers"]}
        assert names.isdisjoint({b"connection", b"keep-alive", b"te", b"trailer", b"upgrade"})
        await receive()
        kept = [(b"keep-alive", b"timeout=9"), (b"server", b"office"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": kept})
        await send({"type": "http.response.body", "body": b""})

    hops = {"Keep-Alive": "1", "TE": "trailers", "Trailer": "x", "Upgrade": "h2c"}
    async with (
        serving(answering(echo), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        got = await client.post("/api/v1/a", content=b"b", headers=hops)
    assert got.status_code == 200
    assert not {"keep-alive", "server"} & set(got.headers)


@pytest.mark.parametrize(
    ("lengths", "body"),
    [
        ([b"4"], b"body" + b"GET /api/v1/smuggled HTTP/1.1\r\n\r\n"),
        ([b"40"], b"short"),
        ([b"4", b"40"], b"body"),
        ([b"+4"], b"body"),
        ([b""], b"body"),
    ],
)
async def test_a_body_of_another_length_than_announced_becomes_no_request(
    folder: Path, lengths: list[bytes], body: bytes
):
    """Whatever stands before this lets none through; what passes here does not rely on it."""
    asked: list[str] = []

    async def note(scope: Any, receive: Any, send: Any) -> None:
        await whole(receive)
        asked.append(scope["path"])
        await answer(send, b"")

    said: list[Any] = []
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/a",
        "raw_path": b"/api/v1/a",
        "query_string": b"",
        "client": ("127.0.0.1", 1),
        "headers": [(b"content-length", length) for length in lengths],
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    async with (
        serving(answering(note), listening(str(folder / "office"))),
        front(folder) as (client, office),
    ):
        await until(lambda: office.answers, "the office to answer")
        await office(scope, receive, send)
        assert (await client.get("/api/v1/next")).status_code == 200
    assert said[0]["status"] == 503
    assert set(asked) - {"/api/v1/a"} == {"/api/v1/next"}
