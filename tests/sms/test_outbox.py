"""Texts enter the outbox with their cause, each once."""

import asyncio

import pytest

from callcenter.core.ids import new_id
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.outbox import dedup_key, enqueue
from tests.support.outbox import CASE, DAUGHTER, text_for


async def test_a_text_is_queued_with_all_it_needs(database, owner, clock):
    incident = new_id()
    text = text_for(clock.now(), reference=incident, contact_id=7)
    connection = await database.connect("test")
    assert await enqueue(connection, [text]) == [text.id]
    await connection.close()
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert row["state"] == "queued"
    assert row["attempt"] == 0
    assert row["version"] == 1
    assert row["reference"] == incident
    assert row["params"] == CASE
    assert row["due_at"] == row["created_at"] == clock.now()
    assert (row["expires_at"] - row["created_at"]).total_seconds() == 600


async def test_the_same_text_is_not_queued_twice(database, owner, clock):
    incident = new_id()
    key = dedup_key(incident, DAUGHTER, MessageKind.ALARM_RAISED)
    first, again = (text_for(clock.now(), reference=incident, dedup=key) for _ in range(2))
    other = text_for(
        clock.now(), dedup=dedup_key(incident, DAUGHTER, MessageKind.ALARM_RAISED, "2")
    )
    connection = await database.connect("test")
    assert await enqueue(connection, [first]) == [first.id]
    assert await enqueue(connection, [again, other]) == [other.id]
    assert await enqueue(connection, []) == []
    await connection.close()
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 2


async def test_a_text_shares_the_fate_of_its_cause(database, owner, clock):
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await enqueue(session, [text_for(clock.now())])
            raise RuntimeError("the cause is rolled back")
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 0
    async with database.transaction() as session:
        text = text_for(clock.now())
        assert await enqueue(session, [text, text_for(clock.now(), dedup=text.dedup)]) == [text.id]
    assert await owner.fetchval("SELECT params ->> 'name' FROM sms_message") == "沈玉兰"


async def test_two_writers_of_the_same_texts_in_other_orders_do_not_deadlock(
    database, owner, clock
):
    keys = [f"key {number}" for number in range(50)]

    async def write(order):
        connection = await database.connect("test")
        try:
            for _ in range(10):
                async with connection.transaction():
                    await enqueue(connection, [text_for(clock.now(), dedup=key) for key in order])
        finally:
            await connection.close()

    async with asyncio.timeout(10):
        await asyncio.gather(write(keys), write(keys[::-1]))
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 50
