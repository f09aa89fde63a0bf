"""Plain ASGI around the API: a fence for what nobody expected, a cap on bodies, headers for the browser.

None of it touches WebSockets, and requests with signals do not come here: the alarm path has its own caps and answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.body_bounds import USUAL, BodyBounds
from callcenter.api.errors import error_body, logged_path

log = structlog.get_logger(__name__)

_ONLY_TLS = "max-age=2592000"  # 30 days: a name that goes back to plain HTTP is not lost for ever


def _is_ours(scope: Scope) -> bool:
    return bool(scope["type"] == "http")


class Fence:
    """The last resort: an error that nobody expected is logged with its trace and answered without a word of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_ours(scope):
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            path = logged_path(scope["path"])
            log.exception("request_crashed", method=scope["method"], path=path)
            if started:
                raise  # half an answer is out; only the server can cut the connection
            await _send_error(send, HTTPStatus.INTERNAL_SERVER_ERROR, "internal")


class BodyLimit:
    """Refuses a body that is too large: at once where the length is announced, else as soon as it is exceeded."""

    def __init__(self, app: ASGIApp, bounds: BodyBounds = USUAL) -> None:
        self._app = app
        self._bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_ours(scope):
            await self._app(scope, receive, send)
            return
        largest = self._bounds.most_at(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > largest:
            await _send_error(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
            return
        await self._app(scope, _counted(receive, largest), send)


def _counted(receive: Receive, largest: int) -> Receive:
    read = 0

    async def receive_counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {largest} bytes"
            )
        return message

    return receive_counted


class SecurityHeaders:
    """Adds what keeps a browser to this server's own scripts, styles and addresses, whatever the answer. A route that needs
    another value sets the header itself.
    """

    def __init__(
        self, app: ASGIApp, framed_by: Iterable[str] = (), servers: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._headers = security_headers(framed_by, servers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_ours(scope):
            await self._app(scope, receive, send)
            return
        is_api = scope["path"].startswith("/api/")
        is_secure = scope.get("scheme") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if is_secure:  # from now on this name is never asked in clear
                    headers.setdefault("Strict-Transport-Security", _ONLY_TLS)
                if is_api:  # people's data stay in no cache
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def security_headers(framed_by: Iterable[str] = (), servers: Sequence[str] = ()) -> dict[str, str]:
    """`framed_by` are origins that may show the console in a frame, beside its own: the demo page. `servers` are those that a
    console may go on at.
    """
    theirs = [*servers, *(origin.replace("http", "ws", 1) for origin in servers)]
    policy = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(["'self' data: blob:", *servers]),
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "worker-src": "'self' blob:",  # the map library starts its workers from a blob
        "connect-src": " ".join(["'self'", *theirs]),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(["'self'", *framed_by]),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=(), autoplay=(self)",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-site" if servers else "same-origin",
    }


async def _send_error(send: Send, status: HTTPStatus, code: str) -> None:
    body = error_body(code, status.phrase, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
