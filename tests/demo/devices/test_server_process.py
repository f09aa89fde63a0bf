"""Killing and starting the server from the demo page."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from callcenter.core.errors import Conflict
from callcenter.demo.devices.server_process import ServerProcess
from tests.support.waiting import until

HOLDS_THE_FILE = """
import sys, time
from pathlib import Path
from callcenter.core.pid_file import held
with held(Path(sys.argv[1]) / "server.pid"):
    time.sleep(60)
"""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    server = ServerProcess(tmp_path, [sys.executable, "-c", HOLDS_THE_FILE, str(tmp_path)])
    yield server
    if server.pid() is not None:
        server.kill()
    await until(server.is_gone, "the server to be gone")


async def test_kill_and_start(server: ServerProcess):
    with pytest.raises(Conflict):
        server.kill()
    first = server.start()
    await until(lambda: server.pid() == first, "the server to run")
    with pytest.raises(Conflict):
        server.start()
    assert server.kill() == first
    await until(server.is_gone, "the server to be gone")
    second = server.start()
    await until(lambda: server.pid() == second, "the server to run again")
