"""Whoever reads much sees one moment, and changes nothing."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.one_moment import one_moment

WRITE = (
    "INSERT INTO number_gap (first, last, reason, at) VALUES (1, 1, 'tried', '2026-03-14 01:00+00')"
)
COUNT = "SELECT count(*) FROM number_gap"


async def test_what_is_written_meanwhile_is_not_seen(database: Database, owner: asyncpg.Connection):
    async with one_moment(database, "test") as connection:
        assert await connection.fetchval(COUNT) == 0
        await owner.execute(WRITE)
        assert await connection.fetchval(COUNT) == 0
    async with one_moment(database, "test") as connection:
        assert await connection.fetchval(COUNT) == 1


async def test_nothing_is_written_in_it(database: Database):
    async with one_moment(database, "test", "0") as connection:
        assert await connection.fetchval("SHOW statement_timeout") == "0"
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute(WRITE)
