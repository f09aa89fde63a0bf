"""Requests with signals, served below ASGI: from the bytes of a connection to the listener and back.

Every connection of the HTTP server begins here. A request for the path of a format is read, answered and followed by the
next; at the first one for anything else the connection, with all bytes that are not answered yet, is handed to the
protocol of the API, which gives it back with the request that follows its answers. What was sent ahead of them stays there
(http_beside).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, cast

from callcenter.core import metrics
from callcenter.core.bare_answers import SAFE_HEADERS
from callcenter.core.supervisor import Supervisor
from callcenter.devices.codec import Request, Response
from callcenter.listeners.http import (
    CLOSING,
    LENGTH_OFF,
    MAX_BODY_BYTES,
    MAX_DISCARDED_BYTES,
    HttpListener,
    Route,
    refusal,
    too_large,
    too_slow,
    wrong_method,
)
from callcenter.listeners.http_reading import (
    Head,
    HeadTooLarge,
    Malformed,
    OpenBody,
    drop_blank_lines,
    method_of,
    take_head,
    target_of,
)
from callcenter.listeners.one_by_one import OneByOne
from callcenter.listeners.places import Places, peer_of

MAX_WAITING_BYTES: Final = 64 * 1024
"""Requests that a sender sends ahead of their answers; beyond it is not read."""

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"

Headers = Iterable[tuple[bytes, bytes]]
HandOver = Callable[[Callable[[bytes], None]], asyncio.Protocol]
"""Makes the API's protocol, which calls what it is given with the bytes of a later request."""


