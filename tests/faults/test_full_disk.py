"""The disk of the private PostgreSQL is really full: alarms are stored on in the room kept for them. Without any seats hear of it,
devices repeat, and it comes back when there is space.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.conftest import OwnDisk
from tests.support.console import Console, open_console
from tests.support.waiting import until, until_told
from tests.support.wire import insist, sos

pytestmark = pytest.mark.durability

MIB = 1024 * 1024
SIZE_MB = 160
"""Too small for a reserve."""
ROOMY_MB = 320
PRESSES = 200

Measured = Callable[[str], None]


@pytest.fixture
def folder(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """PostgreSQL lives on a small file system of its own; the server's log does not."""
    disk = folder / "data" / "postgresql"
    disk.mkdir(mode=0o711, parents=True)
    disk.parent.chmod(0o711)
    size_mb = getattr(request, "param", SIZE_MB)
    options = f"size={size_mb}m,mode=0711"
    mount = ["mount", "-t", "tmpfs", "-o", options, "callcenter-test", str(disk)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Until nothing fits any more."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (MIB, 4096, 1):
            try:
                while True:
                    file.write(os.urandom(size))
            except OSError:
                continue
    return ballast


@pytest.mark.parametrize("folder", [ROOMY_MB], indirect=True)
async def test_g1_alarms_are_stored_on_when_the_disk_is_full(own_disk: OwnDisk, measured: Measured):
    server, site = own_disk.server, own_disk.site
    reserve = server.data_dir / "postgresql" / "reserve"
    await until(lambda: holds(reserve) == 64 * MIB, "the reserve to be made")
    ballast = fill(server.data_dir / "postgresql")
    await until(lambda: holds(reserve) < 64 * MIB, "a piece of the reserve to be given up")
    bodies = [sos(site.phone(n % 7), note="x" * 20_000) for n in range(PRESSES)]
    began = time.monotonic()
    for body in bodies:
        await insist(server.http_port, body)
    took = time.monotonic() - began
    measured(f"{PRESSES} presses in {took:.2f} s, {holds(reserve) // MIB} MiB left of the reserve")
    await until_told(lambda: says(server.http_port, False), "watchers to be told")
    ballast.unlink()
    await until(lambda: holds(reserve) == 64 * MIB, "the reserve to be whole again")
    await until_told(lambda: says(server.http_port, True), "watchers to be told that it passed")
    assert server.events("disk_reserve_in_use")
    assert server.events("disk_reserve_whole")
    owner = await own_disk.owner()
    stored = {bytes(row["raw"]) for row in await owner.fetch("SELECT raw FROM journal")}
    await owner.close()
    assert [body for body in bodies if body not in stored] == []


def holds(reserve: Path) -> int:
    return reserve.stat().st_size if reserve.exists() else 0


async def says(port: int, is_whole: bool) -> bool:
    """Whether this is what watchers are told of the reserve."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/readyz")
    return answer.json()["checks"]["disk_reserve"] is is_whole


async def test_g1_a_full_disk_is_told_to_the_seats_loses_nothing_and_passes(
    own_disk: OwnDisk, measured: Measured
):
    server, site = own_disk.server, own_disk.site
    [wang, *_] = site.operators
    async with open_console(server.url, wang) as console:
        bodies = [sos(site.phone(0))]
        await insist(server.http_port, bodies[0])
        ballast = fill(server.data_dir / "postgresql")
        began = time.monotonic()
        told = asyncio.create_task(told_at(console))
        while not told.done():
            bodies.append(sos(site.phone(1), note="x" * 20_000))
            await insist(server.http_port, bodies[-1])
        measured(f"{len(bodies)} presses; seat told {await told - began:.2f} s after it was full")
        bodies.append(sos(site.phone(2)))
        rung = await insist(server.http_port, bodies[-1])
        await console.shows(rung.document["incident_id"])
        freed_at = time.monotonic()
        ballast.unlink()
        await until(lambda: stores(console) is True, "the seat to be told that it passed", 20)
        measured(f"stored again {time.monotonic() - freed_at:.2f} s after there was space")
        await until(
            lambda: console.of_kind("beat")[-1]["away_since"] is None, "all to be written", 60
        )
    owner = await own_disk.owner()
    kept = {bytes(row["raw"]) for row in await owner.fetch("SELECT raw FROM journal")}
    await owner.close()
    assert [body for body in bodies if body not in kept] == []
    assert server.alive


async def told_at(console: Console) -> float:
    """When the seat hears that nothing can be stored."""
    await until(lambda: stores(console) is False, "the seat to be told", 30)
    return time.monotonic()


def stores(console: Console) -> bool | None:
    """What the last beat says."""
    beats = console.of_kind("beat")
    return beats[-1]["database"] if beats else None
