"""The demo as its user meets it: started, its server killed and started again, stopped without leftovers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from callcenter.cli.demonstrating import office_is_up
from callcenter.core.errors import Misconfigured
from callcenter.core.pid_file import holder

LIMIT_S = 90.0

pytestmark = pytest.mark.slow


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def told(demo: subprocess.Popen[str], words: str) -> str:
    """Everything that the demo prints until it says these words."""
    assert demo.stdout is not None
    shown = ""
    while words not in shown:
        line = demo.stdout.readline()
        assert line, f"the demo ended: {shown}"
        shown += line
    return shown


@pytest.fixture
def port() -> int:
    """The first of three free ports in a row."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            number: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", number + 1))
                third.bind(("127.0.0.1", number + 2))
            except (OSError, OverflowError):
                continue
        return number


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that PostgreSQL's user may enter when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="callcenter-demo-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "var"


@pytest.fixture
def demo(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The running demo."""
    command = [sys.executable, "-m", "callcenter", "demo"]
    command += ["--data-dir", str(folder), "--port", str(port)]
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("CALLCENTER_")
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=clean, cwd=folder.parent
    ) as process:
        yield process
        process.terminate()
        process.wait(LIMIT_S)


def test_a_killed_server_comes_back_and_nothing_stays_behind(demo, folder: Path, port: int):
    console, page = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    shown = told(demo, "Ctrl-C")
    assert re.search(
        rf"{page}/\s.*{console}/\s.*{console}/wall.html\s.*operator\s+yuyinli-demo",
        shown,
        re.DOTALL,
    )
    assert answers(f"{console}/readyz")
    server, devices = holder(folder / "server.pid"), holder(folder / "devices.pid")
    assert server
    assert devices

    os.kill(server, signal.SIGKILL)
    until(lambda: holder(folder / "server.pid") is None, "the killed server is gone")
    told(demo, "the server was killed")
    assert holder(folder / "devices.pid") == devices

    start = httpx.post(
        f"{page}/demo/server/start", headers={"Origin": page}, trust_env=False, timeout=10
    )
    assert start.is_success, start.text
    until(lambda: answers(f"{console}/readyz"), "the server is back")
    told(demo, "the server runs again")

    demo.send_signal(signal.SIGINT)
    assert demo.wait(LIMIT_S) == 0
    assert holder(folder / "server.pid") is None
    assert holder(folder / "devices.pid") is None
    assert not answers(f"{console}/readyz")


def test_a_port_in_use_is_told_before_anything_starts(run, port: int, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 2))
        taken.listen()
        result = run("demo", "--port", str(port))
    assert isinstance(result.exception, Misconfigured)
    assert f"port {port + 2}" in str(result.exception)
    assert not (tmp_path / "data/server.log").exists()


def test_stopping_when_nothing_runs_is_fine(run):
    assert run("demo", "--stop").exit_code == 0


@pytest.mark.parametrize(
    ("checks", "up"),
    [({"database": True}, True), ({"office": True}, True), ({"office": False}, False)],
)
def test_the_demo_is_shown_when_the_office_is_up_as_well(checks: dict[str, bool], up: bool):
    assert office_is_up({"ready": True, "checks": checks}) is up
