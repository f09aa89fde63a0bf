"""PostgreSQL stands still, is locked, or only reads, while alarms pour in: they ring and are acknowledged meanwhile, and afterwards
everything is written once (G5).
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import pytest

from tests.faults.conftest import OwnDisk
from tests.faults.pouring import nothing_lost_nothing_twice, pouring
from tests.support.console import Console, open_console
from tests.support.waiting import until

pytestmark = [
    pytest.mark.durability,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the dialler's sockets
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its utcnow()
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture(autouse=True)
def their_sockets_are_collected_here() -> Iterator[None]:
    yield
    gc.collect()


def processes_of(postmaster: int) -> list[int]:
    """Itself and its children."""
    with open(f"/proc/{postmaster}/task/{postmaster}/children") as children:
        return [postmaster, *map(int, children.read().split())]


@asynccontextmanager
async def standing_still(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    postmaster = disk.postmaster()
    assert postmaster is not None
    stopped = processes_of(postmaster)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def locked(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    async with owner.transaction():
        await owner.execute("SET LOCAL lock_timeout = '20s'")
        await owner.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await owner.execute("LOCK TABLE incident, journal IN ACCESS EXCLUSIVE MODE")
        yield


@asynccontextmanager
async def read_only(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    """As a standby is, or a cluster that somebody is looking after."""
    [file] = disk.server.data_dir.rglob("postgresql.auto.conf")
    before = file.read_text()

    def have(text: str) -> None:
        postmaster = disk.postmaster()
        assert postmaster is not None
        file.write_text(text)
        os.kill(postmaster, signal.SIGHUP)

    have(f"{before}\ndefault_transaction_read_only = on\n")
    try:
        yield
    finally:
        have(before)


Outage = Callable[[OwnDisk, asyncpg.Connection], AbstractAsyncContextManager[None]]


@pytest.mark.parametrize("outage", [standing_still, locked, read_only])
async def test_g5_it_rings_and_is_acknowledged_while_postgresql_does_not_answer(
    own_disk: OwnDisk, outage: Outage, measured: Callable[[str], None]
):
    server = own_disk.server
    owner = await own_disk.owner()
    [wang, *_] = own_disk.site.operators
    async with open_console(server.url, wang) as console:
        async with pouring(server, own_disk.site) as made:
            await made.more(30)
            before = len(made.took)
            async with outage(own_disk, owner):
                await made.more(100)
                during = made.took[before:]
                presses = presses_shown(console)
                await made.more(30)
                await until(lambda: presses_shown(console) > presses, "later presses to be shown")
                await until(lambda: not console.of_kind("beat")[-1]["database"], "the banner", 20)
            await made.more(30)
        await until(lambda: has_everything(console), "all of it to be written", 60)
    measured(
        f"{made.figures}; while it was away the slowest of {len(during)}"
        f" was acknowledged after {1000 * max(during):.0f} ms"
    )
    await nothing_lost_nothing_twice(owner, made)
    rows = await owner.fetch(
        "SELECT number, count(*) AS times FROM incident GROUP BY number HAVING count(*) > 1"
    )
    assert not rows
    assert server.events("command_not_written") == []
    await owner.close()


def presses_shown(console: Console) -> int:
    return sum(int(one["press_count"]) for one in console.incidents.values())


def has_everything(console: Console) -> bool:
    last = console.of_kind("beat")[-1]
    return bool(last["database"]) and last["kept"] == 0 and last["away_since"] is None
