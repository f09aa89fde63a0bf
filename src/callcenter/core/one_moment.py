"""One moment of the whole database for those who read much of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from callcenter.core.database import Database


@asynccontextmanager
async def one_moment(
    database: Database, name: str, at_most: str = "10min"
) -> AsyncIterator[asyncpg.Connection]:
    """A snapshot that changes nothing and waits for nobody, and nobody for it; a statement may take `at_most` (PostgreSQL's
    intervals; "0": for ever). Raises Unavailable.
    """
    connection = await database.connect(name, answer_s=None)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute(_MANNERS.format(at_most=at_most))
            yield connection
    finally:
        await connection.close()


# The plans of the alarm path, by index at any price, are not for whoever reads tables through.
_MANNERS = """
SET LOCAL idle_in_transaction_session_timeout = '{at_most}';
SET LOCAL statement_timeout = '{at_most}';
SET LOCAL lock_timeout = '5s';
SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL enable_seqscan = on;
SET LOCAL max_parallel_workers_per_gather = 0;
"""
