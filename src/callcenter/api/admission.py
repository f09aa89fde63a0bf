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
from callcenter.core.errors import CallCenterError, Forbidden, Unavailable
from callcenter.core.fullness import Fullness
from callcenter.core.reserve import Reserve
from callcenter.dispatch.phone.guards import current_phone

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
PHONES: Final = "/api/v1/phone/"
"""Of those who are sent: they have a log-in of their own, which their routes ask for. What they send is small, but for photographs."""


class Admission:
    """Plain ASGI. Who is refused is told so at once, and the connection is closed on the rest of the body."""

    def __init__(self, app: ASGIApp, bounds: BodyBounds = USUAL) -> None:
        self._app = app
        self._bounds = bounds
        self._uploading: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
        """Of phones, and of users: those outside take nobody's place inside."""
        self._fullness = Fullness("limits.uploads_at_once", bounds.at_once, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or not is_guarded(scope):
            await self._app(scope, self._in_time_if_open(scope, receive), send)
            return
        upload = self._bounds.upload_at(scope["path"])
        try:
            who = await admitted(scope, upload)
            if upload is not None:
                _require_room(scope)
            async with self._place(who, upload):
                within_s = self._bounds.within_s_at(scope["path"])
                await self._app(scope, in_time(receive, within_s), send)
        except Refused as refused:
            await refuse(send, refused.error)

    @asynccontextmanager
    async def _place(self, who: int, upload: Upload | None) -> AsyncIterator[None]:
        if upload is None:
            yield
            return
        uploading = self._uploading[upload.right is None]
        if uploading[who] or uploading.total() >= self._bounds.at_once:
            error = Unavailable("Another file is being taken in: try again.", code="upload_running")
            raise Refused(error)
        uploading[who] += 1
        self._fullness.note(uploading.total())
        try:
            yield
        finally:
            uploading[who] -= 1

    def _in_time_if_open(self, scope: Scope, receive: Receive) -> Receive:
        path = scope.get("path", "")
        is_open = path in OPEN or path.startswith(PHONES)
        return in_time(receive, self._bounds.within_s) if is_open else receive


class Refused(Exception):
    """Before the application was asked."""

    def __init__(self, error: CallCenterError) -> None:
        super().__init__(error.message)
        self.error = error


def is_guarded(scope: Scope) -> bool:
    """Whether a body to this path needs a session before it is read."""
    path = str(scope["path"])
    if path.startswith(PHONES):
        return USUAL.upload_at(path) is not None
    return path.startswith("/api/v1/") and path not in OPEN


def _require_room(scope: Scope) -> None:
    """Raises Refused while the disk is nearly full."""
    reserve = context_of(Request(scope)).ports.get(Reserve)
    try:
        if isinstance(reserve, Reserve):
            reserve.require()
    except CallCenterError as error:
        raise Refused(error) from error


async def admitted(scope: Scope, upload: Upload | None) -> int:
    """Who asks, with session, token and right: a user, or of the staff whose phone it is. Raises Refused."""
    try:
        if upload is not None and upload.right is None:
            return (await current_phone(Request(scope))).staff_id
        principal = await current_user(Request(scope))
        if upload is not None and upload.right not in principal.actions:
            raise Forbidden(f"{upload.right} is not granted", action=str(upload.right))
    except CallCenterError as error:
        raise Refused(error) from error
    return principal.user_id


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
