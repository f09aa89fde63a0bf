"""The whole way with a real Kannel: outbox, sender, Kannel, the network, and back by receipt and reply."""

import asyncio
from contextlib import asynccontextmanager
from itertools import count

import pytest

from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.inbound import Meaning, Reply, meaning
from tests.support.hooks_server import hooks_server
from tests.support.kannel import network, running_kannel, settings_for
from tests.support.outbox import DAUGHTER, enqueue, stepped_sender, text_for

pytestmark = pytest.mark.kannel

ALARM = "【榆荫里养老】沈玉兰老人17:26发出紧急求助，中心已收到。能去现场请回复1，不能回复2。急询0999-8012349 编号37"


@pytest.fixture
async def hooks(database, clock):
    async with hooks_server(database, clock) as server:
        yield server


@pytest.fixture
async def kannel(tmp_path, hooks):
    with running_kannel(tmp_path, hooks.inbound_url) as running:
        await running.start()
        yield running


@pytest.fixture
async def put(database):
    connection = await database.connect("cause")

    async def put(*texts):
        await enqueue(connection, texts)

    yield put
    await connection.close()


def gateway_of(kannel, hooks, **changes):
    settings = settings_for(kannel.sendsms_url, **{"smsc": "A"} | changes)
    return KannelGateway(settings, hooks.hook_url)


@asynccontextmanager
async def sending(database, clock, *gateways):
    async with stepped_sender(database, gateways, clock) as sender:
        yield sender


async def until_states(owner, expected, limit_s=15):
    """Polls until the outbox holds exactly these states with these numbers."""
    found = {}
    try:
        async with asyncio.timeout(limit_s):
            while found != expected:
                await asyncio.sleep(0.02)
                rows = await owner.fetch("SELECT state, count(*) FROM sms_message GROUP BY state")
                found = dict(map(tuple, rows))
    except TimeoutError:
        raise AssertionError(f"{found} instead of {expected}") from None


async def until_inbound(owner, number):
    async with asyncio.timeout(15):
        while await owner.fetchval("SELECT count(*) FROM sms_inbound") < number:
            await asyncio.sleep(0.02)
    return await owner.fetch("SELECT * FROM sms_inbound ORDER BY received_at, id")


async def test_a_chinese_and_an_english_text_arrive_intact_and_their_receipts_come_back(
    database, owner, clock, put, hooks, kannel
):
    chinese = text_for(clock.now())
    english = text_for(clock.now(), "+8613900000002", language="en")
    await put(chinese, english)
    async with (
        network(kannel) as phones,
        sending(database, clock, gateway_of(kannel, hooks)) as sender,
    ):
        await sender.settle()
        got = {on_air.recipient: on_air.text for on_air in await phones.wait_for(2)}
        assert got[DAUGHTER] == ALARM
        assert got["+8613900000002"] == (
            "[Yuyinli Care] Shen Yulan sent an emergency call at 17:26. We have received it. "
            "Can you go there? Reply 1 yes, 2 no. Tel 0999-8012349 Ref 37"
        )
        await until_states(owner, {"delivered": 2})
    assert hooks.changed >= 2
    assert await owner.fetchval("SELECT count(*) FROM sms_message WHERE provider_id <> ''") == 2


async def test_the_daughter_answers(owner, hooks, kannel):
    async with network(kannel) as phones:
        await phones.phone_sends(DAUGHTER, "１")
        await until_inbound(owner, 1)
        await phones.phone_sends(DAUGHTER, "1 编号37")
        await until_inbound(owner, 2)
        await phones.phone_sends("10086", "您的余额不足&a=%b+😀")
        rows = await until_inbound(owner, 3)
    assert {row["gateway"] for row in rows} == {"kannel"}
    assert len({row["provider_key"] for row in rows}) == 3
    texts = {(row["sender"], row["text"]) for row in rows}
    assert texts == {(DAUGHTER, "１"), (DAUGHTER, "1 编号37"), ("10086", "您的余额不足&a=%b+😀")}
    assert meaning("1 编号37") == Reply(Meaning.YES, 37)
    assert hooks.arrivals == 3


async def test_an_answer_that_kannel_does_not_recode_is_read_all_the_same(tmp_path, owner, hooks):
    with running_kannel(tmp_path, hooks.inbound_url, recode=False) as kannel:
        await kannel.start()
        async with network(kannel) as phones:
            await phones.phone_sends(DAUGHTER, "１")
            await until_inbound(owner, 1)
            await phones.phone_sends(DAUGHTER, "能去😀@€")
            rows = await until_inbound(owner, 2)
    assert [row["text"] for row in rows] == ["１", "能去😀@€"]


