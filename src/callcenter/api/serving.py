"""The HTTP server around the API: one listening socket, and no say in when the process ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from callcenter.core.errors import Misconfigured
from callcenter.core.supervisor import wait_for_any
from callcenter.listeners import http as http_listener
from callcenter.seats.link import SeatProtocol

log = structlog.get_logger(__name__)

GRACE_S = 3
"""Seconds that requests under way have at the end."""
KEEP_ALIVE_S = 75
"""Devices keep their connection between life signs of up to a minute."""
MAX_FRAME_BYTES = 64 * 1024

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, with what certificate; `behind_proxy`: believe its X-Forwarded headers."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None
    behind_proxy: bool


def alarms_first(ingest: Asgi, api: Asgi) -> Asgi:
    """The HTTP listener for signals in front, the API behind: an alarm passes no framework."""

    async def front(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == http_listener.PATH:
            await ingest(scope, receive, send)
        else:
            await api(scope, receive, send)

    return front


class _Uvicorn(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the order of stopping is the runtime's


class HttpServer:
    """`run` is a supervised task; `stop` lets requests under way finish."""

    def __init__(self, application: Asgi, address: Address) -> None:
        self._address = address
        self._ended = asyncio.Event()
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                application,
                ws=SeatProtocol,
                ws_per_message_deflate=False,  # it doubles the cost of a push
                ws_max_size=MAX_FRAME_BYTES,
                ws_ping_interval=None,  # the beat does it
                lifespan="off",
                access_log=False,  # addresses of call-backs hold secrets
                proxy_headers=address.behind_proxy,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                timeout_keep_alive=KEEP_ALIVE_S,
                ssl_certfile=address.certificate,
                ssl_keyfile=address.key,
            )
        )

    async def run(self) -> None:
        """Serve. Ends by itself only on a failure; after `stop` it waits to be cancelled."""
        listening = _bind(self._address.host, self._address.port)
        log.info("listening", protocol="http", port=listening.getsockname()[1])
        await self._uvicorn.serve(sockets=[listening])
        self._ended.set()
        if self._uvicorn.should_exit:
            await asyncio.Event().wait()

    async def stop(self) -> None:
        """No new connections; bounded wait for those that are open."""
        self._uvicorn.should_exit = True
        await wait_for_any([self._ended], timeout_s=GRACE_S + 2)


def _bind(host: str, port: int) -> socket.socket:
    """The listening socket, so that a port in use is an error with a reason. Raises Misconfigured."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Misconfigured(f"host, port: cannot listen on {host}:{port}: {error}") from error
    listening.setblocking(False)
    return listening
