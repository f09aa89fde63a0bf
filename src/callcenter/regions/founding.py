"""The root of the tree: whoever calls and is known nowhere belongs to it."""

from __future__ import annotations

import asyncpg


async def found_root(connection: asyncpg.Connection) -> int:
    """The id of the root region, made at the first start of an empty database."""
    found: int | None = await connection.fetchval(ROOT)
    if found is not None:
        return found
    made: int = await connection.fetchval(
        "INSERT INTO region (path, level, name, name_en) VALUES ('{}', 'root', '全部', 'All') RETURNING id"
    )
    await connection.execute("UPDATE region SET path = ARRAY[id] WHERE id = $1", made)
    return made


ROOT = "SELECT id FROM region WHERE parent_id IS NULL ORDER BY id LIMIT 1"