class SignalProtocol(asyncio.Protocol):
    """One connection. `hand_over` makes the API's protocol; `connections` are those that a stopping server waits for."""

    __slots__ = (
        "_answering",
        "_bounds",
        "_buffer",
        "_connections",
        "_deadline",
        "_ended",
        "_given_away",
        "_hand_over",
        "_head",
        "_headers",
        "_last",
        "_listener",
        "_loop",
        "_pages",
        "_paused",
        "_peer",
        "_places",
        "_route",
        "_supervisor",
        "_timer",
        "_transport",
        "_write_full",
    )

    def __init__(
        self,
        listener: HttpListener,
        supervisor: Supervisor,
        hand_over: HandOver,
        connections: set[Any],
        headers: Callable[[], Headers],
        places: Places,
        pages: OneByOne,
    ) -> None:
        self._listener = listener
        self._bounds = listener.bounds
        self._supervisor = supervisor
        self._hand_over = hand_over
        self._connections = connections
        self._headers = headers
        """Of every answer, such as the date."""
        self._places = places
        self._pages = pages
        self._given_away = False
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._head: Head | None = None
        self._route: Route | None = None
        self._answering = False
        self._last = False
        """No request is read after the present one."""
        self._ended = False
        """The other side sends no more."""
        self._paused = False
        self._write_full = False

    # ---- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peer = peer_of(transport)
        self._places.take(self, self._peer)
        self._connections.add(self)
        self._listener.heard.accepted_at = self._listener.clock.monotonic()
        self._deadline = self._loop.time() + self._bounds.keep_alive_s
        self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)

    def data_received(self, data: bytes) -> None:
        self._places.heard(self, self._peer)
        self._buffer += data
        if not self._answering:
            self._advance()
        elif len(self._buffer) > MAX_WAITING_BYTES and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Who closes their side after a request still gets its answer."""
        self._ended = True
        self._end_body()
        return self._answering and not self._transport.get_extra_info("sslcontext")

    def pause_writing(self) -> None:
        self._write_full = True

    def resume_writing(self) -> None:
        self._write_full = False
        if not self._answering:
            self._advance()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (why it ended changes nothing)
        self._timer.cancel()
        self._places.leave(self, self._peer)
        self._connections.discard(self)
        self._ended = True
        self.resume_writing()
        if self._route is not None:
            metrics.REFUSED.labels(self._route.name).inc()

    # ---- called by the places

    @property
    def may_be_given_up(self) -> bool:
        """Nothing is being answered on it, and no console sits behind it."""
        if self._given_away:
            return waits_for_its_client(self._transport.get_protocol())
        return not self._answering

    @property
    def is_gone(self) -> bool:
        """The API says nothing when a connection ends that was handed over."""
        return self._transport.is_closing()

    def give_up(self) -> None:
        """Close now: its place is needed."""
        self._transport.abort()

    # ---- called by the server

    def shutdown(self) -> None:
        """Let what is being answered finish."""
        self._last = True
        if not self._answering:
            self._transport.close()

    # ---- requests

    def _advance(self) -> None:
        """As far as the bytes go; a request that is here in full is taken although its connection may be gone."""
        if self._write_full or (self._last and self._head is None):
            return
        try:
            if self._head is None and not self._begin():
                return
            self._go_on_with_body()
        except HeadTooLarge:
            self._refuse(refusal(431, "head_too_large", self._bounds.head.said))
        except Malformed as error:
            self._refuse(refusal(400, "malformed", str(error)))

    def _begin(self) -> bool:
        """Read a head; True when there is one for a format, and its body is next."""
        drop_blank_lines(self._buffer)
        target = target_of(self._buffer, self._bounds.head)
        if target is None:
            if self._buffer:
                self._within(self._bounds.within_s)
            return False
        self._route = self._listener.route(target, method_of(self._buffer))
        if self._route is None:
            self._give_away()
            return False
        self._head = take_head(self._buffer, self._bounds.head)
        if self._head is None:
            self._within(self._bounds.within_s)
            return False
        if self._head.expects_continue and not self._buffer:
            self._encourage(self._head)
        return True

    def _encourage(self, head: Head) -> None:
        if head.body.size <= MAX_BODY_BYTES:
            self._transport.write(_CONTINUE)
        else:
            self._refuse(too_large())

    def _go_on_with_body(self) -> None:
        if self._head is None or self._route is None:
            return
        body = self._head.body
        complete = body.take(self._buffer)
        if body.size > MAX_BODY_BYTES and (complete or body.size > MAX_DISCARDED_BYTES):
            self._refuse(too_large())
        elif complete:
            self._answer_soon(self._route, self._head)
        elif isinstance(body, OpenBody) and self._is_whole():
            self._end_body()
        else:
            is_short = isinstance(body, OpenBody) or self._is_whole()
            bounds = self._bounds
            self._within(bounds.whole_within_s if is_short else bounds.within_s)

    def _is_whole(self) -> bool:
        head, route = self._head, self._route
        return (
            head is not None
            and route is not None
            and route.codec.is_whole(bytes(head.body.content))
        )

    def _end_body(self) -> None:
        """Nothing more comes of it, or need come: what is whole is a signal, and so may be what has no length."""
        head, route = self._head, self._route
        if head is None or route is None or self._answering:
            return
        if self._is_whole() or isinstance(head.body, OpenBody):
            self._last = True
            self._answer_soon(replace(route, odd=(*route.odd, LENGTH_OFF)), head)

    def _answer_soon(self, route: Route, head: Head) -> None:
        self._head = self._route = None
        self._last = self._last or not head.keep_alive
        self._answering = True
        if head.method != route.method:
            self._respond(wrong_method(route, head.method))
            self._loop.call_soon(self._next)
            return
        request = Request(head.headers, bytes(head.body.content))
        self._supervisor.start_short(self._answer(route, request), name="request")

    async def _answer(self, route: Route, request: Request) -> None:
        try:
            self._respond(await self._listener.answer(route, request, self._peer))
        except BaseException:
            self._transport.abort()  # a fault of ours, or the end: who hears nothing sends it again
            raise
        finally:
            self._next()

    def _next(self) -> None:
        self._answering = False
        self._deadline = self._loop.time() + self._bounds.keep_alive_s
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        if self._buffer:
            self._advance()
        if self._ended and not self._answering:
            self._transport.close()

    # ---- answers

    def _refuse(self, response: Response) -> None:
        """What cannot be read to its end is the last on this connection."""
        if self._route is not None:
            metrics.REFUSED.labels(self._route.name).inc()
        self._head = self._route = None
        self._last = True
        self._respond(response)

    def _respond(self, response: Response) -> None:
        if self._transport.is_closing():
            return
        headers = [*self._headers(), *response.headers, *SAFE_HEADERS]
        if self._last and CLOSING not in headers:
            headers.append(CLOSING)
        lines = [b"%s: %s\r\n" % pair for pair in headers]
        length = b"content-length: %d\r\n\r\n" % len(response.body)
        status = _status_line(response.status)
        self._transport.write(b"".join((status, *lines, length, response.body)))
        if self._last:
            self._transport.close()

    # ---- time

    def _within(self, seconds: float) -> None:
        """The rest of what has begun must come in this time from its beginning on."""
        due = self._loop.time() + seconds
        if due < self._deadline:
            self._deadline = due
            self._timer.cancel()
            self._timer = self._loop.call_at(due, self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        if self._answering:
            self._deadline = self._loop.time() + self._bounds.keep_alive_s
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)
        elif self._buffer or self._head is not None:
            self._end_body()
            if not self._answering:
                self._refuse(too_slow(self._bounds.within_s))
        else:
            self._transport.close()

    # ---- the API

    def _give_away(self) -> None:
        """The connection belongs to the API, when it is its turn, until it is idle."""
        self._timer.cancel()
        self._answering = True
        self._pages.soon(self._give_away_now)

    def _give_away_now(self) -> None:
        self._answering = False
        if self._transport.is_closing():
            return
        self._given_away = True
        self._connections.discard(self)
        protocol = self._hand_over(self._take_back)
        protocol.connection_made(self._transport)
        self._transport.set_protocol(protocol)
        if self._paused:
            self._transport.resume_reading()
        data = bytes(self._buffer)
        self._buffer.clear()
        protocol.data_received(data)

    def _take_back(self, data: bytes) -> None:
        """The API has answered all it got, and another request begins."""
        self._given_away = self._paused = self._write_full = False
        self._connections.add(self)
        self._transport.set_protocol(self)
        self._deadline = self._loop.time() + self._bounds.keep_alive_s
        self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)
        self.data_received(data)


def waits_for_its_client(protocol: object) -> bool:
    """Whether a protocol that a connection was handed to can say that its client is what it waits for; a console's cannot."""
    return bool(getattr(protocol, "waits_for_its_client", False))


@lru_cache(maxsize=64)
def _status_line(status: int) -> bytes:
    return b"HTTP/1.1 %d %s\r\n" % (status, HTTPStatus(status).phrase.encode())
