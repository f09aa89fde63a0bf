"""The second listener as an ASGI application: the list of what is carried, the pace of each address, whole bodies, the way on.

Bodies are read whole before a request takes a place on the way to the office, and answers are taken whole from it: whoever sends or
reads slowly from outside keeps a connection of this process and nothing of the office.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.errors import error_body
from callcenter.api.outside.carried import FAMILY, READING, Carried, Way
from callcenter.api.outside.pace import Pace
from callcenter.core import metrics

log = structlog.get_logger(__name__)

TELL_EVERY_S: Final = 60.0
_OF_A_BODY: Final = (b"content-length", b"transfer-encoding", b"expect")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of a body, seconds for it, bodies read at once; bytes of an answer and seconds that the office may take for it."""

    body_most: int = 4 * 1024 * 1024
    body_within_s: float = 60.0
    bodies_at_once: int = 16
    answer_most: int = 8 * 1024 * 1024
    answer_within_s: float = 30.0


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, code: str, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.wait_s = wait_s


_NOT_HERE: Final = (HTTPStatus.NOT_FOUND, "not_found", "There is no such page.")
_TOO_FAST: Final = (HTTPStatus.TOO_MANY_REQUESTS, "too_fast", "Too many requests: wait a moment.")
_TOO_LARGE: Final = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The body is too large.")
_TOO_SLOW: Final = (HTTPStatus.REQUEST_TIMEOUT, "too_slow", "The body did not come in time.")
_BUSY: Final = (HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Too many uploads at once: try again.")
_AWAY: Final = (HTTPStatus.SERVICE_UNAVAILABLE, "office_away", "No answer now: try again.")


class Outside:
    """Plain ASGI. `away_page` is what a family reads while the office does not answer."""

    def __init__(
        self,
        carried: Carried,
        pace: Pace,
        files: ASGIApp,
        office: ASGIApp,
        monotonic: Callable[[], float],
        away_page: bytes,
        bounds: Bounds = Bounds(),
    ) -> None:
        self._carried = carried
        self._pace = pace
        self._files = files
        self._office = office
        self._monotonic = monotonic
        self._away_page = away_page
        self._bounds = bounds
        self._reading = 0
        self._refused: Counter[str] = Counter()
        self._told_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
        ):  # no socket is ever begun by the protocol; were one, it ends here
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            await self._answer(scope, receive, send)
        except _Refused as refused:
            self._count(refused.code, scope)
            await _refuse(send, refused)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        way = self._carried.way(scope["method"], scope["raw_path"])
        if way is None or scope["raw_path"] != scope["path"].encode():
            raise _Refused(*_NOT_HERE)
        wait_s = self._pace.wait_s((scope["client"] or ("",))[0], self._monotonic())
        if wait_s > 0:
            raise _Refused(*_TOO_FAST, wait_s)
        metrics.OUTSIDE.labels(way.value).inc()
        if way is Way.FILE:
            await self._files(scope, receive, send)
        else:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in READING:
            scope, body = _without_body(scope), b""
        else:
            body = await self._read(scope, receive)
            scope = _with_body(scope, body)
        answer = await self._answered(scope, body)
        if _is_away(answer) and scope["path"].startswith(FAMILY):
            answer = _as_page(self._away_page)
        for message in answer:
            await send(message)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body. Raises _Refused."""
        if _announced(scope) > self._bounds.body_most:
            raise _Refused(*_TOO_LARGE)
        if self._reading >= self._bounds.bodies_at_once:
            raise _Refused(*_BUSY, 2.0)
        self._reading += 1
        try:
            async with asyncio.timeout(self._bounds.body_within_s):
                return await self._whole(receive)
        except TimeoutError:
            raise _Refused(*_TOO_SLOW) from None
        finally:
            self._reading -= 1

    async def _whole(self, receive: Receive) -> bytes:
        pieces = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Refused(*_TOO_SLOW)
            pieces += message.get("body", b"")
            if len(pieces) > self._bounds.body_most:
                raise _Refused(*_TOO_LARGE)
            more = message.get("more_body", False)
        return bytes(pieces)

    async def _answered(self, scope: Scope, body: bytes) -> Sequence[Message]:
        """All of the office's answer. Raises _Refused."""
        answer: list[Message] = []
        size = 0

        async def take(message: Message) -> None:
            nonlocal size
            answer.append(message)
            size += len(message.get("body", b""))
            if size > self._bounds.answer_most:
                raise _Refused(*_AWAY, 2.0)

        try:
            async with asyncio.timeout(self._bounds.answer_within_s):
                await self._office(scope, _said(body), take)
        except TimeoutError:
            raise _Refused(*_AWAY, 2.0) from None
        return answer

    def _count(self, reason: str, scope: Scope) -> None:
        """Each is counted; the log tells once a minute what came together."""
        metrics.OUTSIDE.labels(reason).inc()
        self._refused[reason] += 1
        now = self._monotonic()
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            log.warning(
                "outside_refused", last_address=(scope["client"] or ("",))[0], **self._refused
            )
            self._refused.clear()


def _said(body: bytes) -> Receive:
    """The body once, and then nothing: that the client hangs up ends nothing that it has sent in full."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        raise AssertionError("nothing sets this event")

    return receive


def _announced(scope: Scope) -> int:
    said = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in said if value.isdigit()), default=0)


def _without_body(scope: Scope) -> dict[str, Any]:
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in _OF_A_BODY]}


def _with_body(scope: Scope, body: bytes) -> dict[str, Any]:
    bare = _without_body(scope)
    bare["headers"].append((b"content-length", str(len(body)).encode()))
    return bare


def _is_away(answer: Sequence[Message]) -> bool:
    """503 in the shape of every refusal, which no family should have to read."""
    if not answer or answer[0]["status"] != HTTPStatus.SERVICE_UNAVAILABLE:
        return False
    return dict(answer[0]["headers"]).get(b"content-type") == b"application/json"


def _as_page(page: bytes) -> Sequence[Message]:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-robots-tag", b"noindex, nofollow"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"retry-after", b"5"),
    ]
    status = int(HTTPStatus.SERVICE_UNAVAILABLE)
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": page},
    )


async def _refuse(send: Send, refused: _Refused) -> None:
    body = error_body(refused.code, refused.message, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if refused.wait_s:
        headers.append((b"retry-after", str(ceil(refused.wait_s)).encode()))
    await send({"type": "http.response.start", "status": int(refused.status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
