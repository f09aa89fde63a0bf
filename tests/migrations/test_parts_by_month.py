"""A filled database is divided where it lies, and goes on as if nothing had happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from callcenter.audit.parts import LEDGERS
from callcenter.core.database import Database
from callcenter.core.migrating import migrate
from tests.migrations.test_migrating import _ROWS
from tests.support.earlier_release import upgrade_to
from tests.support.postgres import TestDatabases

LATER = "'f0000000-0000-7000-8000-000000000001'"
"""The id of a clock that was wrong."""


@pytest.fixture
async def filled(databases: TestDatabases) -> AsyncIterator[str]:
    """With rows of the past and one that a clock has dated later, as the release before had them."""
    made = await databases.empty()
    await upgrade_to(made, "0001")
    connection = await asyncpg.connect(made)
    await connection.execute(_ROWS)
    await upgrade_to(made, "0043b")
    await connection.execute(
        "INSERT INTO audit_entry (id, at, action, subject)"  # noqa: S608
        f" VALUES ('01890000-0000-7000-8000-000000000009', '2026-03-01Z', 'x', 'y'), ({LATER}, '2026-03-01Z', 'x', 'y')"
    )
    await connection.close()
    await migrate(made)
    yield made
    await databases.drop(made)


async def lies_in(connection: asyncpg.Connection, ledger: str) -> list[str]:
    rows = await connection.fetch(
        f"SELECT tableoid::regclass::text AS part FROM {ledger} ORDER BY 1"  # noqa: S608
    )
    return [row["part"] for row in rows]


async def test_what_was_there_is_one_part_and_what_is_dated_later_lies_beside_it(filled: str):
    connection = await asyncpg.connect(filled)
    assert await lies_in(connection, "journal") == ["journal_earlier"]
    assert await lies_in(connection, "timeline_entry") == ["timeline_entry_earlier"]
    assert await lies_in(connection, "audit_entry") == [
        "audit_entry_default",
        "audit_entry_earlier",
    ]
    ends = {
        row["high"]
        for row in await connection.fetch("SELECT high FROM ledger_part WHERE high IS NOT NULL")
    }
    await connection.close()
    [end] = ends
    assert datetime.fromtimestamp((end.int >> 80) / 1000, UTC).day == 1


async def test_every_index_of_the_parts_belongs_to_one_of_the_whole(filled: str):
    connection = await asyncpg.connect(filled)
    alone = await connection.fetch(
        """
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relname LIKE ANY (ARRAY['journal\\_%', 'timeline\\_entry\\_%', 'audit\\_entry\\_%']) AND relname NOT LIKE '%link'
          AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = indexrelid)
        """
    )
    await connection.close()
    assert [row[0] for row in alone] == []


async def test_the_rights_of_the_server_are_those_of_before(filled: str):
    database = Database(filled)
    server = await database.connect("server")
    try:
        for ledger in LEDGERS:
            assert await server.fetchval(f"SELECT count(*) FROM {ledger}") >= 1  # noqa: S608
            for forbidden in (
                f"DELETE FROM {ledger}",  # noqa: S608
                f"SELECT FROM {ledger}_earlier",
                f"DELETE FROM {ledger}_earlier",  # noqa: S608
                f"SELECT FROM {ledger}_default",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await server.execute(forbidden)
    finally:
        await server.close()
        await database.close()


async def test_parts_are_made_from_where_the_old_one_ends(filled: str):
    connection = await asyncpg.connect(filled)
    now = await connection.fetchval("SELECT clock_timestamp()")
    assert await connection.fetchval("SELECT make_ledger_part('journal', $1)", now) == "there"
    assert (
        await connection.fetchval(
            "SELECT make_ledger_part('journal', $1::timestamptz + interval '32 days')", now
        )
        == "made"
    )
    await connection.close()
