"""A row of the table of faults: a scene in which something can be broken, and what comes of breaking it."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from tests.faults.breaking import FAULTS, Fault, Scene, missing
from tests.faults.conftest import own_disk_in
from tests.faults.counting import Row, doubled, row_of, to_be_told
from tests.faults.homes import settle
from tests.faults.moved_clocks import moved_clocks
from tests.faults.networks import own_network
from tests.faults.storming import Load, Storm, storming, with_gateway
from tests.support.sms_gateway import FakeSmsbox, fake_smsbox
from tests.support.waiting import until, until_told

START: Final = 20
"""Presses that have rung before anything is broken."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own there."""
    folder.mkdir(mode=0o711, parents=True)
    folder.parent.chmod(0o711)
    options = f"size={megabytes}m,mode=0711"
    mount = ["mount", "-t", "tmpfs", "-o", options, "callcenter-test", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def fault(request: pytest.FixtureRequest, folder: Path) -> Iterator[Fault]:
    """With what it needs in its place."""
    wanted = FAULTS[request.param]
    if lacking := missing(wanted):
        pytest.skip(f"not here: {', '.join(lacking)}")
    with ExitStack() as stack:
        for name, megabytes in wanted.disks.items():
            stack.enter_context(small_disk(folder / "data" / name, megabytes))
        if "nft" in wanted.needs:
            try:
                stack.enter_context(own_network())
            except OSError as error:
                pytest.skip(f"no network of our own here: {error}")
        yield wanted


@pytest.fixture
async def scene(fault: Fault, folder: Path) -> AsyncIterator[Scene]:
    """A server with texts on and homes whose contacts are told."""
    clock = folder / "clock"
    clock.write_bytes(bytes(8))
    settings, environment = moved_clocks(folder, clock, fault.clocks)
    async with (
        fake_smsbox() as box,
        own_disk_in(
            folder,
            also=lambda owner, site: settle(owner, site.community.street),
            settings=with_gateway(box) | settings,
            environment=environment,
        ) as disk,
    ):
        await until(lambda: bool(disk.server.events("office_answers")), "the office", 30)
        yield Scene(disk, await disk.owner(), box, clock)


async def what_comes_of(name: str, fault: Fault, scene: Scene, load: Load | None = None) -> Row:
    """Before, while and after it is broken."""
    server, site = scene.disk.server, scene.disk.site
    async with storming(server, site.operators, load) as made:
        await until(lambda: len(made.rung) > START, "a start", 30)
        async with fault.break_(scene):
            await asyncio.sleep(fault.lasts_s)
        ended = time.monotonic()
        try:
            await until(lambda: made.is_calm, "everything to be written", 120)
        except AssertionError as error:
            raise AssertionError(
                f"{error}; last beat {made.beats[-1:]}\n{server.log()[-20_000:]}"
            ) from None
        recovered_s = time.monotonic() - ended
    owner = scene.owner if not scene.owner.is_closed() else await scene.disk.owner()
    await all_told(made, scene.box)
    await all_recognised(made, owner)
    row = await row_of(name, made, owner, recovered_s, scene.box)
    await owner.close()
    return row


async def all_recognised(made: Storm, owner: asyncpg.Connection) -> None:
    """Who rang as unknown and is a home's by now; who has two alarms after half a minute is counted."""

    async def none_is_double() -> bool:
        return not await doubled(owner, made.sent)

    with suppress(AssertionError):
        await until_told(none_is_double, "", 30)


async def all_told(made: Storm, box: FakeSmsbox) -> None:
    """Who is not told in a minute is counted as not told."""
    with suppress(AssertionError):
        await until(
            lambda: {each.recipient for each in box.taken}.issuperset(to_be_told(made)), "", 60
        )
