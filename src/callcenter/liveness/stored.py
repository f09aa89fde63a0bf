"""What the database says of itself: its clock, its size, its log, how far the chains are, the last proof."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from callcenter.core.errors import Unavailable
from callcenter.core.held import LOST, HeldConnections
from callcenter.liveness.checks import Check, CheckState, Fact

ANSWER_WITHIN_S: Final = 3.0
CHECKS: Final = (Check.CLOCK_DATABASE, Check.DATABASE_SIZE, Check.WAL, Check.CHAIN, Check.PROOF)
GIB: Final = 1024**3


async def stored_facts(connections: HeldConnections, now: Callable[[], datetime]) -> Sequence[Fact]:
    """All unknown while it does not answer."""
    try:
        async with connections.use() as connection:
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    return await _asked(connection, now)
            except TimeoutError:
                connection.terminate()
    except (*LOST, Unavailable, asyncpg.PostgresError):
        pass
    return [Fact(check, None, said="database_away") for check in CHECKS]


async def _asked(connection: asyncpg.Connection, now: Callable[[], datetime]) -> Sequence[Fact]:
    before = now()
    theirs = await connection.fetchval("SELECT clock_timestamp()")
    middle = before + (now() - before) / 2
    size = await connection.fetchval("SELECT pg_database_size(current_database())")
    proof = await connection.fetchrow(_PROOF)
    return [
        Fact(Check.CLOCK_DATABASE, abs((theirs - middle).total_seconds())),
        Fact(Check.DATABASE_SIZE, size / GIB),
        await _wal(connection),
        Fact(Check.CHAIN, float(await connection.fetchval(_BEHIND))),
        _proof_fact(proof, now()),
    ]


async def _wal(connection: asyncpg.Connection) -> Fact:
    """Unknown where the server's log-in may not look."""
    if not await connection.fetchval(_MAY_LOOK):
        return Fact(Check.WAL, None, said="not_allowed")
    return Fact(Check.WAL, float(await connection.fetchval(_WAL)) / GIB)


def _proof_fact(row: Any, now: datetime) -> Fact:
    if row is None:
        return Fact(Check.PROOF, None, said="never", at_least=CheckState.WARN)
    days = (now - row["ended_at"]).total_seconds() / 86_400
    if row["clean"] is not True:
        return Fact(Check.PROOF, days, said="not_clean", at_least=CheckState.BAD)
    return Fact(Check.PROOF, days)


_MAY_LOOK = "SELECT has_function_privilege('pg_ls_waldir()', 'execute')"
_WAL = "SELECT coalesce(sum(size), 0)::float8 FROM pg_ls_waldir()"
_PROOF = """
SELECT ended_at, (result->>'clean')::boolean AS clean FROM proof_run
WHERE ended_at IS NOT NULL ORDER BY asked_at DESC LIMIT 1
"""
# Ids are in the order of time: the newest row of the journal against the newest that has its link.
_BEHIND = """
SELECT coalesce(greatest(0, extract(epoch FROM
    (SELECT stored_at FROM journal ORDER BY id DESC LIMIT 1)
    - coalesce((SELECT stored_at FROM journal_link JOIN journal ON journal.id = entry_id ORDER BY journal_link.number DESC LIMIT 1),
               (SELECT stored_at FROM journal ORDER BY id LIMIT 1)))), 0)
"""
