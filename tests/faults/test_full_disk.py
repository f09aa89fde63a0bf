"""The disk of the private PostgreSQL is really full: seats hear of it, devices repeat, and it comes back when there is space."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import OwnDisk
from tests.support.console import Console, open_console
from tests.support.waiting import until
from tests.support.wire import insist, post, sos

pytestmark = pytest.mark.durability

MIB = 1024 * 1024
SIZE_MB = 160

Measured = Callable[[str], None]


@pytest.fixture
def folder(folder: Path) -> Iterator[Path]:
    """PostgreSQL lives on a small file system of its own; the server's log does not."""
    disk = folder / "data" / "postgresql"
    disk.mkdir(mode=0o711, parents=True)
    disk.parent.chmod(0o711)
    options = f"size={SIZE_MB}m,mode=0711"
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


async def test_g1_a_full_disk_is_told_to_the_seats_loses_nothing_and_passes(
    own_disk: OwnDisk, measured: Measured
):
    server, site = own_disk.server, own_disk.site
    [wang, *_] = site.operators
    async with open_console(server.url, wang) as console:
        bodies = [sos(site.phone(0))]
        await insist(server.http_port, bodies[0])
        ballast = fill(server.data_dir / "postgresql")
        told = asyncio.create_task(told_at(console))
        refused_at = await press_until_refused(server.http_port, site.phone(1), bodies)
        measured(
            f"{len(bodies)} presses fitted; seat told {await told - refused_at:.2f} s after the next"
        )
        waiting = asyncio.create_task(insist(server.http_port, sos(site.phone(2))))
        freed_at = time.monotonic()
        ballast.unlink()
        await waiting
        measured(f"stored again {time.monotonic() - freed_at:.2f} s after there was space")
        await until(lambda: stores(console) is True, "the seat to be told that it passed", 20)
    owner = await own_disk.owner()
    kept = {bytes(row["raw"]) for row in await owner.fetch("SELECT raw FROM journal")}
    await owner.close()
    assert [body for body in bodies if body not in kept] == []
    assert server.alive


async def press_until_refused(port: int, device: str, acknowledged: list[bytes]) -> float:
    """Presses as long as they are acknowledged, each of them a large one; when the first was not."""
    while True:
        body = sos(device, note="x" * 20_000)
        began = time.monotonic()
        try:
            async with asyncio.timeout(10):
                answer = await post(port, body)
        except (OSError, asyncio.IncompleteReadError):
            return began
        if answer.status not in (200, 201):
            assert answer.status == 503, answer
            return began
        acknowledged.append(body)


async def told_at(console: Console) -> float:
    """When the seat hears that nothing can be stored."""
    await until(lambda: stores(console) is False, "the seat to be told", 30)
    return time.monotonic()


def stores(console: Console) -> bool | None:
    """What the last beat says."""
    beats = console.of_kind("beat")
    return beats[-1]["database"] if beats else None
