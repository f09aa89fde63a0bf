"""A database that served one test is new to the next."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from tests.support.community import Community
from tests.support.lending import Lending


async def test_what_comes_back_is_lent_again_as_it_was_first(lending: Lending):
    dsn = await lending.lend()
    first = await Database(dsn, role=None).connect("first")
    words = await first.fetch("SELECT * FROM import_word ORDER BY ctid")
    watch = await first.fetch("SELECT * FROM incident_watch")
    community = await Community.found(first)
    await community.resident(await community.home())
    await first.execute("DELETE FROM import_word WHERE id % 2 = 0")
    await first.execute("DELETE FROM incident_watch")
    await lending.give_back(dsn)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        await first.execute("SELECT 1")

    assert await lending.lend() == dsn
    again = await Database(dsn, role=None).connect("again")
    assert await again.fetch("SELECT * FROM import_word ORDER BY ctid") == words
    assert await again.fetch("SELECT * FROM incident_watch") == watch
    assert await again.fetchval("SELECT count(*) FROM resident_event") == 0
    assert (await Community.found(again)).root == community.root, "counters begin anew"
    await again.close()
    await lending.give_back(dsn)


async def test_one_with_other_tables_is_lent_no_more(lending: Lending):
    dsn = await lending.lend()
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE region ADD COLUMN other text")
    await connection.close()
    await lending.give_back(dsn)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(dsn)
