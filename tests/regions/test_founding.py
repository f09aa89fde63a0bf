"""An empty database gets its root region once."""

from __future__ import annotations

import asyncpg

from callcenter.regions.founding import found_root


async def test_the_root_is_made_once_and_lies_on_its_own_path(owner: asyncpg.Connection):
    root = await found_root(owner)
    assert await found_root(owner) == root
    rows = await owner.fetch("SELECT id, path, level, parent_id FROM region")
    assert [tuple(row) for row in rows] == [(root, [root], "root", None)]


async def test_a_root_that_is_there_stays(owner: asyncpg.Connection):
    held = await owner.fetchval(
        "INSERT INTO region (path, level, name, name_en) VALUES ('{1}', 'root', '市', 'City') RETURNING id"
    )
    assert await found_root(owner) == held
    assert await owner.fetchval("SELECT count(*) FROM region") == 1
