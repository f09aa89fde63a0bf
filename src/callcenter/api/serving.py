"""The HTTP server around an application: on a socket that is given, and without a say in when the process ends.

Where signals come in, connections begin with the protocol of their listener, which hands those of the API over
(listeners/http_wire).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from callcenter.api.body_bounds import USUAL as USUAL_BODY, BodyBounds
from callcenter.core.bare_answers import SAFE_HEADERS
from callcenter.core.descriptors import MOST_BACKLOG
from callcenter.core.supervisor import Supervisor, wait_for_any
from callcenter.listeners.bounds import USUAL, HeadBounds
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import Asgi
from callcenter.listeners.http_reading import USUAL_HEAD, HeadCount
from callcenter.listeners.http_wire import SignalProtocol
from callcenter.listeners.one_by_one import OneByOne
from callcenter.listeners.places import Places
from callcenter.seats.link import SeatProtocol
from callcenter.seats.talk import Talk

GRACE_S = 3
"""Seconds that requests under way have at the end."""
MAX_FRAME_BYTES = 64 * 1024
HEAD_WITHIN_S = 10.0
HANDSHAKE_WITHIN_S = 10.0
MANY = 65_536


def _bare(status: HTTPStatus) -> bytes:
    """An answer to what is no request; nothing in it for a browser to show."""
    headers = (*SAFE_HEADERS, (b"connection", b"close"), (b"content-length", b"0"))
    lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
    return b"HTTP/1.1 %d %s\r\n%s\r\n" % (status, status.phrase.encode(), lines)


_HEAD_TOO_LARGE = _bare(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
_HEAD_TOO_SLOW = _bare(HTTPStatus.REQUEST_TIMEOUT)
_NO_REQUEST = _bare(HTTPStatus.BAD_REQUEST)


@dataclass(frozen=True, slots=True)
class Manner:
    """With what certificate to serve; `proxies`: addresses and networks whose X-Forwarded headers are believed; `backlog`: how
    many may wait to be accepted; `keep_alive_s`: how long a connection may rest between two requests; `talk`: how much consoles
    may say.
    """

    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    backlog: int = MOST_BACKLOG
    keep_alive_s: float = USUAL.requests.keep_alive_s
    talk: Talk = field(default_factory=Talk)


class WhileOpen:
    """The part of a transport that answers are written to. uvloop's raises for a write after its end, of which the protocol hears a
    moment later: a client that goes away is no mistake of ours.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.close = transport.close
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)


class _TooManyTrailers(ValueError):
    """More than a head may have."""


class ApiProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with bounds on all that stands around bodies: the heads of requests, the time they may take (s),
    chunk lines and trailers, and on bodies that nobody reads (bytes).

    `give_back` gets the bytes of the next request when all before it has been answered: its connection begins anew.
    """

    def __init__(
        self,
        *args: Any,
        head_within_s: float = HEAD_WITHIN_S,
        head: HeadBounds = USUAL_HEAD,
        most_unread: int = USUAL_BODY.most_of_all,
        give_back: Callable[[bytes], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._give_back = give_back
        self._head_bounds = head
        self._head_count = HeadCount(head)
        self._most_unread = most_unread
        """Of a body whose request has been answered: the largest upload is read to its end, that its sender can read the answer."""
        self._head_within_s = head_within_s
        self._head_due: asyncio.TimerHandle | None = None
        self._pieces: list[bytes] = []
        """Of the body, from the bytes that are being read."""
        self._beside_body = self._unread = self._trailers = 0

    @property
    def waits_for_its_client(self) -> bool:
        """For a request, the rest of one, or for its answer to be read: it may be closed when its place is needed."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return bool(cycle.more_body or (self.flow is not None and self.flow.write_paused))

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._give_back is not None and self._is_between_requests:
            self._expect_nothing()
            self.connections.discard(self)
            self._give_back(data)
        elif self._head_count.is_too_large(data):
            self._refuse(_HEAD_TOO_LARGE)
        else:
            self._read(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    @property
    def _is_between_requests(self) -> bool:
        count, cycle = self._head_count, self.cycle
        is_before_one = not (count.has_ended or count.has_begun)
        return is_before_one and cycle is not None and bool(cycle.response_complete)

    def _read(self, data: bytes) -> None:
        self._beside_body += len(data) if self._head_count.has_ended else 0
        self._unread += len(data) if self._is_answered_early else 0
        self._parse(data)
        self._hand_body_on()
        if self._beside_body > self._head_bounds.most:
            self._refuse(_HEAD_TOO_LARGE)
        elif self._unread > self._most_unread:
            self.transport.close()
        elif self._head_count.has_begun and self._head_due is None:
            self._expect_head()

    @property
    def _is_answered_early(self) -> bool:
        return self._head_count.has_ended and bool(self.cycle and self.cycle.response_complete)

    def _parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse(_NO_REQUEST)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._parse_without_upgrade(data[upgrade.args[0] :])

    def _parse_without_upgrade(self, rest: bytes) -> None:
        """An ordinary request (RFC 9110, 7.8): the parser takes its body for the other protocol, so it gets the head again."""
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            self._refuse(_NO_REQUEST)
            return
        lines = [b"%s: %s\r\n" % pair for pair in self.headers if pair[0] != b"upgrade"]
        head = b"%s %s HTTP/%s\r\n%s\r\n" % (method, self.url, version, b"".join(lines))
        self.parser = httptools.HttpRequestParser(self)
        self._parse(head + rest)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = WhileOpen(self.transport)  # type: ignore[assignment] # all it needs
        super()._start_asgi_task(cycle, app)

    def _should_upgrade(self) -> bool:
        """A socket is asked for by GET; what else wants one is an ordinary request."""
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    @property
    def _is_refused_an_upgrade(self) -> bool:
        return self.parser.should_upgrade() and not self._should_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (the base class's words)
        self._refuse(_NO_REQUEST)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A trailer is read over: what is behind a body has passed no check that was made before it."""
        if not self._head_count.has_ended:
            super().on_header(name, value)
            return
        self._trailers += 1
        if self._trailers > self._head_bounds.lines:
            raise _TooManyTrailers

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        self._head_count.end()
        self._beside_body = self._unread = self._trailers = 0
        if not self._is_refused_an_upgrade:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Joined before it is handed on: the base class would copy all it has for every chunk."""
        self._beside_body = 0
        self._pieces.append(body)

    def _hand_body_on(self) -> None:
        if self._pieces:
            super().on_body(b"".join(self._pieces))
            self._pieces.clear()

    def on_message_complete(self) -> None:
        self._head_count.begin()
        self._beside_body = self._unread = 0
        if not self._is_refused_an_upgrade:
            self._hand_body_on()
            super().on_message_complete()

    def _expect_head(self) -> None:
        self._head_due = self.loop.call_later(self._head_within_s, self._miss_head)

    def _expect_nothing(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _miss_head(self) -> None:
        """While an earlier request of this connection is answered, the answer goes before."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect_head()
        else:
            self._refuse(_HEAD_TOO_SLOW)

    def _refuse(self, answer: bytes) -> None:
        self._expect_nothing()
        self.transport.write(answer)
        self.transport.close()


def signals_before(
    listener: HttpListener,
    supervisor: Supervisor,
    places: Places | None = None,
    head_within_s: float = HEAD_WITHIN_S,
    bodies: BodyBounds = USUAL_BODY,
) -> Callable[..., Any]:
    """What uvicorn makes for each connection: the protocol for signals, with that of the API behind it. `places` are those of
    all connections of the port; None: more than are ever wanted.
    """
    taken = places or Places("http", "limits.browser_connections", MANY, listener.clock.monotonic)

    pages = OneByOne()

    def make(config: uvicorn.Config, server_state: ServerState, **of_uvicorn: Any) -> Any:
        return SignalProtocol(
            listener,
            supervisor,
            lambda give_back: ApiProtocol(
                config=config,
                server_state=server_state,
                head_within_s=head_within_s,
                head=listener.bounds.head,
                most_unread=bodies.most_of_all,
                give_back=give_back,
                **of_uvicorn,
            ),
            server_state.connections,
            lambda: server_state.default_headers,
            taken,
            pages,
        )

    return make


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the order of stopping is the runtime's

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, with a bound on the handshake: until it is over nobody but the event loop knows of a connection."""
        await super().startup(sockets=[])
        config = self.config
        within_s = HANDSHAKE_WITHIN_S if config.ssl else None
        for listening in sockets or ():
            server = await asyncio.get_running_loop().create_server(
                self._protocol,
                sock=listening,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=within_s,
            )
            self.servers.append(server)

    def _protocol(self) -> asyncio.Protocol:
        make: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


class HttpServer:
    """`run` is a supervised task; `stop` lets requests under way finish."""

    def __init__(
        self,
        application: Asgi,
        listening: socket.socket,
        manner: Manner = Manner(),
        protocol: Callable[..., Any] = ApiProtocol,
    ) -> None:
        """`protocol` is what each connection begins with."""
        self._listening = listening
        self._ended = asyncio.Event()
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                application,
                http=protocol,  # type: ignore[arg-type] # it asks for a class and calls it
                ws=partial(SeatProtocol, talk=manner.talk),  # type: ignore[arg-type] # as above
                ws_per_message_deflate=False,  # it doubles the cost of a push
                ws_max_size=MAX_FRAME_BYTES,
                ws_ping_interval=None,  # the beat does it
                lifespan="off",
                access_log=False,  # addresses of call-backs hold secrets
                proxy_headers=bool(manner.proxies),
                forwarded_allow_ips=list(manner.proxies),
                log_config=None,
                backlog=manner.backlog,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                timeout_keep_alive=int(manner.keep_alive_s),
                ssl_certfile=manner.certificate,
                ssl_keyfile=manner.key,
            )
        )

    async def run(self) -> None:
        """Serve. Ends by itself only on a failure; after `stop` it waits to be cancelled."""
        await self._uvicorn.serve(sockets=[self._listening.dup()])  # which closes what it gets
        self._ended.set()
        if self._uvicorn.should_exit:
            await asyncio.Event().wait()

    async def stop(self) -> None:
        """No new connections, and the socket is let go of: another process that has it is not kept from closing it. Bounded wait
        for those that are open.
        """
        self._uvicorn.should_exit = True
        self._listening.close()
        await wait_for_any([self._ended], timeout_s=GRACE_S + 2)
