"""Who may send a body, settled before a byte of it is read: session, token and right first, then a time, then a place.

A framework reads a body before it asks who sent it; for a stranger that is 32 MiB of work and a file on the disk.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.body_bounds import USUAL, BodyBounds, Upload
from callcenter.api.errors import error_body
from callcenter.auth.guards import SAFE_METHODS, context_of, current_user
from callcenter.auth.sessions import Principal
from callcenter.core.errors import CallCenterError, Forbidden, Unavailable
from callcenter.core.fullness import Fullness
from callcenter.core.reserve import Reserve

OPEN: Final = frozenset(
    {
        "/api/v1/login",
        "/api/v1/login/slip",
        "/api/v1/wall/pair",
        "/api/v1/first-start",
        "/api/v1/field/positions",
    }
)
"""Who logs in, becomes a screen, or makes the first accounts of a site has no session yet; a tracker has the token of a source."""


class Admission:
    """Plain ASGI. Who is refused is told so at once, and the connection is closed on the rest of the body."""

    def __init__(self, app: ASGIApp, bounds: BodyBounds = USUAL) -> None:
        self._app = app
        self._bounds = bounds
        self._uploading: Counter[int] = Counter()
        self._fullness = Fullness("limits.uploads_at_once", bounds.at_once, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or not is_guarded(scope):
            await self._app(scope, self._in_time_if_open(scope, receive), send)
            return
        upload = self._bounds.upload_at(scope["path"])
        try:
            principal = await admitted(scope, upload)
            if upload is not None:
                _require_room(scope)
            async with self._place(principal, upload):
                within_s = self._bounds.within_s_at(scope["path"])
                await self._app(scope, in_time(receive, within_s), send)
        except Refused as refused:
            await refuse(send, refused.error)

    @asynccontextmanager
    async def _place(self, principal: Principal, upload: Upload | None) -> AsyncIterator[None]:
        if upload is None:
            yield
            return
        user = principal.user_id
        if self._uploading[user] or self._uploading.total() >= self._bounds.at_once:
            error = Unavailable("Another file is being taken in: try again.", code="upload_running")
            raise Refused(error)
        self._uploading[user] += 1
        self._fullness.note(self._uploading.total())
        try:
            yield
        finally:
            self._uploading[user] -= 1

    def _in_time_if_open(self, scope: Scope, receive: Receive) -> Receive:
        is_open = scope.get("path") in OPEN
        return in_time(receive, self._bounds.within_s) if is_open else receive


class Refused(Exception):
    """Before the application was asked."""

    def __init__(self, error: CallCenterError) -> None:
        super().__init__(error.message)
        self.error = error


def is_guarded(scope: Scope) -> bool:
    """Whether a body to this path needs a session."""
    return str(scope["path"]).startswith("/api/v1/") and scope["path"] not in OPEN


def _require_room(scope: Scope) -> None:
    """Raises Refused while the disk is nearly full."""
    reserve = context_of(Request(scope)).ports.get(Reserve)
    try:
        if isinstance(reserve, Reserve):
            reserve.require()
    except CallCenterError as error:
        raise Refused(error) from error


async def admitted(scope: Scope, upload: Upload | None) -> Principal:
    """Who asks, with session, token and right. Raises Refused."""
    try:
        principal = await current_user(Request(scope))
        if upload is not None and upload.right not in principal.actions:
            raise Forbidden(f"{upload.right} is not granted", action=upload.right.value)
    except CallCenterError as error:
        raise Refused(error) from error
    return principal


def in_time(receive: Receive, within_s: float) -> Receive:
    """Within this time from here on, or the reader answers 408."""

    def too_late(error: TimeoutError) -> Message:
        detail = f"the body did not come within {within_s:g} s"
        closing = {"Connection": "close"}
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, detail, closing) from error

    return until(asyncio.get_running_loop().time() + within_s, receive, too_late)


def until(due: float, receive: Receive, too_late: Callable[[TimeoutError], Message]) -> Receive:
    """The whole body must come by then (loop time, s), or `too_late` ends it; what comes behind it, such as the end of the
    connection, may wait.
    """
    complete = False

    async def receive_until() -> Message:
        nonlocal complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(due):
                message = await receive()
        except TimeoutError as error:
            return too_late(error)
        complete = not message.get("more_body", False)
        return message

    return receive_until


async def refuse(send: Send, error: CallCenterError) -> None:
    """Answer at once, and close the connection on what is still to come."""
    body = error_body(error.code, error.message, error.params)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if isinstance(error, Unavailable):
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": error.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
