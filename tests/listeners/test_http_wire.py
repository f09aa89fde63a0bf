"""One port for signals and the API: who gets which request, and that none falls between the two."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from callcenter.api.serving import signals_before
from callcenter.cli.certificates import certificate
from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Credentials
from callcenter.listeners.bounds import USUAL, DeviceBounds, RequestBounds
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import signals_first
from tests.support.centre import bound_socket, serve
from tests.support.intake import MemoryIntake
from tests.support.server import TOKEN
from tests.support.waiting import until
from tests.support.wire import read_answer, request, sos

SOURCE = SourceRef("phones", "http_json", 1)


@dataclass
class Front:
    """The server: what came to the API is kept by path."""

    intake: MemoryIntake = field(default_factory=MemoryIntake)
    port: int = 0
    asked: list[str] = field(default_factory=list)

    async def api(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": "hello"})
            await receive()
            return
        while (await receive()).get("more_body"):
            pass
        await send(
            {"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]}
        )
        await send({"type": "http.response.body", "body": b""})

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with open_front() as front:
        yield front


IMPATIENT = DeviceBounds(RequestBounds(within_s=0.05, whole_within_s=0.05))


@pytest.fixture
async def impatient() -> AsyncIterator[Front]:
    """It waits for nothing long."""
    async with open_front(IMPATIENT) as front:
        yield front


@asynccontextmanager
async def open_front(bounds: DeviceBounds = USUAL, **of_uvicorn: Any) -> AsyncIterator[Front]:
    front = Front()
    known = [Credentials(SOURCE, hashlib.sha256(TOKEN.encode()).digest(), None, None)]
    listener = HttpListener(
        FORMATS.values(), front.intake, SystemClock(), lambda: known, bounds=bounds
    )
    listening = bound_socket()
    front.port = listening.getsockname()[1]
    async with Supervisor() as supervisor:
        app = signals_first(listener, front.api)
        async with serve(app, listening, signals_before(listener, supervisor), **of_uvicorn):
            yield front
            for commit in front.intake.held:
                commit.release.set()


def head(path: str = "/ingest/v1/signals", method: str = "POST", *lines: str) -> bytes:
    given = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {TOKEN}", *lines]
    return ("\r\n".join(given) + "\r\n\r\n").encode()


def press(path: str = "/ingest/v1/signals", *lines: str) -> bytes:
    body = sos()
    return head(path, "POST", f"Content-Length: {len(body)}", *lines) + body


GET = head("/api/v1/me", "GET")


@pytest.mark.parametrize(
    "path",
    [
        "/ingest/v1/signals/",
        "//ingest//v1/signals",
        "/ingest/v1/signals?from=gateway",
        "/ingest/v1/signals/?",
        "/ingest/v1/%73ignals",
        "http://centre.example/ingest/v1/signals",
    ],
)
async def test_g3_no_signal_is_lost_for_the_way_its_path_is_written(front: Front, path: str):
    assert (await request(front.port, press(path))).status == 201
    assert front.asked == []


def with_length(length: int | None, body: bytes) -> bytes:
    lines = () if length is None else (f"Content-Length: {length}",)
    return head("/ingest/v1/signals", "POST", *lines) + body


async def test_g3_a_device_that_writes_no_carriage_returns_is_heard(front: Front):
    body = sos()
    sent = with_length(len(body), b"").replace(b"\r\n", b"\n") + body
    assert (await request(front.port, sent)).status == 201


@pytest.mark.parametrize("length", [None, 5_000], ids=["no length", "a length too long"])
@pytest.mark.parametrize("ends", [True, False])
async def test_g3_a_body_that_is_whole_rings_whatever_its_length_says(
    impatient: Front, length: int | None, ends: bool
):
    reader, writer = await impatient.connect()
    sent = with_length(length, sos())
    writer.write(sent[:-10])
    await writer.drain()
    writer.write(sent[-10:])
    if ends:
        writer.write_eof()
    answer = await read_answer(reader)
    assert (answer.status, answer.headers["connection"]) == (201, "close")
    assert "length_off" in impatient.intake.stored[0].flags
    writer.close()


async def test_a_body_that_was_cut_is_no_signal(front: Front):
    """A life sign that broke off would ring as unknown."""
    reader, writer = await front.connect()
    writer.write(with_length(200, b'{"id": "1", "device": "phone-0", "kind": "te'))
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    assert front.intake.stored == []


@pytest.mark.parametrize("path", ["/"])
async def test_other_paths_are_the_api_s(front: Front, path: str):
    assert (await request(front.port, press(path))).status == 404
    assert front.asked == [path]


async def test_a_connection_goes_over_to_the_api_and_signals_on_it_are_taken_still(front: Front):
    reader, writer = await front.connect()
    statuses = []
    for sent in (press(), press(), GET, press(), GET):
        writer.write(sent)
        statuses.append((await read_answer(reader)).status)
    assert statuses == [201, 201, 404, 201, 404]
    assert front.asked == ["/api/v1/me", "/api/v1/me"]
    writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(press().replace(b"\r\n", b"\n"), id="without carriage returns"),
        pytest.param(with_length(5_000, sos()), id="a length too long"),
        pytest.param(with_length(None, sos()), id="no length"),
        pytest.param(press("/ingest/v1/signals", "Connection: Upgrade", "Upgrade: h2c"), id="h2c"),
        pytest.param(b"\r\n" + press(), id="a blank line before it"),
    ],
)
async def test_g3_a_signal_is_heard_as_well_after_a_page_on_its_connection(
    front: Front, sent: bytes
):
    """Whatever a gateway asked for before on the connection that it keeps."""
    reader, writer = await front.connect()
    writer.write(GET)
    assert (await read_answer(reader)).status == 404
    writer.write(sent)
    assert (await read_answer(reader)).status == 201
    writer.close()


async def test_requests_sent_ahead_are_answered_in_their_order(front: Front):
    reader, writer = await front.connect()
    writer.write(press() + head(method="GET") + press() + GET + press() + GET)
    statuses = [(await read_answer(reader)).status for _ in range(6)]
    assert statuses == [201, 405, 201, 404, 201, 404]
    assert len(front.intake.stored) == 3
    writer.close()


async def test_a_request_in_single_bytes(front: Front):
    reader, writer = await front.connect()
    for byte in press():
        writer.write(bytes((byte,)))
        await writer.drain()
    assert (await read_answer(reader)).status == 201
    writer.close()


async def test_a_sender_who_waits_for_our_word_hears_it(front: Front):
    reader, writer = await front.connect()
    body = sos()
    lines = (f"Content-Length: {len(body)}", "Expect: 100-continue")
    writer.write(head("/ingest/v1/signals", "POST", *lines))
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(body)
    assert (await read_answer(reader)).status == 201
    writer.close()


async def test_a_sender_who_asks_first_is_spared_a_body_that_is_too_large(front: Front):
    lines = ("Content-Length: 70000", "Expect: 100-continue")
    answer = await request(front.port, head("/ingest/v1/signals", "POST", *lines))
    assert (answer.status, answer.headers["connection"]) == (413, "close")


@pytest.mark.parametrize("path", ["/ingest/v1/signals", "/api/v1/me"])
async def test_heads_are_bounded_wherever_they_go(front: Front, path: str):
    for lines in ([f"X-{n}: 1" for n in range(101)], ["X-A: " + "x" * 40_000]):
        assert (await request(front.port, head(path, "POST", *lines))).status == 431


async def test_the_head_of_a_later_request_is_bounded_too(front: Front):
    reader, writer = await front.connect()
    writer.write(GET)
    assert (await read_answer(reader)).status == 404
    writer.write(head("/api/v1/me", "GET", *(f"X-{n}: 1" for n in range(101))))
    assert (await read_answer(reader)).status == 431
    writer.close()


async def test_a_sender_who_closes_its_side_still_gets_all_its_answers(front: Front):
    reader, writer = await front.connect()
    writer.write(press() + press())
    writer.write_eof()
    assert [(await read_answer(reader)).status for _ in range(2)] == [201, 201]
    assert await reader.read() == b""
    writer.close()


async def test_a_press_is_stored_though_its_connection_is_gone(front: Front):
    front.intake.holding = True
    _, writer = await front.connect()
    writer.write(press() + press())
    await until(lambda: front.intake.held, "the press to reach intake")
    writer.transport.abort()
    front.intake.holding = False
    front.intake.held[0].release.set()
    await until(lambda: len(front.intake.stored) == 2, "both presses to be stored")


async def test_a_fault_of_ours_asks_for_a_repeat(front: Front):
    front.intake.broken = True
    answer = await request(front.port, press())
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


async def test_answers_carry_the_date(front: Front):
    assert "date" in (await request(front.port, press())).headers


async def test_a_body_that_does_not_come_in_time_is_given_up(impatient: Front):
    answer = await request(impatient.port, press()[:-5])
    assert (answer.status, answer.document["error"]["code"]) == (408, "too_slow")


async def test_to_head_only_a_head_is_answered(front: Front):
    """What follows it on the connection is the next answer, also for a proxy that shares it among its clients."""
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(press().replace(b"POST", b"HEAD") + press())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert (await read_answer(reader)).status == 201
    writer.close()


async def test_a_socket_of_a_seat_is_the_api_s(front: Front):
    async with connect(f"ws://127.0.0.1:{front.port}/ws/v1/seat", proxy=None) as socket:
        assert await socket.recv() == "hello"
    assert front.asked == ["/ws/v1/seat"]


async def test_over_tls_signals_and_the_api_share_a_connection(tmp_path: Path):
    certificate(["127.0.0.1"], folder=tmp_path)
    files = {"ssl_certfile": tmp_path / "server.pem", "ssl_keyfile": tmp_path / "server-key.pem"}
    trust = ssl.create_default_context(cafile=tmp_path / "authority.pem")
    async with open_front(**files) as front:
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=trust)
        statuses = []
        for sent in (press(), GET, press()):
            writer.write(sent)
            statuses.append((await read_answer(reader)).status)
        writer.close()
        async with connect(f"wss://127.0.0.1:{front.port}/ws", proxy=None, ssl=trust) as socket:
            assert await socket.recv() == "hello"
    assert statuses == [201, 404, 201]


async def test_bytes_that_are_no_http_get_a_clear_answer_at_once(front: Front):
    for rubbish in (b"\x16\x03\x01\x00\xa5", b"hello\r\n\r\n"):
        answer = await request(front.port, rubbish)
        assert answer.status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/ingest/v1/signals/",
        "//ingest/v1//signals",
        "/Ingest/V1/Signals",
        "/ingest/v1/signal",
        "/ingest/v1",
        "/ingest",
        "/ingestx",
        "/ingest/v2/signals?x=1",
        "/v1/signals",
        "/api/v1/signals",
        "/api/ingest/v1/signals",
        "/signal",
    ],
)
async def test_g3_a_signal_that_is_posted_near_its_path_rings_and_its_path_is_said(
    front: Front, path: str
):
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    body = sos()
    answer = await request(front.port, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert answer.status == 201
    odd = path not in ("/ingest/v1/signals/", "//ingest/v1//signals")
    assert ("path_odd" in front.intake.stored[0].flags) is odd
    assert front.asked == []


@pytest.mark.parametrize("path", ["/ingest/v1/signal", "/ingest/v1/signals", "/ingestx"])
async def test_a_stranger_s_signal_leaves_a_word_in_the_log_and_gets_nothing_to_show(
    front: Front, path: str, capsys: pytest.CaptureFixture[str]
):
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}"
    answer = await request(front.port, sent.encode())
    assert answer.status == 401
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    said = capsys.readouterr()
    assert "127.0.0.1" in said.out + said.err


@pytest.mark.parametrize(
    "path", ["/api/v1/incidents", "/signals/settings", "/hooks/kannel/x", "/login", "/"]
)
async def test_what_is_posted_elsewhere_is_the_api_s(front: Front, path: str):
    sent = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    assert (await request(front.port, sent.encode())).status == 404
    assert front.asked == [path]


async def test_a_page_near_the_path_of_signals_is_only_asked_for_by_browsers(front: Front):
    sent = "GET /ingestx HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    assert (await request(front.port, sent.encode())).status == 404
    assert front.asked == ["/ingestx"]
