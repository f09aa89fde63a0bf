"""A process of the server, from its first statement to its last, in a program of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.place import durable_databases
from tests.support.postgres import TestDatabases

__all__ = ["durable_databases"]

PROGRAM = """
    import os, signal, socket, sys
    from pathlib import Path

    from callcenter.api.serving import HttpServer
    from callcenter.runtime.child import Pulse
    from callcenter.runtime.ground import Ground
    from callcenter.runtime.part import Part
    from callcenter.runtime.process import live
    from callcenter.settings import load

    def say(*words):
        print(*words, flush=True)

    def part(name, fails=False):
        async def prepare(connection):
            say("prepare", name, await connection.fetchval("SELECT 1"))
        async def open(supervisor):
            say("open", name)
        async def close():
            say("close", name)
            if fails:
                raise OSError("in the way")
        async def stop():
            say("stop", name)
        return Part(prepare=prepare, open=open, close=close, stop=stop)

    async def page(scope, receive, send):
        raise AssertionError("nobody calls")

    def build(supervisor):
        settings = load(environ={}, overrides={"data_dir": Path("data")})
        ground = Ground(settings, sys.argv[1], pool_size=2)
        listening = socket.create_server(("127.0.0.1", 0))
        return ground, parts(), HttpServer(page, listening)

    Path("data").mkdir()
    reading, writing = os.pipe()
"""

RUN = """
    try:
        code = live(build, Pulse(writing))
    finally:
        say("ready" if b"r" in os.read(reading, 1000) else "never ready")
    sys.exit(code)
"""


def run(parts: str, dsn: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Lives with these parts until it ends."""
    program = textwrap.dedent(PROGRAM) + textwrap.dedent(parts) + textwrap.dedent(RUN)
    return subprocess.run(
        [sys.executable, "-c", program, dsn],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
    )


@pytest.fixture
async def durable(durable_databases: TestDatabases):
    made = await durable_databases.clone()
    yield made
    await durable_databases.drop(made)


def told(done: subprocess.CompletedProcess[str], *verbs: str) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.split()[0] in verbs]


def test_parts_start_in_order_and_stop_in_reverse_whatever_one_of_them_does(
    durable: str, tmp_path: Path
):
    done = run(
        """
        async def end(supervisor):
            os.kill(os.getpid(), signal.SIGTERM)
        parts = lambda: [part("first"), part("second", fails=True), Part(open=end)]
        """,
        durable,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert told(done, "prepare", "open", "close", "stop", "ready") == [
        "prepare first 1",
        "prepare second 1",
        "open first",
        "open second",
        "close second",
        "close first",
        "stop second",
        "stop first",
        "ready",
    ]
    assert "part_not_stopped" in done.stdout + done.stderr


def test_a_task_that_ends_by_itself_ends_the_process_for_the_parent_to_start_again(
    durable: str, tmp_path: Path
):
    done = run(
        """
        async def short():
            say("short")
        parts = lambda: [Part(tasks={"short": short})]
        """,
        durable,
        tmp_path,
    )
    assert done.returncode != 0
    assert "RequiredTaskEnded" in done.stderr


def test_nothing_is_opened_on_a_database_that_may_lose_what_it_acknowledged(
    dsn: str, tmp_path: Path
):
    done = run('parts = lambda: [part("first")]', dsn, tmp_path)
    assert done.returncode != 0
    assert "may lose acknowledged alarms" in done.stderr
    assert told(done, "prepare", "open", "never") == ["never ready"]
