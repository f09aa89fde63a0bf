"""Texts on their way: nobody waits for them, and none is waited for without end."""

import asyncio
from datetime import timedelta

import pytest

from callcenter.core.ids import new_id
from callcenter.sms.claiming import Attempt
from callcenter.sms.flights import Flights
from callcenter.sms.gateway import Outcome
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from tests.support import sms_gateway
from tests.support.kannel import settings_for
from tests.support.outbox import enqueue, stepped_sender, text_for
from tests.support.sms_gateway import fake_smsbox


class Tasks:
    def __init__(self):
        self.all = []

    def start(self, coro, /, *, name):
        self.all.append(asyncio.create_task(coro, name=name))


def attempt(clock, gateway="sandbox"):
    expires_at = clock.now() + timedelta(minutes=10)
    return Attempt(new_id(), 1, gateway, "+8613900000001", 1, expires_at, 0, None, None)


async def test_others_get_a_turn_after_each_start(clock):
    tasks, turns = Tasks(), 0

    async def somebody_else():
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(somebody_else())
    await Flights([SandboxGateway()], tasks.start, lambda: None, clock).start(
        [attempt(clock) for _ in range(20)]
    )
    assert turns >= 19
    other.cancel()
    await asyncio.gather(*tasks.all)


async def test_what_a_cancelled_start_has_not_sent_is_given_back(clock):
    tasks = Tasks()
    flights = Flights([SandboxGateway()], tasks.start, lambda: None, clock)
    tasks.start(flights.start([attempt(clock) for _ in range(5)]), name="cycle")
    starting = tasks.all.pop()
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await asyncio.gather(*tasks.all)
    outcomes = [answer.result.outcome for answer in flights.take_answers(10)]
    assert len(outcomes) == 5
    assert outcomes.count(Outcome.REFUSED) == 5 - len(tasks.all)
    assert len(tasks.all) < 5


async def test_a_window_that_a_slice_has_filled_takes_no_more(clock):
    flights = Flights([SandboxGateway()], Tasks().start, lambda: None, clock)
    choose = flights.chooser()
    assert [choose(None, 1) is not None for _ in range(201)] == [True] * 200 + [False]
    assert flights.room == 200  # nothing has been started


async def test_a_gateway_that_trickles_is_given_up(database, owner, clock):
    connection = await database.connect("cause")
    await enqueue(connection, [text_for(clock.now())])
    await connection.close()
    async with fake_smsbox() as smsbox:
        smsbox.answer = sms_gateway.SILENCE
        gateway = KannelGateway(settings_for(smsbox.url, timeout_s=20), "")
        async with stepped_sender(database, [gateway], clock, longest_send_s=0.1) as sender:
            await sender.settle()
    row = await owner.fetchrow("SELECT state, error FROM sms_message")
    assert tuple(row) == ("unknown", "no_answer")
