"""Receipts move a text forward, never back, in whatever order they come."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.sms.gateway import Evidence, Receipt
from callcenter.sms.receipts import apply
from tests.support.clock import HandClock
from tests.support.outbox import Queued, enqueue, text_for


class Text:
    """A text that is at its second attempt."""

    def __init__(self, database: Database, owner: asyncpg.Connection, clock: HandClock) -> None:
        self.database, self.owner, self.clock = database, owner, clock
        self.row: Queued = text_for(clock.now())

    async def state(self) -> str:
        found: str = await self.owner.fetchval("SELECT state FROM sms_message")
        return found

    async def hears(self, evidence: Evidence | None, attempt: int | None = 2) -> bool:
        receipt = Receipt(self.row.id, attempt, evidence, "receipt")
        async with self.database.transaction() as session:
            return await apply(session, receipt, self.clock.now())


@pytest.fixture
async def text(database: Database, owner: asyncpg.Connection, clock: HandClock) -> Text:
    made = Text(database, owner, clock)
    await enqueue(owner, [made.row])
    await owner.execute("UPDATE sms_message SET state = 'submitted', attempt = 2")
    return made


async def test_it_goes_forward_and_a_repeat_changes_nothing(text: Text):
    assert await text.hears(Evidence.BUFFERED)
    assert not await text.hears(Evidence.BUFFERED)
    assert await text.hears(Evidence.DELIVERED)
    assert not await text.hears(Evidence.TAKEN)
    assert not await text.hears(Evidence.FAILED)
    assert await text.state() == "delivered"


async def test_an_earlier_attempt_says_nothing_unless_it_arrived(text: Text):
    assert not await text.hears(Evidence.FAILED, attempt=1)
    assert not await text.hears(Evidence.FAILED, attempt=None)
    assert await text.state() == "submitted"
    assert await text.hears(Evidence.DELIVERED, attempt=1)
    assert await text.state() == "delivered"


async def test_a_text_that_waits_to_be_sent_again_and_has_arrived_is_not_sent(text: Text):
    await text.owner.execute("UPDATE sms_message SET state = 'queued'")
    assert await text.hears(Evidence.DELIVERED, attempt=2)
    assert await text.state() == "delivered"


async def test_what_the_network_refused_is_looked_at_again_at_once(text: Text):
    assert await text.hears(Evidence.REFUSED)
    row = await text.owner.fetchrow(
        "SELECT state, error, lease_until <= clock_timestamp() AS due FROM sms_message"
    )
    assert tuple(row) == ("failed", "receipt", True)


async def test_a_phone_that_was_not_reached_is_left_alone(text: Text):
    assert await text.hears(Evidence.FAILED)
    row = await text.owner.fetchrow("SELECT state, lease_until FROM sms_message")
    assert tuple(row) == ("failed", None)


async def test_what_says_nothing_or_is_about_nothing_changes_nothing(text: Text):
    assert not await text.hears(None)
    text.row = text_for(text.clock.now(), id=new_id())
    assert not await text.hears(Evidence.DELIVERED)
    assert await text.state() == "submitted"


@pytest.mark.parametrize("state", ["submitted", "buffered", "unknown", "failed", "expired"])
async def test_a_receipt_may_come_after_a_year_and_twice(text: Text, state: str):
    await text.owner.execute("UPDATE sms_message SET state = $1", state)
    text.clock.advance(366 * 86_400)
    assert await text.hears(Evidence.DELIVERED)
    assert not await text.hears(Evidence.DELIVERED)
    assert not await text.hears(Evidence.FAILED)
    assert await text.state() == "delivered"


@pytest.mark.parametrize(
    "late", [Evidence.TAKEN, Evidence.BUFFERED, Evidence.FAILED, Evidence.REFUSED]
)
async def test_what_is_overtaken_by_its_delivery_changes_nothing(text: Text, late: Evidence):
    assert await text.hears(Evidence.DELIVERED)
    assert not await text.hears(late)
    assert await text.state() == "delivered"
