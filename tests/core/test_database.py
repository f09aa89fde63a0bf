"""The two ways to PostgreSQL: sessions for people's edits, held connections for the alarm path."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from callcenter.core.database import Database, assert_durable
from callcenter.core.errors import Misconfigured, Unavailable
from tests.support.flaky_proxy import FlakyProxy


async def test_a_transaction_commits_at_its_end(database: Database, owner: asyncpg.Connection):
    async with database.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China')"
            )
        )

    assert await owner.fetchval("SELECT name FROM region") == "中国"


async def test_a_transaction_that_fails_leaves_nothing(
    database: Database, owner: asyncpg.Connection
):
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China')"
                )
            )
            raise ZeroDivisionError

    assert await owner.fetchval("SELECT count(*) FROM region") == 0


async def test_a_held_connection_speaks_json_and_tells_its_name(database: Database):
    connection = await database.connect("intake 1")
    try:
        given = {"name": "沈玉兰", "hazards": ["抗凝药"]}
        assert await connection.fetchval("SELECT $1::jsonb", given) == given
        assert await connection.fetchval("SELECT current_setting('application_name')") == "intake 1"
        assert await connection.fetchval("SELECT current_user") == "callcenter_server"
        assert await connection.fetchval("SELECT current_setting('lock_timeout')") == "200ms"
    finally:
        await connection.close()


async def test_a_held_connection_follows_indexes_in_a_table_it_met_empty(database: Database):
    connection = await database.connect("intake 1")
    try:
        await connection.execute(
            "PREPARE mark (bigint[]) AS UPDATE region SET name = region.name"
            " FROM unnest($1) AS due (id) WHERE region.id = due.id"
        )
        plan = [row[0] for row in await connection.fetch("EXPLAIN EXECUTE mark ('{1,2,3}')")]
        assert any("Index Scan" in line for line in plan), plan
        assert not any("Seq Scan" in line for line in plan), plan
    finally:
        await connection.close()


async def test_a_held_connection_does_not_queue_behind_a_lock(
    database: Database, owner: asyncpg.Connection
):
    await owner.execute(
        "INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China')"
    )
    connection = await database.connect("intake 1")
    try:
        async with owner.transaction():
            await owner.execute("UPDATE region SET name_en = 'PRC'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await connection.execute("UPDATE region SET name_en = 'CN'")
    finally:
        await connection.close()


async def test_a_lost_connection_of_the_pool_is_replaced(
    database: Database, owner: asyncpg.Connection
):
    async with database.transaction() as session:
        pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    await owner.execute("SELECT pg_terminate_backend($1)", pid)

    async with database.transaction() as session:
        assert (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one() != pid


async def test_an_absent_postgres_is_unavailable_not_a_stack_of_library_errors():
    nowhere = Database("postgresql://callcenter:x@127.0.0.1:1/callcenter")
    with pytest.raises(Unavailable):
        await nowhere.connect("intake 1")
    with pytest.raises(Unavailable):
        async with nowhere.transaction() as session:
            await session.execute(text("SELECT 1"))
    await nowhere.close()


async def test_g1_a_postgres_that_may_lose_commits_is_refused(owner: asyncpg.Connection):
    await owner.execute("SET synchronous_commit = off")
    with pytest.raises(Misconfigured) as refused:
        await assert_durable(owner)  # the test cluster itself runs without fsync

    assert refused.value.params["settings"] == [
        "fsync = off",
        "full_page_writes = off",
        "synchronous_commit = off",
    ]


async def test_g1_a_commit_on_its_way_is_not_a_commit(dsn: str, owner: asyncpg.Connection):
    async with FlakyProxy.to_postgres(dsn) as proxy:
        connection = await Database(proxy.dsn).connect("intake 1")
        proxy.hold("up", when=lambda data: b"COMMIT" in data)
        writing = asyncio.create_task(_write_a_region(connection))
        await proxy.held("up")

        assert not writing.done()
        assert await owner.fetchval("SELECT count(*) FROM region") == 0

        proxy.release()
        await writing
        assert await owner.fetchval("SELECT count(*) FROM region") == 1
        await connection.close()


async def _write_a_region(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '中国', 'China')"
        )
