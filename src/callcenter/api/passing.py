"""The alarm process's way to the office: requests that are not its own go on over a Unix socket, streamed both ways.

Nothing here waits for an office that is not there: while it does not answer its pings, requests are refused with 503 at once,
and those that wait for its first word are refused, too. Alarms do not pass here.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.errors import error_body, logged_path
from callcenter.core.fullness import Fullness
from callcenter.core.supervisor import unless

log = structlog.get_logger(__name__)

CLIENT_HEADER: Final = b"x-callcenter-client"
"""host|port|scheme as the alarm process saw them. From anybody else it is dropped."""
INTERNAL: Final = "/internal"
"""Addresses of the office that this process alone may use."""
PING_EVERY_S: Final = 0.5
PING_WITHIN_S: Final = 5.0
"""One long step of the office is no reason to send people away."""
RETRY_AFTER_S: Final = 2
LOG_IN: Final = "/api/v1/login"
LOG_INS: Final = frozenset({LOG_IN, "/api/v1/login/slip"})
BACKLOG: Final = 320
"""Connections that the office need not have accepted yet."""
DOCUMENTS: Final = frozenset({"/docs", "/docs.css", "/openapi.json"})
"""What strangers get that is large: whoever asks for it and does not read keeps no page from passing."""

_HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""RFC 9110, 7.6.1: these end at each connection."""
_NOT_PASSED_ON: Final = _HOP_BY_HOP | {CLIENT_HEADER, b"expect"}
_NOT_PASSED_BACK: Final = _HOP_BY_HOP | {b"date", b"server"}
_NO_AUTHORITIES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""A Unix socket is not encrypted. Left to itself each transport reads all authorities of the machine, and alarms wait for it."""
_FAULTS: Final = (httpx.TransportError, OSError)


@dataclass(frozen=True, slots=True)
class Width:
    """How many requests pass at once, and how many more wait for their turn. Log-ins wait in the office, which is fair to
    addresses; here they keep no page from passing.
    """

    pages: int = 64
    pages_waiting: int = 256
    log_ins: int = 1024
    documents: int = 4


class _Line:
    """So many requests at once on their own connections; `waiting` more wait for one of these to end."""

    def __init__(self, path: Path, at_once: int, waiting: int, limit: str) -> None:
        limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=16)
        self.transport = httpx.AsyncHTTPTransport(
            uds=str(path), limits=limits, verify=_NO_AUTHORITIES
        )
        self._turn = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._under_way = 0
        self._fullness = Fullness(limit, self._most, time.monotonic)

    @property
    def is_full(self) -> bool:
        return self._under_way >= self._most

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        self._under_way += 1
        self._fullness.note(self._under_way)
        try:
            async with self._turn:
                yield
        finally:
            self._under_way -= 1


class Office:
    """The office as the alarm process sees it: an ASGI application, and whether it answers."""

    def __init__(self, path: Path, width: Width = Width()) -> None:
        self._pages = _Line(path, width.pages, width.pages_waiting, "limits.pages_waiting")
        self._log_ins = _Line(path, width.log_ins, 0, "limits.log_ins_at_once")
        self._documents = _Line(
            path, width.documents, width.pages_waiting, "limits.documents_at_once"
        )
        self._pings = httpx.AsyncHTTPTransport(uds=str(path), verify=_NO_AUTHORITIES)
        self._away = asyncio.Event()
        self._away.set()

    @property
    def answers(self) -> bool:
        """Whether it did at the last ping."""
        return not self._away.is_set()

    async def watch(self) -> None:
        """Ping it for ever. A task of the supervisor."""
        while True:
            there = await self.ask("/healthz") is not None
            if there and not self.answers:
                log.warning("office_answers")
                self._away.clear()
            elif not there and self.answers:
                log.warning("office_away")
                self._away.set()
            await asyncio.sleep(PING_EVERY_S)

    async def ask(self, path: str) -> bytes | None:
        """A page of its own, for this process; None when it does not come within `PING_WITHIN_S`."""
        headers = [(CLIENT_HEADER, b"127.0.0.1|0|http")]
        request = httpx.Request("GET", f"http://office{path}", headers=headers)
        try:
            async with asyncio.timeout(PING_WITHIN_S):
                response = await self._pings.handle_async_request(request)
                body = await response.aread()
        except (TimeoutError, *_FAULTS):
            return None
        return body if response.status_code == HTTPStatus.OK else None

    async def give(self, path: str, document: bytes) -> bytes | None:
        """Something of this process's own, for an internal address; None when no answer comes within `PING_WITHIN_S`."""
        headers = [
            (CLIENT_HEADER, b"127.0.0.1|0|http"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(document)).encode()),
        ]
        url = f"http://office{INTERNAL}{path}"
        request = httpx.Request("POST", url, headers=headers, content=document)
        try:
            async with asyncio.timeout(PING_WITHIN_S):
                response = await self._pings.handle_async_request(request)
                body = await response.aread()
        except (TimeoutError, *_FAULTS):
            return None
        return body if response.status_code == HTTPStatus.OK else None

    async def close(self) -> None:
        await self._pages.transport.aclose()
        await self._log_ins.transport.aclose()
        await self._documents.transport.aclose()
        await self._pings.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one HTTP request on, or refuse it."""
        if scope["path"].startswith(INTERNAL):
            await refuse(send, "not_found", "There is no such page.", HTTPStatus.NOT_FOUND)
            return
        if not self.answers:
            await refuse(send, "office_away", "This part of the server is being started again.")
            return
        line = self._line_for(scope["path"])
        if line.is_full:
            await refuse(send, "office_busy", "Too many requests are waiting.")
            return
        async with line.place():
            await self._pass(line.transport, scope, _Body(receive), send)

    def _line_for(self, path: str) -> _Line:
        if path in DOCUMENTS:
            return self._documents
        return self._log_ins if path in LOG_INS else self._pages

    async def _pass(
        self, transport: httpx.AsyncBaseTransport, scope: Scope, body: _Body, send: Send
    ) -> None:
        request = _request(scope, body)
        try:
            response = await unless(
                transport.handle_async_request(request), self._away.wait(), body.client_gone()
            )
        except _FAULTS as error:
            log.warning("office_failed", path=logged_path(scope["path"]), error=repr(error))
            response = None
        if response is None:
            await refuse(send, "office_away", "This part of the server does not answer now.")
            return
        try:
            await _pass_back(response, body, send)
        finally:
            await response.aclose()


class _Body:
    """The client's side of one request: its body once, then the news that it is gone."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = asyncio.Event()
        self._gone = asyncio.Event()

    async def chunks(self) -> AsyncIterator[bytes]:
        """What the client sends, piece by piece: the next is asked for when the office has taken the last."""
        more = True
        while more:
            message: Message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone.set()
                raise httpx.WriteError("the client is gone")
            yield message.get("body", b"")
            more = message.get("more_body", False)
        self._read.set()

    def is_empty(self) -> None:
        """There is none to be read."""
        self._read.set()

    async def client_gone(self) -> None:
        """Until the client hangs up. While its body is read, whoever reads it notices."""
        await self._read.wait()
        while not self._gone.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone.set()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, body: _Body) -> None:
        self._body = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._body.chunks()


