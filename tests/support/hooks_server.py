"""The addresses of the SMS package on a real server, in the event loop of the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError
from callcenter.sms.gateway import Gateway
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.hooks import Hooks, Readers
from callcenter.sms.router import Demo, demo_router, hooks_router
from tests.support.kannel import settings_for

SECRET = "hook-secret"
TOKEN = "demo-token"


@dataclass
class HooksServer:
    """`changed` and `arrivals` count the hints that were given."""

    url: str = ""
    changed: int = 0
    arrivals: int = 0

    @property
    def hook_url(self) -> str:
        return f"{self.url}/hooks/kannel/{SECRET}"

    @property
    def inbound_url(self) -> str:
        return f"{self.hook_url}/inbound"

    async def note_changed(self) -> None:
        self.changed += 1

    async def note_arrival(self) -> None:
        self.arrivals += 1


@asynccontextmanager
async def hooks_server(
    database: Database, clock: Clock, readers: Readers | None = None
) -> AsyncIterator[HooksServer]:
    """Listens on a port of its own while the block lasts. Without `readers` nobody works outside."""
    told = HooksServer()
    found: list[Gateway] = [SandboxGateway(), KannelGateway(settings_for(""), "")]
    gateways = {gateway.name: gateway for gateway in found}
    hooks = Hooks(
        database,
        clock,
        gateways,
        SECRET,
        told.note_changed,
        told.note_arrival,
        readers=readers or Readers(),
    )
    app = FastAPI(exception_handlers={CallCenterError: _refusal})
    app.include_router(hooks_router(hooks))
    app.include_router(demo_router(Demo(hooks, ZoneInfo("Asia/Shanghai"), TOKEN)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
        )  # fmt: skip
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield told
        finally:
            server.should_exit = True
            await serving


async def _refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CallCenterError)
    return JSONResponse({"error": {"code": error.code}}, error.status_code)
