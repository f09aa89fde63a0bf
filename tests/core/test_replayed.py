"""What a database has answered is given again as it was answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import isnan
from uuid import UUID

import asyncpg
import pytest

from callcenter.core.replayed import Replayed, form_of, packed
from callcenter.core.snapshot_file import Unusable

QUERY = """
SELECT 1 AS number, 'a text' AS words, NULL AS nothing, true AS yes, 0.5::float8 AS half, 'NaN'::float8 AS none,
       '\\x00ff'::bytea AS bytes, '00000000-0000-0000-0000-000000000007'::uuid AS id, '{1,2}'::bigint[] AS numbers,
       '2026-11-28 02:13:00.000001+00'::timestamptz AS at, '1940-02-29'::date AS born, '{}'::text[] AS few,
       '{"a": [1, {"b": null}]}'::jsonb AS said, '[{"c": 2}]'::jsonb AS list
"""


async def replayed(connection: asyncpg.Connection, query: str, *arguments: object) -> Replayed:
    return Replayed([packed(query, arguments, await connection.fetch(query, *arguments))])


async def test_every_type_comes_back_as_it_was(owner: asyncpg.Connection):
    said = await owner.fetchrow(QUERY)
    row = await (await replayed(owner, QUERY)).fetchrow(QUERY)
    assert row is not None
    for (name, before), (again, after) in zip(said.items(), row.items(), strict=True):
        assert name == again
        assert isinstance(before, type(after))
        assert after == before or (isnan(after) and isnan(before))
    assert row["id"] == UUID(int=7)
    assert row["at"] == datetime(2026, 11, 28, 2, 13, 0, 1, tzinfo=UTC)
    assert row["born"] == date(1940, 2, 29)


async def test_a_row_is_used_as_those_of_the_database_are(owner: asyncpg.Connection):
    query = "SELECT 1 AS a, 2 AS b"
    said = await owner.fetchrow(query)
    row = await (await replayed(owner, query)).fetchrow(query)
    assert row is not None
    assert (tuple(row), dict(row), len(row), row[1], row["b"]) == (
        tuple(said), dict(said), len(said), said[1], said["b"],
    )  # fmt: skip
    assert (row.get("a"), row.get("c", 3)) == (said.get("a"), said.get("c", 3))


async def test_a_query_is_answered_by_its_arguments_and_what_was_not_asked_is_not(
    owner: asyncpg.Connection,
):
    query = "SELECT $1::bigint AS id WHERE $1 > 0"
    answers = Replayed([packed(query, (n,), await owner.fetch(query, n)) for n in (0, 1, 2)])
    assert [row["id"] for row in await answers.fetch(query, 2)] == [2]
    assert await answers.fetchval(query, 1) == 1
    assert await answers.fetchrow(query, 0) is None
    with pytest.raises(Unusable, match="all that is asked"):
        await answers.fetch(query, 3)


async def test_nothing_is_written(owner: asyncpg.Connection):
    assert await Replayed([]).execute("INSERT INTO source VALUES ($1)", "a") == ""


def test_a_release_that_asks_otherwise_does_not_read_it():
    assert form_of(["SELECT 1", "SELECT 2"]) == form_of(["SELECT 1", "SELECT 2"])
    assert form_of(["SELECT 1", "SELECT 2"]) != form_of(["SELECT 1", "SELECT 3"])
    assert form_of(["SELECT 1", "SELECT 2"]) != form_of(["SELECT 1"])


def test_a_type_that_nobody_has_thought_of_is_refused():
    with pytest.raises(TypeError, match="complex"):
        packed("SELECT", (), [{"a": 1j}])
