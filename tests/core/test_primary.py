"""Which of several hosts takes writes: read from the address, asked at once, and found anew when it has moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Misconfigured, Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.primary import Host, _Answer, hosts_of, newest
from tests.support.flaky_proxy import FlakyProxy
from tests.support.place import durable_databases
from tests.support.postgres import TestDatabases

__all__ = ["durable_databases"]


@pytest.fixture
async def held(database: Database) -> AsyncIterator[HeldConnections]:
    made = HeldConnections(database, "test", 1)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("address", "hosts"),
    [
        ("postgresql://cc@db.example/callcenter", [Host("db.example", 5432)]),
        ("postgresql://cc:p%40ss@a:5433,b/callcenter", [Host("a", 5433), Host("b", 5432)]),
        ("postgresql://cc@[fd00::1]:6000,[fd00::2]/x", [Host("fd00::1", 6000), Host("fd00::2", 5432)]),
        ("postgresql://cc@/x?host=/run/pg&port=6001", [Host("/run/pg", 6001)]),
        ("postgresql:///x?host=a,b&port=6001,6002", [Host("a", 6001), Host("b", 6002)]),
        ("postgresql:///x?host=a,b", [Host("a", 5432), Host("b", 5432)]),
    ],
)  # fmt: skip
def test_the_hosts_stand_in_the_address(address: str, hosts: list[Host]):
    assert list(hosts_of(address)) == hosts


def test_a_port_that_is_none_is_named():
    with pytest.raises(Misconfigured, match="'x'"):
        hosts_of("postgresql://a:x,b/callcenter")


def test_of_two_that_take_writes_the_one_that_was_promoted_last_counts():
    old, new = _Answer(Host("a", 1), 1), _Answer(Host("b", 1), 2)
    refused = _Answer(Host("c", 1), why_not="a standby")
    assert newest([old, refused, new]) == newest([new, old]) == new
    assert newest([refused]) is None


@pytest.fixture
async def durable_dsn(durable_databases: TestDatabases) -> AsyncIterator[str]:
    made = await durable_databases.clone()
    yield made
    await durable_databases.drop(made)


async def test_all_go_to_the_other_host_when_one_says_nothing_any_more(durable_dsn: str):
    dsn = durable_dsn
    async with FlakyProxy.to_postgres(dsn) as first, FlakyProxy.to_postgres(dsn) as second:
        both = first.dsn.replace(f":{first.port}/", f":{first.port},127.0.0.1:{second.port}/")
        database = Database(both)
        held = HeldConnections(database, "test", 1)
        async with held.use() as connection:
            assert await connection.fetchval("SELECT 1") == 1
        hanging = await database.connect("another")
        first.hold("down")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), held.use() as connection:
                await connection.fetchval("SELECT 1")
        async with held.use() as connection:
            assert await connection.fetchval("SELECT 2") == 2
        assert hanging.is_closed()  # nobody waits for what hangs on the first
        await held.close()
        await database.close()


async def test_nobody_moves_to_a_host_that_may_lose_what_it_acknowledges(dsn: str):
    async with FlakyProxy.to_postgres(dsn) as first, FlakyProxy.to_postgres(dsn) as second:
        both = first.dsn.replace(f":{first.port}/", f":{first.port},127.0.0.1:{second.port}/")
        database = Database(both)
        connection = await database.connect("test")
        first.cut()
        with pytest.raises(Unavailable, match="fsync = off"):
            await database.connect("test")
        connection.terminate()
        await database.close()


async def test_a_search_is_for_all_who_ask_meanwhile(dsn: str):
    async with FlakyProxy.to_postgres(dsn) as first, FlakyProxy.to_postgres(dsn) as second:
        both = first.dsn.replace(f":{first.port}/", f":{first.port},127.0.0.1:{second.port}/")
        database = Database(both)
        second.hold("down")  # asked by the search, and by nobody else
        made = await asyncio.gather(*(database.connect(f"test {n}") for n in range(8)))
        assert first.made == 8 + 1
        assert second.made == 1
        for connection in made:
            connection.terminate()
        await database.close()


async def test_a_connection_that_no_longer_writes_is_made_anew(
    held: HeldConnections,
):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with held.use() as connection:
            before = await connection.fetchval("SELECT pg_backend_pid()")
            await connection.execute("SET default_transaction_read_only = on")
            await connection.execute("CREATE TABLE nothing ()")
    async with held.use() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") != before


async def test_where_no_host_takes_writes_it_is_away():
    database = Database("postgresql://cc@127.0.0.1:1,127.0.0.1:2/x", role=None)
    with pytest.raises(Unavailable, match="no host takes writes"):
        await database.connect("test")
    await database.close()
