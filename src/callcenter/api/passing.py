"""The alarm process's way to the office: requests that are not its own go on over a Unix socket, streamed both ways.

Nothing here waits for an office that is not there: while it does not answer its pings, requests are refused with 503 at once,
and those that wait for its first word are refused, too. Alarms do not pass here.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.errors import error_body, logged_path
from callcenter.api.hop import Exchange, Head, Headers, Hop, Lost, request_head
from callcenter.core.fullness import Fullness
from callcenter.core.supervisor import beside

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
_NOT_PASSED_ON: Final = _HOP_BY_HOP | {CLIENT_HEADER, b"expect", b"content-length"}
"""How long the body is, is said anew: by us, and once."""
_NOT_PASSED_BACK: Final = _HOP_BY_HOP | {b"date", b"server"}
_HOST: Final = (b"host", b"office")
_OURSELVES: Final = (CLIENT_HEADER, b"127.0.0.1|0|http")


class _ClientGone(OSError):
    """It has hung up, or counts as gone."""


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
        self.hop = Hop(path)
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
        self._own = Hop(path)
        self._answers = False
        self._unanswered: set[Exchange] = set()

    @property
    def answers(self) -> bool:
        """Whether it did at the last ping."""
        return self._answers

    async def watch(self) -> None:
        """Ping it for ever. A task of the supervisor."""
        while True:
            there = await self.ask("/healthz") is not None
            if there and not self.answers:
                log.warning("office_answers")
                self._answers = True
            elif not there and self.answers:
                log.warning("office_away")
                self._answers = False
                self._refuse_all()
            await asyncio.sleep(PING_EVERY_S)

    def _refuse_all(self) -> None:
        """Who waits for its first word."""
        for exchange in self._unanswered:
            exchange.fail(Lost("it does not answer its pings"))

    async def ask(self, path: str) -> bytes | None:
        """A page of its own, for this process; None when it does not come within `PING_WITHIN_S`."""
        return await self._asked(request_head("GET", path.encode(), [_HOST, _OURSELVES]))

    async def give(self, path: str, document: bytes) -> bytes | None:
        """Something of this process's own, for an internal address; None when no answer comes within `PING_WITHIN_S`."""
        length = (b"content-length", str(len(document)).encode())
        headers = [_HOST, _OURSELVES, (b"content-type", b"application/json"), length]
        return await self._asked(
            request_head("POST", f"{INTERNAL}{path}".encode(), headers) + document
        )

    async def _asked(self, request: bytes) -> bytes | None:
        try:
            async with asyncio.timeout(PING_WITHIN_S), self._own.exchange(request) as exchange:
                head, body = await exchange.head(), b""
                more = True
                while more:
                    piece, more = await exchange.piece()
                    body += piece
        except (TimeoutError, OSError):
            return None
        return body if head.status == HTTPStatus.OK else None

    async def close(self) -> None:
        for hop in (self._pages.hop, self._log_ins.hop, self._documents.hop, self._own):
            hop.close()

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
            await self._pass(line.hop, scope, receive, send)

    def _line_for(self, path: str) -> _Line:
        if path in DOCUMENTS:
            return self._documents
        return self._log_ins if path in LOG_INS else self._pages

    async def _pass(self, hop: Hop, scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False
        try:
            length = _length_of(scope["headers"])
            begun, is_all = _begun(scope, length), length == 0
            async with (
                hop.exchange(begun, is_all=is_all, goes_on=lambda: self._answers) as exchange,
                beside(_speak(exchange, length, receive)),
            ):
                head = await self._first_word(exchange)
                is_answered = True
                await _pass_back(head, exchange, send)
        except OSError as error:
            is_gone = isinstance(error, _ClientGone)
            if is_answered and not is_gone:
                raise  # half an answer is out; only the server can cut the connection
            if not is_gone:
                log.warning("office_failed", path=logged_path(scope["path"]), error=repr(error))
            if not is_answered:  # also to who is gone: whoever was late counts as that
                await refuse(send, "office_away", "This part of the server does not answer now.")

    async def _first_word(self, exchange: Exchange) -> Head:
        """Raises OSError, at once when the office is found to be away."""
        if not self._answers:
            raise Lost("it went away before this had its turn")
        self._unanswered.add(exchange)
        try:
            return await exchange.head()
        finally:
            self._unanswered.discard(exchange)


async def _speak(exchange: Exchange, length: int | None, receive: Receive) -> None:
    """The client's side: its body, the next piece when the last is out, and then the news that it is gone. `length` None: unknown."""
    try:
        left, more = length, length != 0
        while more:
            piece, more = await _said(receive)
            if left is not None:
                left -= len(piece)
                _check(left, more=more)
            await exchange.sent(_on_the_wire(piece, length, more=more), is_last=not more)
        while True:
            await _said(receive)
    except Exception as error:  # noqa: BLE001 - whatever it is: who waits for the answer must hear of it
        exchange.fail(error)


async def _said(receive: Receive) -> tuple[bytes, bool]:
    """A piece of the body, and whether more comes. Raises _ClientGone."""
    message: Message = await receive()
    if message["type"] == "http.disconnect":
        raise _ClientGone("the client is gone")
    return message.get("body", b""), message.get("more_body", False)


def _check(left: int, *, more: bool) -> None:
    """Raises Lost for a body that is longer or shorter than announced: the rest would be read as a request."""
    if left < 0 or (left > 0 and not more):
        raise Lost("the body has another length than was announced")


def _on_the_wire(piece: bytes, length: int | None, *, more: bool) -> bytes:
    if length is not None:
        return piece
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece) if piece else b""
    return chunk if more else chunk + b"0\r\n\r\n"


def _length_of(headers: Headers) -> int | None:
    """Of the body, in bytes; None: only its end will tell. Raises Lost where two lengths are said, or none that is one."""
    if any(name == b"transfer-encoding" for name, _ in headers):
        return None
    said = {value for name, value in headers if name == b"content-length"} or {b"0"}
    length = said.pop()
    if said or not length.isdigit():
        raise Lost("the length of the body is not a number")
    return int(length)


def _begun(scope: Scope, length: int | None) -> bytes:
    """The head of the request as the office gets it."""
    headers = [pair for pair in scope["headers"] if pair[0] not in _NOT_PASSED_ON]
    headers.append((CLIENT_HEADER, _client_of(scope)))
    if length is None:
        headers.append((b"transfer-encoding", b"chunked"))
    else:
        headers.append((b"content-length", b"%d" % length))
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    return request_head(scope["method"], target, headers)


def _client_of(scope: Scope) -> bytes:
    host, port = scope["client"] or ("", 0)
    return f"{host}|{port}|{scope['scheme']}".encode()


async def _pass_back(head: Head, exchange: Exchange, send: Send) -> None:
    """Piece by piece: the next is read when the client has taken the last."""
    headers = [pair for pair in head.headers if pair[0] not in _NOT_PASSED_BACK]
    await send({"type": "http.response.start", "status": head.status, "headers": headers})
    more = True
    while more:
        piece, more = await exchange.piece()
        await send({"type": "http.response.body", "body": piece, "more_body": more})


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
