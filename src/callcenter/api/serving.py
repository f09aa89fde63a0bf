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

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from callcenter.core.bare_answers import SAFE_HEADERS
from callcenter.core.descriptors import MOST_BACKLOG
from callcenter.core.supervisor import Supervisor, wait_for_any
from callcenter.listeners.bounds import USUAL, HeadBounds
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import Asgi
from callcenter.listeners.http_reading import USUAL_HEAD, HeadCount
from callcenter.listeners.http_wire import SignalProtocol
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


class ApiProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with bounds on the heads of requests: their size, and the time they may take (s)."""

    def __init__(
        self,
        *args: Any,
        head_within_s: float = HEAD_WITHIN_S,
        head: HeadBounds = USUAL_HEAD,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._head_count = HeadCount(head)
        self._head_within_s = head_within_s
        self._head_due: asyncio.TimerHandle | None = None

    @property
    def waits_for_its_client(self) -> bool:
        """For a request, the rest of one, or for its answer to be read: it may be closed when its place is needed."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return True
        return bool(cycle.more_body or (self.flow is not None and self.flow.write_paused))

    def data_received(self, data: bytes) -> None:
        if self._head_count.is_too_large(data):
            self._refuse(_HEAD_TOO_LARGE)
        else:
            super().data_received(data)
            if self._head_count.has_begun and self._head_due is None:
                self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.transport = WhileOpen(self.transport)  # type: ignore[assignment] # all it needs
        super()._start_asgi_task(cycle, app)

    def _should_upgrade(self) -> bool:
        """A socket is asked for by GET; what else wants one is an ordinary request."""
        return self.scope.get("method") == "GET" and super()._should_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (the base class's words)
        self._refuse(_NO_REQUEST)

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        self._head_count.end()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head_count.begin()
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
) -> Callable[..., Any]:
    """What uvicorn makes for each connection: the protocol for signals, with that of the API behind it. `places` are those of
    all connections of the port; None: more than are ever wanted.
    """
    taken = places or Places("http", "limits.browser_connections", MANY, listener.clock.monotonic)

    def make(config: uvicorn.Config, server_state: ServerState, **of_uvicorn: Any) -> Any:
        return SignalProtocol(
            listener,
            supervisor,
            lambda: ApiProtocol(
                config=config,
                server_state=server_state,
                head_within_s=head_within_s,
                head=listener.bounds.head,
                **of_uvicorn,
            ),
            server_state.connections,
            lambda: server_state.default_headers,
            taken,
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
