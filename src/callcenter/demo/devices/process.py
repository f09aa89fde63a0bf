"""The device process: one per data folder, alive while its server is killed and started again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import structlog
import uvicorn

from callcenter.core.clock import SystemClock
from callcenter.core.errors import Conflict
from callcenter.core.pid_file import held
from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices.fleet import STATE_FILE, Addresses, Fleet
from callcenter.demo.devices.other_centre import BEHIND, other_centre
from callcenter.demo.devices.page import Show, build_page, is_simulated
from callcenter.demo.devices.server_process import ServerProcess
from callcenter.demo.devices.watch import ServerWatch

log = structlog.get_logger(__name__)

PID_FILE = "devices.pid"


@dataclass(frozen=True, slots=True)
class Config:
    """What the process is started with; `server_command` starts the server after a kill."""

    data_dir: Path
    addresses: Addresses
    host: str
    port: int
    server_command: Sequence[str]
    telephone: Mapping[str, Any] | None = None


def default_server_command(data_dir: Path, port: int) -> list[str]:
    """As `callcenter demo` starts it; the rest stands in the environment."""
    command = [sys.executable, "-m", "callcenter", "serve", "--demo"]
    return [*command, "--data-dir", str(data_dir), "--port", str(port)]


def run(config: Config) -> int:
    """Run until a signal, or until no server was reached for half an hour; the exit code.

    A second process on the same data folder finds the first one by its lock and leaves at once with 0.
    """
    config.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with held(config.data_dir / PID_FILE):
            asyncio.run(_run(config))
    except Conflict as error:
        log.info("devices_already_run", reason=error.message)
    return 0


async def _run(config: Config) -> None:
    clock = SystemClock()
    # On loopback; no proxy of the environment may stand between the devices and the server.
    async with (
        httpx.AsyncClient(base_url=config.addresses.server, trust_env=False) as client,
        Supervisor() as supervisor,
    ):
        fleet = Fleet(
            config.addresses, client, clock, supervisor, state_file=config.data_dir / STATE_FILE
        )
        watch = ServerWatch(config.data_dir, client, clock, fleet)
        watch.asks_telephone = is_simulated(config.telephone)
        process = ServerProcess(config.data_dir, config.server_command)
        show = Show(
            fleet, watch, process, client, config.addresses.server, config.host, config.telephone
        )
        fleet.on_change = watch.on_change = show.note_change
        server = _PageServer(
            uvicorn.Config(
                build_page(show),
                host=config.host,
                port=config.port,
                log_config=None,
                access_log=False,
                log_level="warning",
                ws="websockets-sansio",
                timeout_graceful_shutdown=2,
            )
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, server.end)
        supervisor.start_short(_watch_until_useless(watch, server), name="watch")
        async with other_centre(config.host, config.port + BEHIND, clock):
            await server.serve()


class _PageServer(uvicorn.Server):
    """Leaves signals to the process: uvicorn would raise them again after a clean end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        """Stop serving soon."""
        self.should_exit = True


async def _watch_until_useless(watch: ServerWatch, server: _PageServer) -> None:
    try:
        await watch.run()
    finally:
        server.end()
