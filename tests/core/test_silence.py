"""A database that says nothing is told from one that says no."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.core.database import Database
from callcenter.core.silence import Silence
from tests.support.clock import HandClock
from tests.support.flaky_proxy import FlakyProxy
from tests.support.postgres import TestDatabases


@dataclass
class Behind:
    silence: Silence
    proxy: FlakyProxy

    async def ask(self) -> bool:
        await self.silence.run_once(HandClock().now())
        return self.silence.holds


@pytest.fixture
async def behind(dsn: str) -> AsyncIterator[Behind]:
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        silence = Silence(database)
        yield Behind(silence, proxy)
        proxy.restore()
        await silence.connections.close()
        await database.close()


async def test_one_that_stands_still_is_silent_at_the_second_question_without_an_answer(
    behind: Behind,
):
    assert not await behind.ask()
    behind.proxy.hold("down")
    with capture_logs() as logs:
        assert not await behind.ask()
        assert await behind.ask()
        behind.proxy.release()
        assert not await behind.ask()
    assert [line["event"] for line in logs] == ["database_silent", "database_speaks_again"]


async def test_one_that_nobody_reaches_is_silent_at_once(behind: Behind):
    behind.proxy.cut()
    assert await behind.ask()
    behind.proxy.restore()
    assert not await behind.ask()


async def test_one_that_only_reads_is_not(behind: Behind, owner: asyncpg.Connection):
    name = await owner.fetchval("SELECT current_database()")
    alter = f'ALTER ROLE CURRENT_USER IN DATABASE "{name}"'
    await owner.execute(f"{alter} SET default_transaction_read_only = on")
    assert not await behind.ask()
    await owner.execute(f"{alter} RESET default_transaction_read_only")


async def test_one_that_has_no_room_for_us_is_not(
    behind: Behind, dsn: str, databases: TestDatabases
):
    admin = await asyncpg.connect(databases.admin_dsn_of(dsn))
    name = await admin.fetchval("SELECT current_database()")
    await admin.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    try:
        assert not await behind.ask()
        assert not await behind.ask()
    finally:
        await admin.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
        await admin.close()
