"""What one claim takes."""

from uuid import UUID

import asyncpg
import pytest

from callcenter.core.ids import new_id
from callcenter.sms import claiming
from callcenter.sms.breaker import Route
from callcenter.sms.catalogue import BULK, EMERGENCY
from callcenter.sms.claiming import SLICE
from callcenter.sms.lifetime import OF_ROWS
from callcenter.sms.models import SmsState
from callcenter.sms.progress import LEASE_S
from tests.support.outbox import SHANGHAI, enqueue, text_for


async def claim(connection, clock, choose=lambda _tried, _priority: Route("sandbox", 200)):
    return await claiming.claim(connection, choose, SHANGHAI, clock.now(), SLICE, OF_ROWS)


async def test_a_claim_is_one_slice_and_emergencies_are_in_it(database, owner, clock):
    connection = await database.connect("sender")
    bulk = [text_for(clock.now(), f"+86139001{n:05}", priority=BULK) for n in range(SLICE)]
    await enqueue(connection, bulk)
    urgent = [text_for(clock.advance(1), f"+86139002{n:05}", priority=EMERGENCY) for n in range(3)]
    await enqueue(connection, urgent)
    claimed = await claim(connection, clock)
    assert len(claimed) == SLICE
    assert [attempt.id for attempt in claimed[:3]] == [text.id for text in urgent]
    assert {attempt.number for attempt in claimed} == {1}
    left = await owner.fetchval(
        "SELECT max(lease_until) - clock_timestamp() FROM sms_message WHERE state = 'submitting'"
    )
    assert 0 < left.total_seconds() <= LEASE_S
    assert len(await claim(connection, clock)) == 3
    assert await claim(connection, clock) == []
    await connection.close()


async def test_what_no_gateway_takes_now_stays_as_it_is(database, owner, clock):
    connection = await database.connect("sender")
    await enqueue(connection, [text_for(clock.now())])
    assert await claim(connection, clock, lambda _tried, _priority: None) == []
    row = await owner.fetchrow("SELECT state, attempt FROM sms_message")
    assert tuple(row) == ("queued", 0)
    await connection.close()


async def test_a_lease_is_renewed_for_the_attempt_it_was_given_for(database, owner, clock):
    connection = await database.connect("sender")
    await enqueue(connection, [text_for(clock.now())])
    claimed = await claim(connection, clock)
    await owner.execute("UPDATE sms_message SET lease_until = NULL")
    await claiming.renew(connection, claimed)
    assert await owner.fetchval("SELECT lease_until > clock_timestamp() FROM sms_message")
    await owner.execute("UPDATE sms_message SET lease_until = NULL, attempt = 2")
    await claiming.renew(connection, claimed)
    assert await owner.fetchval("SELECT lease_until FROM sms_message") is None
    await connection.close()


async def test_the_text_of_a_drill_is_never_claimed_whoever_has_queued_it(database, owner, clock):
    """Past the outbox, as no part of the server writes it: the database takes it out, and what is claimed with it goes."""
    drill = await drilled(owner, clock)
    connection = await database.connect("sender")
    stray = text_for(clock.now(), reference=drill)
    real = text_for(clock.now(), "+8613900000002")
    await enqueue(connection, [stray, real])
    assert [attempt.id for attempt in await claim(connection, clock)] == [real.id]
    row = await owner.fetchrow("SELECT * FROM sms_message WHERE id = $1", stray.id)
    assert (row["state"], row["attempt"], row["gateway"]) == ("drill", 0, None)
    assert await claim(connection, clock) == []
    await connection.close()


@pytest.mark.parametrize("state", [state for state in SmsState if state is not SmsState.DRILL])
async def test_what_is_written_for_a_drill_becomes_nothing_else(owner, clock, state: SmsState):
    text = text_for(clock.now())
    await enqueue(owner, [text])
    await owner.execute("UPDATE sms_message SET state = 'drill'")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute("UPDATE sms_message SET state = $1", state)
    assert refused.value.constraint_name == "drill_text"


async def drilled(owner: asyncpg.Connection, clock) -> UUID:
    incident = new_id()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
        " last_signal_at, mode) VALUES ($1, 'drill:1:home:1', 'alarm', 'sos', 1, 1, '{1}', 'drill', '{}', $2, $2, 'drill')",
        incident,
        clock.now(),
    )
    return incident