async def test_without_a_link_the_text_waits_in_kannel_and_shows_so(
    database, owner, clock, put, hooks, kannel
):
    await put(text_for(clock.now()))
    async with sending(database, clock, gateway_of(kannel, hooks)) as sender:
        await sender.settle()
        row = await owner.fetchrow("SELECT state, error FROM sms_message")
        assert tuple(row) == ("buffered", "no_link")
        async with network(kannel) as phones:
            [on_air] = await phones.wait_for(1)
            assert on_air.text == ALARM
            await until_states(owner, {"delivered": 1})


async def test_a_wrong_password_and_an_unknown_route_are_refusals_of_their_own(
    database, owner, clock, put, hooks, kannel
):
    await put(text_for(clock.now()))
    gateways = [
        gateway_of(kannel, hooks, password="wrong", name="wrong-login"),
        gateway_of(kannel, hooks, smsc="ZZZ", name="wrong-route"),
        gateway_of(kannel, hooks, name="right"),
    ]
    async with network(kannel), sending(database, clock, *gateways) as sender:
        errors = []
        for _ in range(3):
            await sender.cycle()
            await asyncio.gather(*sender.sends)
            errors += [answer.result.error for answer in sender.flights._answers]
        assert errors == ["authorization", "not_routable", None]
        await sender.settle()
        await until_states(owner, {"delivered": 1})
    assert await owner.fetchval("SELECT attempt FROM sms_message") == 3


async def test_a_full_queue_refuses_and_nothing_is_lost(
    tmp_path, database, owner, clock, put, hooks
):
    numbers = count(1)
    with running_kannel(tmp_path, hooks.inbound_url, queue_limit=10) as kannel:
        await kannel.start()
        await put(*(text_for(clock.now(), f"+8613900{next(numbers):06}") for _ in range(30)))
        async with sending(database, clock, gateway_of(kannel, hooks)) as sender:
            await sender.settle()
            refused = await owner.fetchval(
                "SELECT count(*) FROM sms_message WHERE error = 'queue_full'"
            )
            assert refused >= 15
            async with network(kannel) as phones:
                async with asyncio.timeout(20):
                    while len(phones.got) < 30:
                        clock.advance(5)
                        await sender.settle()
                        await asyncio.sleep(0.05)
                await until_states(owner, {"delivered": 30})
                assert len({on_air.recipient for on_air in phones.got}) == len(phones.got) == 30


async def test_receipts_of_many_texts_come_in_any_order_and_all_end_delivered(
    database, owner, clock, put, hooks, kannel
):
    numbers = count(1)
    await put(*(text_for(clock.now(), f"+8613900{next(numbers):06}") for _ in range(200)))
    async with network(kannel), sending(database, clock, gateway_of(kannel, hooks)) as sender:
        await sender.settle()
        await until_states(owner, {"delivered": 200}, limit_s=60)  # cores are shared


async def test_kannel_is_killed_with_texts_in_its_queue_and_no_text_is_lost(
    database, owner, clock, put, hooks, kannel
):
    numbers = count(1)
    await put(*(text_for(clock.now(), f"+8613900{next(numbers):06}") for _ in range(40)))
    async with sending(database, clock, gateway_of(kannel, hooks)) as sender:
        await sender.settle()
        await until_states(owner, {"buffered": 40})
        kannel.kill()
        # A text while Kannel is away: refused or unknown, in any case not lost and not silent.
        await put(text_for(clock.now(), "+8613900999999"))
        await sender.settle()
        [late] = await owner.fetch("SELECT * FROM sms_message WHERE recipient = '+8613900999999'")
        assert late["state"] in {"queued", "unknown", "buffered"}
        await kannel.start()
        async with network(kannel) as phones:
            on_air = await phones.wait_for(40)
            assert {each.recipient for each in on_air} >= {f"+8613900{n:06}" for n in range(1, 41)}
            await until_states_with_time(owner, clock, sender, {"delivered": 41})


async def until_states_with_time(owner, clock, sender, expected):
    """As `until_states`, with the sender's clock going on."""
    async with asyncio.timeout(20):
        while True:
            await owner.execute("UPDATE sms_message SET lease_until = lease_until - interval '5 s'")
            clock.advance(5)
            await sender.settle()
            rows = await owner.fetch("SELECT state, count(*) FROM sms_message GROUP BY state")
            if dict(map(tuple, rows)) == expected:
                return
            await asyncio.sleep(0.05)
