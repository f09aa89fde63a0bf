"""Who may send a body, settled before a byte of it is read: session, token and right first, then a time, then a place.

A framework reads a body before it asks who sent it; for a stranger that is 32 MiB of work and a file on the disk.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.errors import error_body
from callcenter.auth.guards import SAFE_METHODS, current_user
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal
from callcenter.core.errors import CallCenterError, Forbidden, Unavailable

OPEN: Final = frozenset({"/api/v1/login"})
"""Who logs in has no session yet."""
BODY_WITHIN_S: Final = 20.0
"""A form is small."""
UPLOADS_AT_ONCE: Final = 4
"""Their bodies lie on the disk while they are read; each user has one."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A path with bodies of up to `most` bytes, which may take `within_s` seconds and need a right."""

    path: re.Pattern[str]
    most: int
    within_s: float
    right: Action


UPLOADS: Final = (
    Upload(
        re.compile(r"/api/v1/residents/import"),
        32 * 1024 * 1024,  # some 100,000 rows
        300.0,
        Action.IMPORT_RESIDENTS,
    ),
    Upload(
        re.compile(r"/api/v1/residents/\d+/photo"),
        3 * 1024 * 1024,  # the photo's own cap is 2 MiB
        60.0,
        Action.EDIT_RESIDENTS,
    ),
)


def upload_at(path: str) -> Upload | None:
    """The upload that goes to this path."""
    return next((upload for upload in UPLOADS if upload.path.fullmatch(path)), None)


class Admission:
    """Plain ASGI. Who is refused is told so at once, and the connection is closed on the rest of the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._uploading: Counter[int] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or not is_guarded(scope):
            await self._app(scope, _in_time_if_open(scope, receive), send)
            return
        upload = upload_at(scope["path"])
        try:
            principal = await admitted(scope, upload)
            async with self._place(principal, upload):
                within_s = upload.within_s if upload else BODY_WITHIN_S
                await self._app(scope, in_time(receive, within_s), send)
        except Refused as refused:
            await refuse(send, refused.error)

    @asynccontextmanager
    async def _place(self, principal: Principal, upload: Upload | None) -> AsyncIterator[None]:
        if upload is None:
            yield
            return
        user = principal.user_id
        if self._uploading[user] or self._uploading.total() >= UPLOADS_AT_ONCE:
            error = Unavailable("Another file is being taken in: try again.", code="upload_running")
            raise Refused(error)
        self._uploading[user] += 1
        try:
            yield
        finally:
            self._uploading[user] -= 1


class Refused(Exception):
    """Before the application was asked."""

    def __init__(self, error: CallCenterError) -> None:
        super().__init__(error.message)
        self.error = error


def is_guarded(scope: Scope) -> bool:
    """Whether a body to this path needs a session."""
    return str(scope["path"]).startswith("/api/v1/") and scope["path"] not in OPEN


def _in_time_if_open(scope: Scope, receive: Receive) -> Receive:
    return in_time(receive, BODY_WITHIN_S) if scope.get("path") in OPEN else receive


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
