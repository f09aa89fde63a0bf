"""Requests with signals as an ASGI application: those that follow another request on a connection of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from callcenter.core import metrics
from callcenter.core.bare_answers import SAFE_HEADERS
from callcenter.devices.codec import Request, Response
from callcenter.listeners.http import (
    MAX_BODY_BYTES,
    MAX_DISCARDED_BYTES,
    HttpListener,
    Route,
    incomplete,
    too_large,
    too_slow,
    wrong_method,
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


def signals_first(listener: HttpListener, api: Asgi) -> Asgi:
    """The listener for the paths of its formats, the API for all others."""

    async def front(scope: Message, receive: Receive, send: Send) -> None:
        route = _route(listener, scope) if scope["type"] == "http" else None
        if route is None:
            await api(scope, receive, send)
        else:
            await _send(send, await _answer(listener, route, scope, receive))

    return front


def _route(listener: HttpListener, scope: Message) -> Route | None:
    return listener.route(scope["path"].encode("utf-8", "replace"), scope["method"].encode())


async def _answer(
    listener: HttpListener, route: Route, scope: Message, receive: Receive
) -> Response:
    if (method := scope["method"].encode()) != route.method:
        return wrong_method(route, method)
    try:
        body = await _body(receive, listener.bounds.within_s)
    except _NoBody as none:
        metrics.REFUSED.labels(route.name).inc()
        return none.response
    peer, _ = scope["client"] or ("unknown", 0)
    return await listener.answer(route, Request(dict(scope["headers"]), body), peer)


async def _send(send: Send, response: Response) -> None:
    length = (b"content-length", str(len(response.body)).encode())
    headers = [*response.headers, *SAFE_HEADERS, length]
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": response.body})


class _NoBody(Exception):
    """The body cannot be taken; `response` says why."""

    def __init__(self, response: Response) -> None:
        self.response = response


async def _body(receive: Receive, within_s: float) -> bytes:
    """The whole body. Raises _NoBody when it is too large, comes too slowly, or its sender went away."""
    try:
        async with asyncio.timeout(within_s):
            return await _in_pieces(receive)
    except TimeoutError:
        raise _NoBody(too_slow(within_s)) from None


async def _in_pieces(receive: Receive) -> bytes:
    """What is too large is read on for a while, so that its sender can read the answer."""
    chunks = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _NoBody(incomplete())
        chunk = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        if size > MAX_DISCARDED_BYTES:
            break
    if size > MAX_BODY_BYTES:
        raise _NoBody(too_large())
    return b"".join(chunks)