def _request(scope: Scope, body: _Body) -> httpx.Request:
    headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_PASSED_ON]
    headers.append((CLIENT_HEADER, _client_of(scope)))
    given = dict(scope["headers"])
    stream: httpx.AsyncByteStream | None = None
    if given.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in given:
        stream = _Stream(body)
        if b"content-length" not in given:
            headers.append((b"transfer-encoding", b"chunked"))
    else:
        body.is_empty()
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    url = httpx.URL("http://office").copy_with(raw_path=target)
    return httpx.Request(scope["method"], url, headers=headers, stream=stream)


def _client_of(scope: Scope) -> bytes:
    host, port = scope["client"] or ("", 0)
    return f"{host}|{port}|{scope['scheme']}".encode()


async def _pass_back(response: httpx.Response, body: _Body, send: Send) -> None:
    """Piece by piece: the next is read when the client has taken the last."""
    headers = [(k.lower(), v) for k, v in response.headers.raw if k.lower() not in _NOT_PASSED_BACK]
    status = response.status_code
    await send({"type": "http.response.start", "status": status, "headers": headers})
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - of an async transport
    await unless(_send_chunks(response.stream, send), body.client_gone())


async def _send_chunks(chunks: AsyncIterator[bytes] | httpx.AsyncByteStream, send: Send) -> None:
    async for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def refuse(
    send: Send,
    code: str,
    message: str,
    status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE,
) -> None:
    """Answer in the shape of every refusal."""
    body = error_body(code, message, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(RETRY_AFTER_S).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


# ---- the office's end


def bind_unix(path: Path) -> socket.socket:
    """The office's socket, listening, at a path in a folder that only this user enters."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def as_passed(application: ASGIApp) -> ASGIApp:
    """The office's application, seeing the client that the alarm process saw."""

    async def restored(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, **_restored(scope["headers"])}
        await application(scope, receive, send)

    return restored


def _restored(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, Any]:
    host, port, scheme = dict(headers)[CLIENT_HEADER].decode().rsplit("|", 2)
    return {"client": (host, int(port)), "scheme": scheme}


def passing(own: Callable[[Scope], bool], alarm: ASGIApp, office: ASGIApp) -> ASGIApp:
    """What the alarm process serves: its own, and the way to the office for the rest."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        mine = scope["type"] != "http" or own(scope)
        await (alarm if mine else office)(scope, receive, send)

    return front
