"""What is written about texts, once and in any order."""

from datetime import timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.sms import claiming, settling
from callcenter.sms.breaker import Route
from callcenter.sms.claiming import SLICE
from callcenter.sms.flights import Answer
from callcenter.sms.gateway import Outcome, SendResult
from callcenter.sms.lifetime import OF_ROWS, Trust, is_over
from callcenter.sms.progress import RECEIPT_WINDOW_S
from tests.support.outbox import SHANGHAI, enqueue, text_for


@pytest.fixture
async def connection(database):
    opened = await database.connect("sender")
    yield opened
    await opened.close()


async def claimed(connection, clock, number):
    texts = [text_for(clock.now(), f"+86139001{n:05}") for n in range(number)]
    await enqueue(connection, texts)
    return await claiming.claim(
        connection,
        lambda _tried, _priority: Route("kannel", 200),
        SHANGHAI,
        clock.now(),
        SLICE,
        OF_ROWS,
    )


async def test_answers_are_stored_together_and_a_repeat_changes_nothing(connection, owner, clock):
    attempts = await claimed(connection, clock, 3)
    outcomes = (Outcome.SUBMITTED, Outcome.DELIVERED, Outcome.UNKNOWN)
    answers = [
        Answer(attempt, SendResult(outcome, provider_id="p"))
        for attempt, outcome in zip(attempts, outcomes, strict=True)
    ]
    assert await settling.store(connection, answers, 1, clock.now()) == 3
    assert await settling.store(connection, answers[::-1], 1, clock.now()) == 0
    assert await settling.store(connection, [], 1, clock.now()) == 0
    rows = await owner.fetch("SELECT state, version, provider_id FROM sms_message")
    assert sorted(map(tuple, rows)) == [
        (state, 2, "p") for state in ("delivered", "submitted", "unknown")
    ]


async def test_a_sweep_takes_up_what_nobody_holds_and_leaves_the_rest(connection, owner, clock):
    attempts = await claimed(connection, clock, 2)
    await owner.execute(
        "UPDATE sms_message SET lease_until = clock_timestamp() WHERE id = $1", attempts[0].id
    )
    assert await settling.sweep(connection, 1, clock.now(), lambda: OF_ROWS) == 1
    rows = await owner.fetch("SELECT id, state, error FROM sms_message ORDER BY state DESC")
    assert [tuple(row) for row in rows] == [
        (attempts[0].id, "unknown", "lease_over"),
        (attempts[1].id, "submitting", None),
    ]


async def test_a_sweep_ends_texts_that_are_stale(connection, owner, clock):
    await enqueue(connection, [text_for(clock.now())])
    assert await settling.sweep(connection, 1, clock.now(), lambda: OF_ROWS) == 0
    assert await settling.sweep(connection, 1, clock.advance(601), lambda: OF_ROWS) == 1
    assert await owner.fetchval("SELECT state FROM sms_message") == "expired"


@pytest.mark.parametrize("state", ["submitting", "unknown"])
async def test_a_lease_that_a_clock_set_back_has_made_long_is_made_short(
    connection, owner, clock, state
):
    """Its sender is dead: nobody waits for an hour until somebody looks at it."""
    await claimed(connection, clock, 1)
    await owner.execute(
        "UPDATE sms_message SET state = $1, lease_until = clock_timestamp() + interval '1 hour'",
        state,
    )
    await settling.shorten_leases(connection)
    left = await owner.fetchval("SELECT lease_until - clock_timestamp() FROM sms_message")
    assert left <= timedelta(seconds=RECEIPT_WINDOW_S)


@pytest.mark.parametrize("state", ["submitted", "buffered"])
async def test_a_receipt_is_waited_for_as_long_as_it_was(connection, owner, clock, state):
    await claimed(connection, clock, 1)
    await owner.execute(
        "UPDATE sms_message SET state = $1, lease_until = clock_timestamp() + interval '1 hour'",
        state,
    )
    await settling.shorten_leases(connection)
    left = await owner.fetchval("SELECT lease_until - clock_timestamp() FROM sms_message")
    assert left > timedelta(minutes=59)


@pytest.mark.parametrize("about_open", [True, False])
@pytest.mark.parametrize("lived_s", [0, 300, 900])
@pytest.mark.parametrize("steady_s", [0, 300, 900])
@pytest.mark.parametrize("waited_s", [0, 599, 600, 4000])
async def test_the_database_says_as_the_rule_does_what_is_over(
    connection, owner, clock, waited_s, steady_s, lived_s, about_open
):
    incident = new_id()
    await owner.execute(_INCIDENT, incident, clock.now())
    text = text_for(clock.now(), reference=incident if about_open else None)
    await enqueue(connection, [text])
    trusted = Trust(timedelta(seconds=steady_s), timedelta(seconds=lived_s))
    now = clock.advance(waited_s)
    over = is_over(
        created_at=text.created_at,
        expires_at=text.expires_at,
        now=now,
        about_open=about_open,
        trusted=trusted,
    )
    assert await settling.sweep(connection, 1, now, lambda: trusted) == int(over)


async def test_what_a_slow_clock_wrote_while_the_sweep_looked_is_left(connection, owner, clock):
    """The clock is set between the two."""
    await enqueue(connection, [text_for(clock.now())])
    now = clock.advance(601)
    looks = iter([OF_ROWS, Trust(timedelta(), timedelta()), Trust(timedelta(), timedelta())])
    assert await settling.sweep(connection, 1, now, lambda: next(looks)) == 0
    assert await owner.fetchval("SELECT state FROM sms_message") == "queued"


_INCIDENT = """
INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
VALUES ($1, 'home:1', 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', $2, $2)
"""
