"""What is read of a body before its request takes a place on the way to the office.

There are some hundred places, and a request keeps its own until its body is through: whoever sends slowly, or announces a body and
sends none, would close the office to everybody. So a stranger's body is read first, whole and small; anybody else has shown a session,
and is bound in time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.admission import (
    Refused,
    admitted,
    is_guarded,
    refuse,
    until,
)
from callcenter.api.body_bounds import USUAL, BodyBounds
from callcenter.api.errors import error_body
from callcenter.auth.guards import SAFE_METHODS

_OF_A_BODY: Final = (b"content-length", b"transfer-encoding", b"expect")


class BodiesFirst:
    """Plain ASGI before the office; `state_of` is the application whose context knows the sessions."""

    def __init__(self, office: ASGIApp, state_of: object, bounds: BodyBounds = USUAL) -> None:
        self._office = office
        self._state_of = state_of
        self._bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in SAFE_METHODS:
            await self._office(_without_body(scope), receive, send)
            return
        try:
            ready = await self._read(scope, receive)
        except Refused as refused:
            await refuse(send, refused.error)
        except TimeoutError:
            await _answer(send, HTTPStatus.REQUEST_TIMEOUT, "too_slow")
        except _TooLarge:
            await _answer(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        else:
            await self._office(scope, ready, send)

    async def _read(self, scope: Scope, receive: Receive) -> Receive:
        bounds = self._bounds
        if not is_guarded(scope):
            if _announced(scope) > bounds.strangers_most:
                raise _TooLarge
            messages, complete = await self._ahead(receive, bounds.strangers_within_s)
            if not complete:
                raise _TooLarge
            return _then(messages, receive)
        path = scope["path"]
        await admitted({**scope, "app": self._state_of}, bounds.upload_at(path))
        within_s = bounds.within_s_at(path)
        due = asyncio.get_running_loop().time() + within_s
        messages, complete = await self._ahead(receive, within_s)
        return _then(messages, receive if complete else until(due, receive, _gone))

    async def _ahead(self, receive: Receive, within_s: float) -> tuple[list[Message], bool]:
        """The first of a body, and whether it is all of it. Raises TimeoutError."""
        messages: list[Message] = []
        size, more, most = 0, True, self._bounds.strangers_most
        async with asyncio.timeout(within_s):
            while more and size <= most:
                message = await receive()
                messages.append(message)
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
        return messages, not more and size <= most


class _TooLarge(Exception):
    """More than a stranger may send."""


def _announced(scope: Scope) -> int:
    """Bytes of the body, as far as its sender says; who waits for our word hears a refusal before sending any."""
    said = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in said if value.isdigit()), default=0)


def _then(messages: Sequence[Message], receive: Receive) -> Receive:
    waiting = list(reversed(messages))

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _gone(_error: TimeoutError) -> Message:
    """Who is late counts as gone: an answer may be on its way already."""
    return {"type": "http.disconnect"}


def _without_body(scope: Scope) -> dict[str, Any]:
    """A reading has none that means anything, whatever it announces."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in _OF_A_BODY]}


async def _answer(send: Send, status: HTTPStatus, code: str) -> None:
    body = error_body(code, status.phrase, {})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
