"""Pages of the office while the database says nothing: refused at once, instead of waiting for it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from callcenter.api.errors import RETRY_AFTER_S, error_body
from callcenter.api.passing import INTERNAL

NEEDS_NO_DATABASE: Final = ("/hooks/", f"{INTERNAL}/", "/metrics", "/healthz")
"""What gateways call is kept on the disk (`sms/kept.py`), and texts without rows are sent without it."""


def unless_silent(application: ASGIApp, is_silent: Callable[[], bool]) -> ASGIApp:
    """Answers 503 `database_away` with Retry-After while it is silent; read-only it answers, and pages that read do."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_silent() or _goes_on(scope["path"]):
            await application(scope, receive, send)
            return
        await _refuse(send)

    return front


def _goes_on(path: str) -> bool:
    return path.startswith(NEEDS_NO_DATABASE)


async def _refuse(send: Send) -> None:
    body = error_body(
        "database_away", "The database does not answer now: try again when it does.", {}
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(int(RETRY_AFTER_S)).encode()),
        (b"cache-control", b"no-store"),
    ]
    status = int(HTTPStatus.SERVICE_UNAVAILABLE)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
