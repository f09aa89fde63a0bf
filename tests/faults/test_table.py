"""The table of faults (docs/faults.md): for each what was pressed, acknowledged, written, shown, doubled and lost while it lasted."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from tests.faults.conftest import OwnDisk
from tests.faults.storming import HEAD, Row, line, row_of, storming
from tests.faults.test_away import locked, read_only, standing_still
from tests.support.postgres import kill_postgres
from tests.support.waiting import until

pytestmark = pytest.mark.durability

LASTS_S = 5.0
_first = count(0, 10_000)

Fault = Callable[[OwnDisk, asyncpg.Connection], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def nothing(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def postgresql_killed(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    killed = disk.postmaster()
    assert killed is not None
    kill_postgres(killed)
    yield
    await until(lambda: disk.postmaster() not in (killed, None), "PostgreSQL", 30)


@asynccontextmanager
async def alarm_process_killed(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    for _ in range(3):
        disk.server.signal("alarm", signal.SIGKILL)
        await asyncio.sleep(LASTS_S / 3)
    yield


@asynccontextmanager
async def office_killed(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    disk.server.signal("office", signal.SIGKILL)
    yield


@asynccontextmanager
async def everything_killed(disk: OwnDisk, owner: asyncpg.Connection) -> AsyncIterator[None]:
    """As near to a power cut as processes come."""
    postmaster = disk.postmaster()
    assert postmaster is not None
    kill_postgres(postmaster)
    disk.server.kill()
    await until(lambda: not Path(f"/proc/{postmaster}").exists(), "PostgreSQL to be gone")
    await disk.server.start()
    yield


@asynccontextmanager
async def killed_while_it_stands_still(
    disk: OwnDisk, owner: asyncpg.Connection
) -> AsyncIterator[None]:
    """The alarm process dies with a full spool."""
    async with standing_still(disk, owner):
        await asyncio.sleep(2.0)
        disk.server.signal("alarm", signal.SIGKILL)
        yield


FAULTS: dict[str, Fault] = {
    "nothing": nothing,
    "PostgreSQL stands still (SIGSTOP)": standing_still,
    "tables locked": locked,
    "PostgreSQL reads only": read_only,
    "PostgreSQL kill -9": postgresql_killed,
    "alarm process kill -9, three times": alarm_process_killed,
    "office process kill -9": office_killed,
    "everything kill -9 at once": everything_killed,
    "PostgreSQL stands still, alarm process kill -9": killed_while_it_stands_still,
}


@pytest.fixture(scope="module")
def table() -> list[Row]:
    return []


@pytest.mark.parametrize("fault", FAULTS)
async def test_nothing_that_was_acknowledged_is_lost_or_doubled(
    own_disk: OwnDisk, fault: str, table: list[Row], measured: Callable[[str], None]
):
    server, owner = own_disk.server, await own_disk.owner()
    async with storming(server, own_disk.site.operators, next(_first)) as made:
        await until(lambda: len(made.shown) > 100, "a start", 30)
        await until(lambda: bool(server.events("office_answers")), "the office", 30)
        async with FAULTS[fault](own_disk, owner):
            await asyncio.sleep(LASTS_S)
        ended = time.monotonic()
        await until(lambda: made.is_calm, "everything to be written", 60)
        recovered_s = time.monotonic() - ended
    if owner.is_closed():
        owner = await own_disk.owner()
    row = await row_of(fault, made, owner, recovered_s)
    await owner.close()
    table.append(row)
    measured(line(row))
    assert (row.lost, row.double) == (0, 0)
    assert row.in_journal == row.acknowledged == row.sent
    assert row.shown == row.sent


@pytest.fixture(scope="module", autouse=True)
def written(table: list[Row]) -> AsyncIterator[None]:
    """With FAULTS_TABLE the table is written to that file."""
    yield
    if file := os.environ.get("FAULTS_TABLE"):
        Path(file).write_text("\n".join([HEAD, *map(line, table)]) + "\n")
