"""`make bench`: one table from one run; our server beside the bare pipeline, interleaved."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from benchmarks.site import TOKEN, Site, furnish, reset
from callcenter.core.cluster import OWNER, SUPERUSER, Cluster
from callcenter.core.migrating import migrate

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Cell:
    consoles: int
    rate: float | None
    regions: bool = False

    @property
    def name(self) -> str:
        load = "flat out" if self.rate is None else f"{self.rate:g}/s"
        where = "" if self.consoles < 500 else ", 20 regions" if self.regions else ", one scope"
        return f"{self.consoles} consoles, {load}{where}"


CELLS = [
    Cell(1, 50), Cell(1, 500), Cell(1, None),
    Cell(36, 50), Cell(36, 500), Cell(36, None),
    Cell(500, 50), Cell(500, None), Cell(500, 50, regions=True), Cell(500, None, regions=True),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ports:
    bare_http: int
    bare_ws: int
    ours: int


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="2 runs of 4 s a cell")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--seconds", type=float, default=20.0)
    arguments.add_argument("--residents", type=int, default=50_000)
    arguments.add_argument("--only", default="", help="cells whose name contains this")
    arguments.add_argument(
        "--profile", action="store_true", help="profile our server (py-spy must be installed)"
    )
    given = arguments.parse_args()
    if given.quick:
        given.runs, given.seconds = 2, 4.0
    folder = Path(tempfile.mkdtemp(prefix="callcenter-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        cluster = Cluster.start(folder / "db")
        try:
            asyncio.run(measure(given, folder, cluster))
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


async def measure(given: argparse.Namespace, folder: Path, cluster: Cluster) -> None:
    await migrate(cluster.dsn())
    owner = await asyncpg.connect(cluster.dsn(SUPERUSER))
    print(
        f"{given.runs} runs of {given.seconds:g} s a cell and server, {given.residents} residents, each alarm a new home;"
    )
    print(
        "latency in ms from the due time of the alarm to the first frame that shows it; ratio = ours / bare, median [range]\n"
    )
    site = await furnish(owner, given.residents)
    ports = Ports(free_port(), free_port(), free_port())
    dsn = cluster.dsn(OWNER)
    cells = [cell for cell in CELLS if given.only in cell.name]
    with bare_server(dsn, ports), our_server(cluster, folder, ports):
        print_head()
        for cell in cells:
            runs = [await pair(given, owner, site, ports, cell) for _ in range(given.runs)]
            print_cell(cell, runs)
        bursts = [await burst(given, owner, site, ports) for _ in range(given.runs)]
        shown = [f["all_shown_ms"] for f in bursts]
        print(
            f"\nburst of 600 at once, 36 consoles: all shown at every console after "
            f"{statistics.median(shown):.0f} ms [{min(shown):.0f}..{max(shown):.0f}]"
        )
    await owner.close()


async def pair(
    given: argparse.Namespace, owner: asyncpg.Connection, site: Site, ports: Ports, cell: Cell
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bare, then ours, in the same minute."""
    await owner.execute("TRUNCATE bare_alarm")
    bare = await run_client(plan(given, site, ports, cell, bare=True))
    bare["rows"] = await owner.fetchval("SELECT count(*) FROM bare_alarm")
    await reset(owner)
    ours = await run_client(plan(given, site, ports, cell, bare=False))
    ours["rows"] = await owner.fetchval("SELECT count(*) FROM journal WHERE outcome = 'opened'")
    incidents = await owner.fetchval("SELECT count(*) FROM incident")
    if ours["rows"] != ours["acknowledged"] or incidents != ours["rows"]:
        print(
            f"!! acknowledged {ours['acknowledged']}, journal {ours['rows']}, incidents {incidents}"
        )
    await reset(owner)
    return bare, ours


async def burst(
    given: argparse.Namespace, owner: asyncpg.Connection, site: Site, ports: Ports
) -> dict[str, Any]:
    await reset(owner)
    settings = plan(given, site, ports, Cell(36, None), bare=False) | {"burst": 600}
    return await run_client(settings)


