"""How long the oldest emergency text has waited, whoever should have sent it."""

from __future__ import annotations

import pytest

from callcenter.core import metrics
from callcenter.sms.catalogue import EMERGENCY, NORMAL
from callcenter.sms.waiting import LATE_S, WaitingTexts
from tests.support.outbox import enqueue, text_for


@pytest.fixture
async def connection(database):
    opened = await database.connect("writer")
    yield opened
    await opened.close()


@pytest.fixture
async def waiting(database):
    made = WaitingTexts(database)
    yield made
    await made.connections.close()


def shown() -> float | None:
    return metrics.REGISTRY.get_sample_value("callcenter_sms_waiting_seconds")


async def test_a_text_that_nobody_sends_is_told_after_a_minute_and_no_longer_when_it_left(
    waiting, connection, owner, clock
):
    text = text_for(clock.now(), priority=EMERGENCY)
    await enqueue(connection, [text])
    await waiting.run_once(clock.advance(LATE_S - 1))
    assert await waiting.leave_in_time()
    await waiting.run_once(clock.advance(2))
    assert not await waiting.leave_in_time()
    assert shown() == LATE_S + 1
    await owner.execute("UPDATE sms_message SET state = 'submitted' WHERE id = $1", text.id)
    await waiting.run_once(clock.now())
    assert await waiting.leave_in_time()
    assert shown() == 0


async def test_repeats_do_not_make_it_younger(waiting, connection, owner, clock):
    """Every gateway refuses: it is due again half a minute later, and has waited all the same."""
    await enqueue(connection, [text_for(clock.now(), priority=EMERGENCY)])
    later = clock.advance(LATE_S + 1)
    await owner.execute("UPDATE sms_message SET attempt = 5, due_at = $1", clock.advance(30))
    await waiting.run_once(later)
    assert not await waiting.leave_in_time()


async def test_what_is_no_emergency_or_is_stale_makes_nobody_nervous(waiting, connection, clock):
    await enqueue(connection, [text_for(clock.now(), priority=NORMAL)])
    await waiting.run_once(clock.advance(300))
    assert await waiting.leave_in_time()
    await enqueue(connection, [text_for(clock.now(), "+8613900100002", priority=EMERGENCY)])
    await waiting.run_once(clock.advance(7_200))
    assert await waiting.leave_in_time()
