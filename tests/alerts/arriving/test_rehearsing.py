"""A database that answers and does not write is noticed before the next alarm is, and no signal is blamed for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.rehearsing import EVERY_S, TABLES, Rehearsal
from callcenter.core.database import Database
from callcenter.core.store_health import StoreHealth
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Kind, Signal
from tests.alerts.conftest import Desk
from tests.support.away import keeping_somewhere
from tests.support.waiting import until


@pytest.fixture
async def source(desk: Desk) -> SourceRef:
    await desk.community.source()
    await desk.reload()
    found = desk.registry.source("dc09")
    assert found is not None
    return found


@pytest.fixture
def health(desk: Desk) -> StoreHealth:
    return StoreHealth(desk.clock.monotonic())


@pytest.fixture
async def rehearse(desk: Desk, health: StoreHealth) -> AsyncIterator[Rehearsal]:
    made = Rehearsal(health, desk.database, desk.clock)
    yield made
    await made.connections.close()


async def trouble(desk: Desk, health: StoreHealth, rehearsal: Rehearsal) -> str | None:
    desk.clock.advance(EVERY_S)
    await rehearsal.run_once(desk.clock.now())
    return health.trouble(desk.clock.monotonic())


@asynccontextmanager
async def locked(desk: Desk, table: str) -> AsyncIterator[None]:
    """Somebody holds the whole table."""
    holder = await asyncpg.connect(desk.database.dsn)
    try:
        async with holder.transaction():
            await holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await holder.close()


@asynccontextmanager
async def read_only(desk: Desk) -> AsyncIterator[None]:
    """For all connections made from now on, as an administrator does it when a disk runs full; those that are there are ended."""
    name = await desk.owner.fetchval("SELECT current_database()")
    of_this = f'ALTER ROLE CURRENT_USER IN DATABASE "{name}"'
    await desk.owner.execute(f"{of_this} SET default_transaction_read_only = on")
    await desk.owner.execute(_END_OTHERS)
    try:
        yield
    finally:
        await desk.owner.execute(f"{of_this} RESET default_transaction_read_only")


async def test_a_database_that_writes_is_well_and_nothing_stays_of_the_rehearsal(
    desk: Desk, health: StoreHealth, rehearse: Rehearsal
):
    assert await trouble(desk, health, rehearse) is None
    health.flush_failed(desk.clock.monotonic(), "disk full")
    assert await trouble(desk, health, rehearse) is None
    assert await desk.owner.fetchval("SELECT count(*) FROM journal") == 0


@pytest.mark.parametrize("table", TABLES.split(", "))
async def test_a_locked_table_is_trouble_until_it_is_let_go(
    desk: Desk, health: StoreHealth, rehearse: Rehearsal, table: str
):
    async with locked(desk, table):
        assert await trouble(desk, health, rehearse) is not None
    assert await trouble(desk, health, rehearse) is None


async def test_a_read_only_database_is_trouble_until_it_writes_again(
    desk: Desk, health: StoreHealth, rehearse: Rehearsal
):
    async with read_only(desk):
        assert await trouble(desk, health, rehearse) is not None
        assert "read-only" in str(await trouble(desk, health, rehearse))
    await desk.owner.execute(_END_OTHERS)
    await trouble(desk, health, rehearse)
    assert await trouble(desk, health, rehearse) is None


async def test_a_database_that_is_gone_is_trouble(desk: Desk, health: StoreHealth):
    rehearsal = Rehearsal(health, Database("postgresql://127.0.0.1:1/nothing"), desk.clock)
    assert await trouble(desk, health, rehearsal) is not None


async def test_nothing_is_rehearsed_while_flushes_work(desk: Desk, health: StoreHealth):
    rehearsal = Rehearsal(health, Database("postgresql://127.0.0.1:1/nothing"), desk.clock)
    desk.clock.advance(EVERY_S)
    health.flush_worked(desk.clock.monotonic())
    await rehearsal.run_once(desk.clock.now())
    assert health.trouble(desk.clock.monotonic()) is None


def presses(count: int) -> list[Signal]:
    raws = [f"caller-{n}".encode() for n in range(count)]
    return [Signal(raw.decode(), Kind.SOS, sha256(raw).digest(), raw) for raw in raws]


@asynccontextmanager
async def intake_with(desk: Desk, health: StoreHealth) -> AsyncIterator[Intake]:
    database = Database(desk.database.dsn)
    intake = Intake(
        database,
        desk.registry,
        desk.clock,
        desk.board,
        texts_written=lambda: None,
        health=health,
        keeping=keeping_somewhere(desk.board, desk.clock),
    )
    async with Supervisor() as supervisor:
        intake.start(supervisor)
        yield intake
    await database.close()


async def test_presses_that_a_locked_journal_holds_up_are_written_when_it_is_let_go(
    desk: Desk, source: SourceRef, health: StoreHealth
):
    """Together, as they came: taken one by one they would each wait for a lock that none of them can have."""
    async with intake_with(desk, health) as intake:
        with capture_logs() as logs:
            async with locked(desk, "journal"):
                waiting = asyncio.create_task(intake.accept(source, presses(60), desk.clock.now()))
                await until(lambda: health.flush_failed_last, "the trouble to be noticed", 3)
            settled = await waiting
    assert len(settled) == 60
    assert health.trouble(desk.clock.monotonic()) is None
    assert not [line for line in logs if line["event"] == "signal_refused"]
    assert await desk.owner.fetchval("SELECT count(*) FROM journal") == 60


async def test_a_read_only_database_blames_no_signal_and_gets_them_all_in_the_end(
    desk: Desk, source: SourceRef, health: StoreHealth
):
    async with intake_with(desk, health) as intake:
        with capture_logs() as logs:
            async with read_only(desk):
                waiting = asyncio.create_task(intake.accept(source, presses(5), desk.clock.now()))
                await until(
                    lambda: "read-only" in str(health.trouble(desk.clock.monotonic())), "trouble", 3
                )
            settled = await waiting
    assert len(settled) == 5
    assert not [line for line in logs if line["event"] in ("signal_refused", "signal_not_stored")]


_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""
