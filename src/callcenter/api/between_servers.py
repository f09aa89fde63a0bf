"""A console goes on at another server than the one that its page came from: those of the same list may ask each other's API.

Only the addresses of the settings, never a pattern; with the cookie, which the browser sends among names of one site alone,
and with the CSRF token as ever.
"""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
SENT: Final = "Content-Type, X-CSRF-Token, Accept"
READ: Final = "Retry-After, Content-Disposition"
REMEMBERED_S: Final = 600


class BetweenServers:
    """Plain ASGI, for requests; sockets check their Origin themselves."""

    def __init__(self, app: ASGIApp, servers: Collection[str]) -> None:
        self._app = app
        self._servers = frozenset(servers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if origin not in self._servers:
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _permit(send, origin)
        else:
            await self._app(scope, receive, _permitted(send, origin))


def _permitted(send: Send, origin: str) -> Send:
    async def with_permission(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_permission(origin))
            headers["Access-Control-Expose-Headers"] = READ
        await send(message)

    return with_permission


async def _permit(send: Send, origin: str) -> None:
    """The question that a browser asks before."""
    said = {
        **_permission(origin),
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": SENT,
        "Access-Control-Max-Age": str(REMEMBERED_S),
        "Content-Length": "0",
    }
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    status = int(HTTPStatus.NO_CONTENT)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _permission(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }
