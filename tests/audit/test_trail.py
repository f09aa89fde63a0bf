"""The trail is written with what it tells of, and nothing the server does can change it afterwards."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.audit.trail import record, record_raw

ENTRY = {"principal_id": 7, "action": "profile_seen", "subject": "home:12", "region_ids": (1, 2)}


async def test_an_entry_is_written_with_what_it_tells_of(database, owner, clock):
    async with database.transaction() as session:
        await record(session, at=clock.now(), address="10.0.0.7", detail={"why": "sos"}, **ENTRY)
    (row,) = await owner.fetch("SELECT * FROM audit_entry")
    assert (row["at"], row["user_id"], row["action"]) == (clock.now(), 7, "profile_seen")
    assert (row["region_ids"], row["detail"]) == ([1, 2], {"why": "sos"})


async def test_an_entry_disappears_with_the_transaction_it_belongs_to(database, owner, clock):
    with pytest.raises(RuntimeError, match="the change failed"):
        async with database.transaction() as session:
            await record(session, at=clock.now(), **ENTRY)
            raise RuntimeError("the change failed")
    assert await owner.fetchval("SELECT count(*) FROM audit_entry") == 0


async def test_the_alarm_path_writes_the_same_entry_on_its_own_connection(database, owner, clock):
    connection = await database.connect("hub")
    await record_raw(connection, at=clock.now(), detail={"scopes": [1, 2]}, **ENTRY)
    await connection.close()
    (row,) = await owner.fetch("SELECT * FROM audit_entry")
    assert (row["subject"], row["detail"], row["address"]) == ("home:12", {"scopes": [1, 2]}, None)


@pytest.mark.parametrize("table", ["audit_entry", "journal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
async def test_g8_the_server_cannot_change_what_stands_in_trail_and_journal(
    database, clock, table, statement
):
    connection = await database.connect("server")
    await record_raw(connection, at=clock.now(), **ENTRY)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement.format(table))
    assert await connection.fetchval("SELECT count(*) FROM audit_entry") == 1
    await connection.close()
