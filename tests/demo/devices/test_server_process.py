"""Killing and starting the server from the demo page."""

from __future__ import annotations

import os
import signal
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

LEAVES_A_CHILD = """
import os, sys, time
from pathlib import Path
from callcenter.core.pid_file import held
folder = Path(sys.argv[1])
with held(folder / "server.pid"):
    child = os.fork()
    if child:
        (folder / "child").write_text(str(child))
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


async def test_the_server_is_not_gone_before_its_children_are(tmp_path: Path):
    server = ServerProcess(tmp_path, [sys.executable, "-c", LEAVES_A_CHILD, str(tmp_path)])
    first = server.start()
    child = tmp_path / "child"
    await until(lambda: child.exists() and child.read_text(), "the server to have a child")
    try:
        assert server.kill() == first
        await until(lambda: refuses_to_kill(server), "the first process to be gone")
        assert not server.is_gone()
        with pytest.raises(Conflict):
            server.start()
    finally:
        os.kill(int(child.read_text()), signal.SIGKILL)
    await until(server.is_gone, "the child to be gone")


def refuses_to_kill(server: ServerProcess) -> bool:
    try:
        server.kill()
    except Conflict:
        return True
    return False
