"""The HTTP server around an application: on a socket that is given, and without a say in when the process ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from callcenter.core.supervisor import wait_for_any
from callcenter.listeners import http as http_listener
from callcenter.seats.wire import SeatProtocol

GRACE_S = 3
"""Seconds that requests under way have at the end."""
KEEP_ALIVE_S = 75
"""Devices keep their connection between life signs of up to a minute."""
MAX_FRAME_BYTES = 64 * 1024

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Manner:
    """With what certificate to serve; `behind_proxy`: believe its X-Forwarded headers."""

    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False


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

    def __init__(
        self, application: Asgi, listening: socket.socket, manner: Manner = Manner()
    ) -> None:
        self._listening = listening
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
                proxy_headers=manner.behind_proxy,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                timeout_keep_alive=KEEP_ALIVE_S,
                ssl_certfile=manner.certificate,
                ssl_keyfile=manner.key,
            )
        )

    async def run(self) -> None:
        """Serve. Ends by itself only on a failure; after `stop` it waits to be cancelled."""
        await self._uvicorn.serve(sockets=[self._listening])
        self._ended.set()
        if self._uvicorn.should_exit:
            await asyncio.Event().wait()

    async def stop(self) -> None:
        """No new connections; bounded wait for those that are open."""
        self._uvicorn.should_exit = True
        await wait_for_any([self._ended], timeout_s=GRACE_S + 2)
