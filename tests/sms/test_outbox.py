"""Texts enter the outbox with their cause, each once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from callcenter.core.encoding import encode_text
from callcenter.core.ids import new_id
from callcenter.sms.catalogue import RULES, MessageKind
from callcenter.sms.outbox import Text, code_of, insert_texts, text_rows
from tests.support.outbox import CASE, DAUGHTER

CAUSED = f"""
WITH cause_of_it AS (SELECT $1::uuid AS id, 37::bigint AS number, 5::bigint AS region_id, $4::bigint AS ring, $5::text AS mode)
{insert_texts("$2", "$3::timestamptz", "cause_of_it")}
"""


def text(recipient: str = DAUGHTER, kind: MessageKind = MessageKind.ALARM_RAISED) -> Text:
    return Text(recipient, 7, kind, CASE, "zh-CN")


async def write(
    connection: asyncpg.Connection,
    cause: UUID,
    texts: list[Text],
    clock,
    ring: int = 1,
    mode: str = "real",
) -> None:
    document = encode_text(text_rows(cause, texts, clock.now(), ring))
    await connection.execute(CAUSED, cause, document, clock.now(), ring, mode)


async def test_a_text_is_queued_with_all_it_needs(owner, clock):
    cause = new_id()
    await write(owner, cause, [text()], clock)
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert (row["state"], row["attempt"], row["version"]) == ("queued", 0, 1)
    assert (row["reference"], row["region_id"], row["contact_id"]) == (cause, 5, 7)
    assert row["params"] == CASE | {"ref": 37, "code": code_of(cause)}
    assert row["due_at"] == row["created_at"] == clock.now()
    assert row["dedup"] == f"{cause}:{DAUGHTER}:alarm_raised"


@pytest.mark.parametrize("kind", MessageKind)
async def test_of_a_drill_no_text_of_any_kind_is_ever_queued(owner, clock, kind: MessageKind):
    await write(owner, new_id(), [text(kind=kind)], clock, mode="drill")
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert (row["state"], row["settled_at"]) == ("drill", clock.now())
    assert row["params"]["drill"] is True


@pytest.mark.parametrize("kind", MessageKind)
async def test_priority_and_validity_are_those_of_the_kind(owner, clock, kind: MessageKind):
    await write(owner, new_id(), [text(kind=kind)], clock)
    row = await owner.fetchrow("SELECT * FROM sms_message")
    assert row["priority"] == RULES[kind].priority
    assert row["expires_at"] - row["created_at"] == RULES[kind].valid_for


async def test_a_kind_goes_to_a_number_once_about_one_cause(owner, clock):
    cause = new_id()
    await write(owner, cause, [text()], clock)
    await write(owner, cause, [text(), text("+8613900000002")], clock)
    await write(owner, cause, [text(kind=MessageKind.AMBULANCE_CALLED)], clock)
    await write(owner, new_id(), [text()], clock)
    await write(owner, cause, [], clock)
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 4


async def test_a_duty_number_is_told_once_of_each_ring(owner, clock):
    cause, duty = new_id(), [text(kind=MessageKind.DUTY_ALARM)]
    for ring in (1, 1, 2, 2, 3):
        await write(owner, cause, duty, clock, ring)
    for ring in (1, 2):
        await write(owner, cause, [text()], clock, ring)
    rows = await owner.fetch("SELECT kind FROM sms_message ORDER BY kind")
    assert [row["kind"] for row in rows] == ["alarm_raised", *["duty_alarm"] * 3]


async def test_what_was_not_caused_is_not_written(owner, clock):
    document = encode_text(text_rows(new_id(), [text()], clock.now(), 1))
    await owner.execute(CAUSED, new_id(), document, clock.now(), 1, "real")
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 0


async def test_two_writers_of_the_same_texts_in_other_orders_do_not_deadlock(
    database, owner, clock
):
    cause = new_id()
    texts = [text(f"+86139000000{number:02}") for number in range(50)]

    async def insist(order: list[Text]) -> None:
        connection = await database.connect("test")
        try:
            for _ in range(10):
                async with connection.transaction():
                    await write(connection, cause, order, clock)
        finally:
            await connection.close()

    async with asyncio.timeout(10):
        await asyncio.gather(insist(texts), insist(texts[::-1]))
    assert await owner.fetchval("SELECT count(*) FROM sms_message") == 50


def test_how_it_ended_is_worth_saying_for_hours_and_what_is_asked_now_for_minutes():
    for kind in (MessageKind.SAFE_CLOSED, MessageKind.MISTAKEN_PRESS, MessageKind.CLOSED_OTHER):
        assert RULES[kind].valid_for >= timedelta(hours=1)
    for kind in (MessageKind.ALARM_RAISED, MessageKind.CAN_YOU_GO):
        assert RULES[kind].valid_for <= timedelta(minutes=10)
    assert set(RULES) == set(MessageKind)


def test_the_code_of_a_cause_has_three_digits_and_is_the_same_each_time():
    causes = [new_id() for _ in range(200)]
    codes = [code_of(cause) for cause in causes]
    assert codes == [code_of(cause) for cause in causes]
    assert all(100 <= code <= 999 for code in codes)
    assert len(set(codes)) > 100
