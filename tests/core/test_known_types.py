"""What a connection asks the server about types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from callcenter.core.database import Database

KEYS = [UUID(int=1), UUID(int=2)]


async def _asked(connection: asyncpg.Connection, query: str, *given: Any) -> tuple[Any, list[str]]:
    """What came back, and every statement that it took."""
    statements: list[str] = []
    with connection.query_logger(lambda each: statements.append(each.query)):
        answer = await connection.fetchval(query, *given)
    return answer, statements


async def test_a_second_connection_asks_for_no_type_that_postgresql_brings(database: Database):
    query = "SELECT array_length($1::uuid[], 1) + array_length($2::jsonb[], 1)"
    for nth in range(2):
        connection = await database.connect(f"connection {nth}")
        answer, statements = await _asked(connection, query, KEYS, [{"a": 1}])
        await connection.close()
        assert answer == 3
    assert statements == [query]


async def test_json_is_python_objects_on_every_connection_and_in_arrays(database: Database):
    for nth in range(2):
        connection = await database.connect(f"connection {nth}")
        assert await connection.fetchval("SELECT $1::jsonb[]", [{"a": [nth]}]) == [{"a": [nth]}]
        await connection.close()
    async with database.transaction() as session:
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        assert raw is not None
        assert await raw.fetchval("SELECT $1::int[]", [3, 4]) == [3, 4]


async def test_a_type_of_the_database_is_asked_for_each_time(
    owner: asyncpg.Connection, database: Database
):
    """Another database may have given its number to something else."""
    await owner.execute("CREATE TYPE shade AS ENUM ('light', 'dark')")
    for nth in range(2):
        connection = await database.connect(f"connection {nth}")
        answer, statements = await _asked(connection, "SELECT ARRAY['dark'::shade]")
        await connection.close()
        assert answer == ["dark"]
        assert any("pg_type" in each for each in statements)
