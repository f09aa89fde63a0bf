"""An office that a newer server has taken over from changes nothing any more: its rules may be those of the release before."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.api.errors import error_body

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MESSAGE: Final = "A newer server works on this database; this one changes nothing any more. Go to the newer one, or upgrade this."


class NoChanges:
    """Plain ASGI. Call-backs of gateways and what the alarm process hands over go on: the next release reads their rows."""

    def __init__(self, app: ASGIApp, stands_back: Callable[[], bool]) -> None:
        self._app = app
        self._stands_back = stands_back

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._stands_back() and _changes(scope):
            await _refuse(send)
        else:
            await self._app(scope, receive, send)


def _changes(scope: Scope) -> bool:
    """Looking for words is reading, though it is posted."""
    if scope["type"] != "http" or not scope["path"].startswith("/api/"):
        return False
    return scope["method"] not in READING and not scope["path"].endswith("/search")


async def _refuse(send: Send) -> None:
    body = error_body("schema_newer", MESSAGE, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    status = int(HTTPStatus.SERVICE_UNAVAILABLE)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
