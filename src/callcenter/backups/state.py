"""Reads what a database holds: rows of each table, where its chains end, its revision."""

from __future__ import annotations

import asyncpg

from callcenter.alerts.chained import CHAINS
from callcenter.audit.chained import Chained
from callcenter.audit.checking import head_of
from callcenter.backups.manifest import ChainHead, State
from callcenter.core.errors import Misconfigured


async def read_state(connection: asyncpg.Connection) -> State:
    """Raises Misconfigured for a database without our tables."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        raise Misconfigured("The database has no tables of a call centre", code="database_empty")
    return State(
        revision=await connection.fetchval("SELECT version_num FROM alembic_version"),
        server=await connection.fetchval("SHOW server_version"),
        size=await connection.fetchval("SELECT pg_database_size(current_database())"),
        rows={name: await _count(connection, name) for name in await _tables(connection)},
        chains={chained.name: await _head(connection, chained) for chained in CHAINS},
    )


async def has_tables(connection: asyncpg.Connection) -> bool:
    """Whether somebody lives in the database already."""
    return bool(await _tables(connection))


async def _tables(connection: asyncpg.Connection) -> list[str]:
    return [row["name"] for row in await connection.fetch(_TABLES)]


async def _count(connection: asyncpg.Connection, quoted: str) -> int:
    return int(await connection.fetchval(f"SELECT count(*) FROM {quoted}"))  # noqa: S608 as the catalogue quotes it


async def _head(connection: asyncpg.Connection, chained: Chained) -> ChainHead:
    if await connection.fetchval("SELECT to_regclass($1)", chained.links) is None:
        return ChainHead(0, "")  # of a release that had no such chain
    head = await head_of(connection, chained)
    return ChainHead(head.number, head.hash.hex()) if head else ChainHead(0, "")


_TABLES = """
SELECT quote_ident(relname) AS name FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""
