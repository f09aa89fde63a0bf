"""Texts that leave before their rows are there: each once, and their rows say what became of them."""

from dataclasses import asdict

import pytest

from callcenter.core.ids import new_id
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.outbox import Text, text_id
from tests.support.kannel import settings_for
from tests.support.outbox import CASE, DAUGHTER, enqueue, stepped_sender, text_for
from tests.support.sms_gateway import fake_smsbox


@pytest.fixture
async def smsbox():
    async with fake_smsbox() as box:
        yield box


@pytest.fixture
async def put(database):
    connection = await database.connect("cause")

    async def put(*texts):
        await enqueue(connection, texts)

    yield put
    await connection.close()


def kannel(box):
    return KannelGateway(settings_for(box.url), "http://127.0.0.1:1/hooks/kannel/x")


async def row_of(owner, text):
    row = await owner.fetchrow("SELECT * FROM sms_message WHERE id = $1", text.id)
    return row["state"], row["attempt"], row["gateway"]


@pytest.mark.parametrize("answered", [True, False], ids=["answered before", "answered after"])
async def test_a_row_that_comes_later_gets_the_attempt_there_was(
    database, owner, clock, put, smsbox, answered
):
    text = text_for(clock.now())
    async with stepped_sender(database, [kannel(smsbox)], clock) as sender:
        if not answered:
            smsbox.gate.clear()
        assert await sender.sender.send_without_row([asdict(text)]) == [text.id]
        assert await sender.sender.send_without_row([asdict(text)]) == [text.id], "asked again"
        await smsbox.wait_for(1)
        if answered:
            await sender.settle()
        await put(text)
        await sender.cycle()
        if not answered:
            assert await row_of(owner, text) == ("submitting", 1, "kannel")
            smsbox.gate.set()
        await sender.settle()
    assert await row_of(owner, text) == ("submitted", 1, "kannel")
    assert len(smsbox.taken) == 1


async def test_a_row_that_comes_after_its_time_says_that_the_text_has_left(
    database, owner, clock, put, smsbox
):
    """An outage was longer than the text may wait."""
    text = text_for(clock.now())
    async with stepped_sender(database, [kannel(smsbox)], clock) as sender:
        await sender.sender.send_without_row([asdict(text)])
        await sender.settle()
        clock.advance(7 * 3_600)
        await put(text)
        await sender.settle()
    assert await row_of(owner, text) == ("submitted", 1, "kannel")
    assert len(smsbox.taken) == 1


async def test_what_the_outbox_has_sent_already_is_not_sent_beside_it(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    async with stepped_sender(database, [kannel(smsbox)], clock) as sender:
        await sender.settle()
        assert await sender.sender.send_without_row([asdict(text)]) == [text.id]
        await sender.settle()
    assert len(smsbox.taken) == 1


async def test_without_a_gateway_it_waits_for_its_row(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    async with stepped_sender(database, [], clock) as sender:
        assert await sender.sender.send_without_row([asdict(text)]) == []
    async with stepped_sender(database, [kannel(smsbox)], clock) as sender:
        await put(text)
        await sender.settle()
    assert await row_of(owner, text) == ("submitted", 1, "kannel")


def test_the_id_of_a_text_is_the_same_however_often_it_is_worked_out():
    cause = new_id()
    daughter = Text(DAUGHTER, 1, "alarm_raised", CASE, "zh-CN")
    son = Text("+8613900000002", 2, "alarm_raised", CASE, "zh-CN")
    duty = Text(DAUGHTER, None, "duty_alarm", CASE, "zh-CN")
    assert text_id(cause, 1, daughter) == text_id(cause, 2, daughter) != text_id(cause, 1, son)
    assert text_id(cause, 1, duty) != text_id(cause, 2, duty)  # told at each ring
    assert text_id(cause, 1, daughter).version == 7
    assert text_id(cause, 1, daughter).bytes[:6] == cause.bytes[:6]
