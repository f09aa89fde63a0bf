"""Held connections: one user at a time, a broken one is replaced, and what is lost is said to be away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections

PID = "SELECT pg_backend_pid()"


@pytest.fixture
async def held(database: Database) -> AsyncIterator[HeldConnections]:
    made = HeldConnections(database, "test", 1)
    yield made
    await made.close()


async def test_the_same_connection_is_used_again(held: HeldConnections):
    pids = set()
    for _ in range(3):
        async with held.use() as connection:
            pids.add(await connection.fetchval(PID))
    assert len(pids) == 1


async def test_the_second_waits_for_the_first(held: HeldConnections):
    order = []

    async def use(name: str, gate: asyncio.Event) -> None:
        async with held.use():
            order.append(name)
            await gate.wait()

    first, second = asyncio.Event(), asyncio.Event()
    second.set()
    one = asyncio.create_task(use("one", first))
    while not order:
        await asyncio.sleep(0)
    other = asyncio.create_task(use("other", second))
    await asyncio.sleep(0)
    assert order == ["one"]
    first.set()
    await asyncio.gather(one, other)
    assert order == ["one", "other"]


async def test_a_connection_that_was_killed_is_said_to_be_away_and_replaced(
    held: HeldConnections, owner: asyncpg.Connection
):
    with pytest.raises(Unavailable):
        async with held.use() as connection:
            pid = await connection.fetchval(PID)
            await owner.execute("SELECT pg_terminate_backend($1, 5000)", pid)
            await connection.fetchval(PID)
    async with held.use() as connection:
        assert await connection.fetchval(PID) != pid


async def test_one_that_was_left_within_a_transaction_is_not_handed_on(held: HeldConnections):
    with pytest.raises(ZeroDivisionError):
        async with held.use() as connection:
            pid = await connection.fetchval(PID)
            await connection.transaction().start()
            raise ZeroDivisionError
    async with held.use() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval(PID) != pid


async def test_an_error_of_the_user_keeps_the_connection(held: HeldConnections):
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with held.use() as connection:
            pid = await connection.fetchval(PID)
            await connection.fetchval("SELECT 1 / 0")
    async with held.use() as connection:
        assert await connection.fetchval(PID) == pid


async def test_a_database_that_is_not_there_is_said_to_be_away():
    nowhere = Database("postgresql://nobody@127.0.0.1:9/nothing")
    held = HeldConnections(nowhere, "test")
    with pytest.raises(Unavailable):
        async with held.use():
            pytest.fail("there is no connection")
    await nowhere.close()


async def test_a_user_who_has_to_come_again_later_costs_no_connection(held: HeldConnections):
    """A row that somebody else holds is no trouble of the connection it was asked for on."""
    with pytest.raises(Unavailable):
        async with held.use() as connection:
            pid = await connection.fetchval(PID)
            raise Unavailable("The incident is busy: try again.", code="busy")
    async with held.use() as connection:
        assert await connection.fetchval(PID) == pid
