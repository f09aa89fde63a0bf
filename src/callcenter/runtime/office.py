"""The office: records, import and export, texts, histories, administration. It may be slow; alarms do not pass here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence

from fastapi import APIRouter

from callcenter.alerts.archive import Archive
from callcenter.api import office_api
from callcenter.api.passing import as_passed
from callcenter.api.serving import HttpServer
from callcenter.core.changes import Changes
from callcenter.core.confined import Confines
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.sealed import Seal
from callcenter.core.stepping_back import threads_that_step_back
from callcenter.core.supervisor import Supervisor
from callcenter.directory.handing_out import Exports
from callcenter.directory.jobs import ImportJobs
from callcenter.residents.access import DirectoryHint
from callcenter.residents.names import read_dictionaries
from callcenter.runtime.alarm import demo_page
from callcenter.runtime.calling import calls_part
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.runtime.texting import texts_part
from callcenter.settings import Settings

POOL_SIZE = 10
THREADS = 6
"""For what would hold the loop: spreadsheets, exports, files."""


ExtraRouters = Callable[[Database], Sequence[APIRouter]]
"""What a caller of the runtime adds to the office's addresses, such as the demo."""


def no_routers(_database: Database) -> Sequence[APIRouter]:
    """A site's own server adds none."""
    return ()


def build(
    settings: Settings,
    dsn: str,
    listening: socket.socket,
    extra_routers: ExtraRouters,
    supervisor: Supervisor,
) -> tuple[Ground, list[Part], HttpServer]:
    """Everything of this process; `listening` is the Unix socket that the alarm process calls."""
    read_dictionaries()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(threads_that_step_back(THREADS, "beside"))
    ground = Ground(settings, dsn, pool_size=POOL_SIZE)
    extra = Part(routers=extra_routers(ground.database))
    parts = [_records_part(ground), texts_part(ground, supervisor), calls_part(ground), extra]
    return ground, parts, _server(ground, parts, listening)


def _records_part(ground: Ground) -> Part:
    async def directory_changed() -> None:
        await ground.changes.notify("directory")

    reading = HeldConnections(ground.database, "archive", 2)
    return Part(
        stop=reading.close,
        ports={
            Archive: Archive(reading, ground.clock, ground.zone),
            Seal: ground.seal,
            Changes: ground.changes,
            DirectoryHint: directory_changed,
            Exports: Exports(ground.settings.data_dir / "exports"),
            ImportJobs: ImportJobs(ground.settings.data_dir / "imports", ground.seal),
            Confines: Confines(**ground.settings.imports.model_dump()),
        },
        listens={"grants": lambda _: ground.sessions.forget()},
    )


def _server(ground: Ground, parts: Sequence[Part], listening: socket.socket) -> HttpServer:
    async def grants_changed() -> None:
        await ground.changes.notify("grants")

    ports: dict[type, object] = {}
    routers: list[APIRouter] = []
    for part in parts:
        ports |= part.ports
        routers += part.routers
    context = ground.context(ports, grants_changed)
    api = office_api(context, routers=routers, framed_by=demo_page(ground.settings))
    return HttpServer(as_passed(api), listening)