def plan(
    given: argparse.Namespace, site: Site, ports: Ports, cell: Cell, *, bare: bool
) -> dict[str, Any]:
    cookies = site.by_region if cell.regions else site.everywhere
    return {
        "http_port": ports.bare_http if bare else ports.ours,
        "ws_port": ports.bare_ws if bare else ports.ours,
        "path": "/" if bare else "/ingest/v1/signals",
        "ws_path": "/" if bare else "/ws/v1/seat",
        "token": TOKEN,
        "cookies": [] if bare else cookies,
        "consoles": cell.consoles,
        "rate": cell.rate,
        "seconds": given.seconds,
        "first_device": 0,
        "devices": given.residents,
        "seat": not bare,
    }


async def run_client(settings: dict[str, Any]) -> dict[str, Any]:
    before, own_before = busy_ticks(), own_ticks()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.client", orjson.dumps(settings).decode(),
        cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"the client failed for {settings}")
    figures: dict[str, Any] = orjson.loads(out)
    total = busy_ticks()
    children = os.times()
    own = (
        own_ticks() + int((children.children_user + children.children_system) * _TICKS) - _reaped[0]
    )
    _reaped[0] = int((children.children_user + children.children_system) * _TICKS)
    passed = (total[1] - before[1]) or 1
    others = max(0, (total[0] - before[0]) - (own - own_before))
    figures["others"] = 100 * others / passed
    return figures


_TICKS = os.sysconf("SC_CLK_TCK")
_reaped = [0]


def busy_ticks() -> tuple[int, int]:
    """Busy and all ticks of the machine."""
    values = [int(v) for v in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = values[3] + values[4]
    return sum(values) - idle, sum(values)


def own_ticks() -> int:
    """Ticks of this process's living descendants, PostgreSQL among them."""
    parents, ticks = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        parents[pid], ticks[pid] = int(fields[1]), int(fields[11]) + int(fields[12])

    def ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return sum(spent for pid, spent in ticks.items() if ours(pid))


def print_head() -> None:
    print(
        f"{'cell':36} {'server':6} {'p50':>7} {'p95':>7} {'p99':>7} {'rate/s':>8} {'rows=ack':>9} {'others %':>9}"
    )


def print_cell(cell: Cell, runs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for index, server in enumerate(("bare", "ours")):
        figures = [run[index] for run in runs]

        def middle(key: str, figures: list[dict[str, Any]] = figures) -> float:
            return statistics.median(f[key] for f in figures)

        exact = all(f["rows"] == f["acknowledged"] for f in figures)
        print(
            f"{cell.name if not index else '':36} {server:6} {middle('p50'):7.2f} {middle('p95'):7.2f} {middle('p99'):7.2f}"
            f" {middle('rate'):8.0f} {'yes' if exact else 'NO':>9} {middle('others'):9.0f}"
        )
    print(
        f"{'':36} {'ratio':6} {ratio(runs, 'p50')}  {ratio(runs, 'p99')}  {ratio(runs, 'rate')}  (p50, p99, rate)",
        flush=True,
    )


def ratio(runs: list[tuple[dict[str, Any], dict[str, Any]]], key: str) -> str:
    ratios = [ours[key] / bare[key] for bare, ours in runs if bare[key] > 0]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"


@contextmanager
def bare_server(dsn: str, ports: Ports) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.bare", "--dsn", dsn]
    command += ["--http", str(ports.bare_http), "--ws", str(ports.bare_ws)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def our_server(cluster: Cluster, folder: Path, ports: Ports) -> Iterator[None]:
    environment = os.environ | {
        "CALLCENTER_DATABASE_URL": cluster.dsn(OWNER),
        "CALLCENTER_DATA_DIR": str(folder / f"data-{secrets.token_hex(2)}"),
        "CALLCENTER_PORT": str(ports.ours),
        "CALLCENTER_LISTENERS": "[]",
        "CALLCENTER_LOG_LEVEL": "warning",
    }
    # Its tables are emptied under its feet between the runs, and it says so.
    with (folder / "server.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "callcenter", "serve"],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=said,
        )
    try:
        wait_until_ready(ports.ours, process)
        print(f"our server: process {process.pid}")
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit("our server did not start")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("our server is not ready after 60 s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(main())
