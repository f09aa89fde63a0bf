"""What is measured, started as its users start it: a private cluster, the bare pipeline, the whole server."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.machine import cpu_s, processes, resident_mb
from callcenter.core.cluster import OWNER, Cluster

ROOT = Path(__file__).parents[1]
READY_WITHIN_S = 300.0

Spent = dict[str, float]
"""Seconds of one core, by process."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A cluster with fsync on, and a folder for the files of the servers on it."""

    cluster: Cluster
    folder: Path

    @property
    def dsn(self) -> str:
        return self.cluster.dsn(OWNER)


@dataclass(frozen=True, slots=True)
class Bare:
    """The bare pipeline."""

    ground: Ground
    pid: int
    http: int
    ws: int

    def spent(self) -> Spent:
        running = processes()
        return {
            "alarm": cpu_s(self.pid, running),
            "postgres": cpu_s(self.ground.cluster.pid, running),
        }


@dataclass(frozen=True, slots=True)
class Server:
    """The whole server: a parent with an alarm and an office process."""

    ground: Ground
    process: subprocess.Popen[bytes]
    started_at: float
    port: int
    dc09: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def children(self) -> dict[str, int]:
        """Process ids by name: the office is the one that steps back."""
        found = [each for each in processes().values() if each.parent == self.process.pid]
        found.sort(key=lambda each: (each.nice, each.pid))
        return {name: each.pid for name, each in zip(("alarm", "office"), found, strict=False)}

    def spent(self) -> Spent:
        running = processes()
        used = {name: cpu_s(pid, running) for name, pid in self.children().items()}
        return used | {"postgres": cpu_s(self.ground.cluster.pid, running)}

    def resident(self) -> dict[str, float]:
        """MiB by process; the parent's too."""
        all_three = {"parent": self.process.pid} | self.children()
        return {name: resident_mb(pid) for name, pid in all_three.items()}

    def wait_until_ready(self) -> None:
        """Alarms are received and the office answers. Raises SystemExit after five minutes."""
        end = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit("the server did not start")
            if _all_answers(f"{self.address}/readyz"):
                return
            time.sleep(0.1)
        raise SystemExit(f"the server is not ready after {READY_WITHIN_S:g} s")


def difference(before: Spent, after: Spent) -> Spent:
    """What was spent between two looks."""
    return {name: after[name] - before.get(name, 0.0) for name in after}


@contextmanager
def ground() -> Iterator[Ground]:
    """On the disk, and gone with all its data in the end."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-bench-", dir="/var/tmp"))
    folder.chmod(0o711)  # PostgreSQL runs as another user where this one is root
    try:
        cluster = Cluster.start(folder / "db")
        try:
            yield Ground(cluster, folder)
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def bare_server(on: Ground) -> Iterator[Bare]:
    http, ws = free_port(), free_port()
    command = [sys.executable, "-m", "benchmarks.bare", "--dsn", on.dsn]
    command += ["--http", str(http), "--ws", str(ws)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield Bare(on, process.pid, http, ws)
    finally:
        _stop(process, within_s=10)


@contextmanager
def our_server(
    on: Ground, *, ready: bool = True, more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """With a listener for DC-09 over TCP; `ready` False hands it out as soon as its process is made. `more`: of its environment."""
    port, dc09 = free_port(), free_port()
    listener = {"format": "dc09", "transport": "tcp", "host": "127.0.0.1", "port": dc09}
    environment = os.environ | {
        "CALLCENTER_DATABASE_URL": on.dsn,
        "CALLCENTER_DATA_DIR": str(on.folder / f"data-{secrets.token_hex(2)}"),
        "CALLCENTER_PORT": str(port),
        "CALLCENTER_LISTENERS": orjson.dumps([listener]).decode(),
        "CALLCENTER_LOG_LEVEL": "warning",
        **(more or {}),
    }
    started_at = time.perf_counter()
    # Its tables are emptied under its feet between the runs, and it says so.
    with (on.folder / "server.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "callcenter", "serve"],
            cwd=on.folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        server = Server(on, process, started_at, port, dc09)
        if ready:
            server.wait_until_ready()
        yield server
    finally:
        _stop(process, within_s=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _all_answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310 - http, this machine
            said = orjson.loads(answer.read())
    except OSError:
        return False
    return bool(said["ready"] and said["checks"].get("office"))


def _stop(process: subprocess.Popen[bytes], within_s: float) -> None:
    process.terminate()
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
