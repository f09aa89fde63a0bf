"""A call centre's outer shell on real sockets: both listeners over an intake in memory, and the demo's feed."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn

from callcenter.core.clock import SystemClock
from callcenter.devices.callers import SourceRef
from callcenter.devices.formats import FORMATS
from callcenter.devices.registry import Credentials
from callcenter.listeners.http import HttpListener
from callcenter.listeners.http_beside import signals_first
from tests.support.receiver import Receiver, open_receiver

SECRET = "a secret that signs"
TOKEN = "the demo's token"
PHONES = SourceRef(name="demo-phones", kind="http_json", region_id=1)


def bound_socket(port: int = 0) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


@dataclass(slots=True)
class Centre:
    """What the devices report to. `feed` is what the demo's part of the API tells."""

    receiver: Receiver
    http_port: int
    feed: dict[str, Any] = field(default_factory=lambda: {"phones": [], "incidents": []})
    replies: list[tuple[str, str]] = field(default_factory=list)
    paged: list[str] = field(default_factory=list)
    """Whose pages were opened."""
    asked: int = 0
    """How often the feed was asked for."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    async def app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        token = dict(scope["headers"]).get(b"x-demo-token", b"").decode()
        if token != TOKEN:
            await respond(send, 401, {})
        elif scope["path"] == "/api/demo/feed":
            self.asked += 1
            await respond(send, 200, self.feed)
        elif scope["path"].endswith("/page"):
            self.paged.append(scope["path"].split("/")[4])
            await respond(send, 200, {"path": "/m.html#in=ABCD"})
        else:
            body = (await receive())["body"]
            self.replies.append((scope["path"].split("/")[4], orjson.loads(body)["text"]))
            await respond(send, 200, {})


async def respond(send: Any, status: int, content: object) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(content)})


def credentials() -> list[Credentials]:
    return [
        Credentials(source=PHONES, bearer_hash=None, key_id="demo-phones", secret=SECRET.encode())
    ]


@asynccontextmanager
async def serve(
    app: Any, listening: socket.socket, http: Any = "auto", **of_uvicorn: Any
) -> AsyncIterator[None]:
    """An ASGI application on a real socket, until the block ends; `http` makes the protocol of its connections."""
    config = uvicorn.Config(
        app,
        http=http,
        **of_uvicorn,
        interface="asgi3",
        log_config=None,
        lifespan="off",
        ws="websockets-sansio",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def open_centre() -> AsyncIterator[Centre]:
    listening = bound_socket()
    async with open_receiver() as receiver:
        centre = Centre(receiver, listening.getsockname()[1])
        phones = HttpListener(FORMATS.values(), receiver.intake, SystemClock(), credentials)
        async with serve(signals_first(phones, centre.app), listening):
            yield centre
