"""The sender against a real PostgreSQL and a gateway that is a real HTTP server."""

import asyncio
import contextlib
from datetime import timedelta
from itertools import count

import asyncpg
import pytest

from callcenter.core.clock import SystemClock
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.sms import receipts
from callcenter.sms.catalogue import BULK, EMERGENCY, NORMAL, MessageKind
from callcenter.sms.claiming import RENEW_EVERY_S, SLICE
from callcenter.sms.gateway import Evidence, Receipt
from callcenter.sms.gateways.kannel.gateway import KannelGateway
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.progress import LEASE_S, ORPHAN_WINDOW_S
from callcenter.sms.sender import SWEEP_EVERY_S, Sender
from tests.support import sms_gateway
from tests.support.kannel import settings_for
from tests.support.outbox import CASE, enqueue, stepped_sender, text_for, time_passes
from tests.support.sms_gateway import fake_smsbox

NOWHERE = "http://127.0.0.1:9/cgi-bin/sendsms"  # the discard port: nobody listens


@pytest.fixture
async def smsbox():
    async with fake_smsbox() as box:
        yield box


@pytest.fixture
async def second_smsbox():
    async with fake_smsbox() as box:
        yield box


@pytest.fixture
async def put(database):
    connection = await database.connect("cause")

    async def put(*texts):
        await enqueue(connection, texts)

    yield put
    await connection.close()


def kannel(url, **changes):
    return KannelGateway(settings_for(url, **changes), "http://127.0.0.1:1/hooks/kannel/x")


async def row_of(owner, text):
    return await owner.fetchrow("SELECT * FROM sms_message WHERE id = $1", text.id)


async def states(owner):
    rows = await owner.fetch("SELECT state FROM sms_message ORDER BY priority, created_at, id")
    return [row["state"] for row in rows]


async def receive(database, clock, text, evidence, *, attempt=1):
    async with database.transaction() as session:
        receipt = Receipt(text.id, attempt, evidence, "detail", "net-1")
        return await receipts.apply(session, receipt, clock.now())


async def test_the_sandbox_delivers_at_once(database, owner, clock, put):
    text = text_for(clock.now())
    await put(text)
    async with stepped_sender(database, [SandboxGateway()], clock) as sender:
        await sender.settle()
        assert sender.told == 1
    row = await row_of(owner, text)
    assert row["state"] == "delivered"
    assert (row["attempt"], row["segments"], row["gateway"]) == (1, 1, "sandbox")
    assert row["version"] == 2
    assert row["submitted_at"] == row["settled_at"] == clock.now()
    assert row["lease_until"] is None


async def test_g6_the_attempt_is_on_disk_before_the_first_byte_leaves(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(1)
        row = await row_of(owner, text)
        assert (row["state"], row["attempt"], row["gateway"]) == ("submitting", 1, "kannel")
        assert row["lease_until"] is not None
        smsbox.gate.set()
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["error"]) == ("submitted", None)
    assert smsbox.taken[0].text.startswith("【榆荫里养老】沈玉兰老人17:26发出紧急求助")
    assert f"id={text.id}&attempt=1&type=%d" in smsbox.taken[0].receipt_url


async def test_killed_before_the_claim_is_committed_nothing_has_happened(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    blocker = await database.connect("blocker")
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        async with blocker.transaction():
            await blocker.execute("SELECT 1 FROM sms_message FOR UPDATE")
            assert await sender.cycle() == 0  # skipped, not waited for
        assert (await row_of(owner, text))["state"] == "queued"
    await blocker.close()
    assert smsbox.taken == []


async def test_g6_killed_between_the_claim_and_the_answer_it_is_unknown_not_silent(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as first:
        await first.cycle()
        await smsbox.wait_for(1)
        await first.die()
    assert (await row_of(owner, text))["state"] == "submitting"
    smsbox.gate.set()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as second:
        await second.settle()
        assert (await row_of(owner, text))["state"] == "submitting"  # the lease still holds
        await time_passes(owner, timedelta(seconds=LEASE_S))
        clock.advance(LEASE_S)
        await second.settle()
        row = await row_of(owner, text)
        assert (row["state"], row["error"]) == ("unknown", "lease_over")
        assert second.told == 1
    assert len(smsbox.taken) == 1


async def test_killed_between_the_answer_and_its_storing_it_is_unknown_and_the_receipt_settles_it(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as first:
        await first.cycle()
        await asyncio.wait(first.sends)
        first.flights._answers.clear()  # it died with the answer in its hands
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as second:
        await time_passes(owner, timedelta(seconds=31))
        await second.settle()
        assert (await row_of(owner, text))["state"] == "unknown"
        assert await receive(database, clock, text, Evidence.DELIVERED)
        await time_passes(owner, timedelta(seconds=31))
        clock.advance(31)
        await second.settle()
    assert (await row_of(owner, text))["state"] == "delivered"
    assert len(smsbox.taken) == 1


async def test_g6_what_hung_at_a_dead_sender_is_sent_again_within_ten_seconds_and_once(
    database, owner, clock, put, smsbox
):
    assert LEASE_S + ORPHAN_WINDOW_S + 2 * SWEEP_EVERY_S < 10
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as first:
        await first.cycle()
        await smsbox.wait_for(1)
        await first.die()
    smsbox.gate.set()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as second:
        for seconds in (LEASE_S, ORPHAN_WINDOW_S, LEASE_S, ORPHAN_WINDOW_S):
            await time_passes(owner, timedelta(seconds=seconds))
            clock.advance(seconds)
            await second.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["attempt"]) == ("submitted", 2)
    assert len(smsbox.taken) == 2
    assert smsbox.taken[0].text == smsbox.taken[1].text


async def test_g6_a_living_sender_keeps_what_hangs_and_a_dead_one_loses_it_within_six_seconds(
    database, owner, clock, put, smsbox
):
    assert LEASE_S + SWEEP_EVERY_S <= 6
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    async with (
        stepped_sender(database, [kannel(smsbox.url)], clock) as first,
        stepped_sender(database, [kannel(smsbox.url)], clock) as second,
    ):
        await first.cycle()
        await smsbox.wait_for(1)
        for _ in range(10):
            await time_passes(owner, timedelta(seconds=LEASE_S - 1))
            clock.advance(RENEW_EVERY_S)
            await first.cycle()
            await second.cycle()
            assert (await row_of(owner, text))["state"] == "submitting"
        await first.die()
        await time_passes(owner, timedelta(seconds=LEASE_S))
        clock.advance(SWEEP_EVERY_S)
        await second.cycle()
        assert (await row_of(owner, text))["state"] == "unknown"
        await second.settle()
    assert len(smsbox.taken) == 1


async def test_what_a_dead_sender_had_not_claimed_another_sends_at_once(
    database, owner, clock, put, smsbox
):
    numbers = count(1)
    await put(*(text_for(clock.now(), f"+8613900{next(numbers):06}") for _ in range(SLICE + 5)))
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url, window=50)], clock) as first:
        await first.cycle()
        await smsbox.wait_for(SLICE)
        await first.die()
    smsbox.gate.set()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as second:
        await second.settle()
    assert sorted(await states(owner)) == ["submitted"] * 5 + ["submitting"] * SLICE
    assert len({taken.recipient for taken in smsbox.taken}) == len(smsbox.taken) == SLICE + 5


async def test_g6_an_unknown_text_that_is_no_emergency_is_never_sent_again(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now(), priority=NORMAL)
    await put(text)
    smsbox.answer = sms_gateway.CUT
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        for _ in range(5):
            await sender.settle()
            await time_passes(owner, timedelta(seconds=60))
            clock.advance(60)
    row = await row_of(owner, text)
    assert (row["state"], row["error"]) == ("unknown", "connection_lost")
    assert len(smsbox.taken) == 1


async def test_an_unknown_emergency_is_repeated_at_most_twice(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    await put(text)
    smsbox.answer = sms_gateway.CUT
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        for _ in range(8):
            await sender.settle()
            await time_passes(owner, timedelta(seconds=31))
            clock.advance(31)
    row = await row_of(owner, text)
    assert (row["state"], row["attempt"], row["error"]) == ("unknown", 3, "not_repeated")
    assert len(smsbox.taken) == 3


async def test_a_gateway_that_never_answers_makes_it_unknown(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    await put(text)
    smsbox.answer = sms_gateway.SILENCE
    async with stepped_sender(database, [kannel(smsbox.url, timeout_s=0.2)], clock) as sender:
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["error"]) == ("unknown", "no_answer")


async def test_a_proven_refusal_is_tried_again_after_a_pause(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    await put(text)
    smsbox.answers = [sms_gateway.FULL, sms_gateway.WRONG_LOGIN]
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        row = await row_of(owner, text)
        assert (row["state"], row["error"]) == ("queued", "queue_full")
        assert (row["due_at"] - clock.now()).total_seconds() == 1
        clock.advance(1)
        await sender.settle()
        assert (await row_of(owner, text))["error"] == "authorization"
        clock.advance(2)
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["attempt"], row["error"]) == ("submitted", 3, None)


async def test_g6_a_proven_refusal_goes_to_the_other_gateway_at_once(
    database, owner, clock, put, second_smsbox
):
    text = text_for(clock.now())
    await put(text)
    gateways = [kannel(NOWHERE), kannel(second_smsbox.url, name="second")]
    async with stepped_sender(database, gateways, clock) as sender:
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["gateway"], row["attempt"]) == ("submitted", "second", 2)
    assert len(second_smsbox.taken) == 1


async def test_a_text_that_no_gateway_can_ever_take_fails(database, owner, clock, put, smsbox):
    bad, good = text_for(clock.now(), recipient="+86"), text_for(clock.now())
    await put(bad, good)
    smsbox.answers = [sms_gateway.BAD_REQUEST]
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
    assert sorted(await states(owner)) == ["failed", "submitted"]


async def test_a_text_kept_in_the_gateway_without_a_link_shows_so(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    smsbox.answer = sms_gateway.QUEUED
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        row = await row_of(owner, text)
        assert (row["state"], row["error"]) == ("buffered", "no_link")
        assert await receive(database, clock, text, Evidence.DELIVERED)
    assert (await row_of(owner, text))["state"] == "delivered"


async def test_a_row_that_nobody_can_render_fails_and_takes_no_neighbour_down(
    database, owner, clock, put
):
    broken, good = text_for(clock.now()), text_for(clock.now())
    await put(broken, good)
    await owner.execute("UPDATE sms_message SET kind = 'from_the_future' WHERE id = $1", broken.id)
    async with stepped_sender(database, [SandboxGateway()], clock) as sender:
        await sender.settle()
    assert (await row_of(owner, broken))["error"] == "cannot_render"
    assert (await row_of(owner, broken))["state"] == "failed"
    assert (await row_of(owner, good))["state"] == "delivered"


async def test_a_stale_text_expires_and_is_not_sent(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    await put(text)
    clock.advance(601)
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        assert sender.told == 1
    row = await row_of(owner, text)
    assert (row["state"], row["error"], row["settled_at"]) == ("expired", "expired", clock.now())
    assert smsbox.taken == []


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_text_is_sent_although_the_clock_was_set_while_it_waited(
    database, owner, clock, put, smsbox, hours
):
    """Every gateway is gone meanwhile: it was written by one time, and is sent by another."""
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        clock.set_wall(clock.now() + timedelta(hours=hours))
        await sender.settle()
        text = text_for(clock.now())
        await put(text)
        clock.set_wall(clock.now() - timedelta(hours=hours))
        await sender.settle()
    assert await states(owner) == ["submitted"]
    assert [taken.recipient for taken in smsbox.taken] == [text.recipient]


async def test_a_text_that_waits_is_not_over_because_the_clock_was_put_ahead(
    database, owner, clock, put, smsbox
):
    smsbox.answer = sms_gateway.FULL
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await put(text_for(clock.now()))
        await sender.settle()
        clock.set_wall(clock.now() + timedelta(hours=1))
        await sender.settle()
        assert await states(owner) == ["queued"]
        clock.advance(599)
        await sender.settle()
        assert await states(owner) == ["queued"]
        clock.advance(2)
        await sender.settle()
    assert await states(owner) == ["expired"]


async def test_what_waited_while_no_sender_lived_goes_out_while_its_alarm_is_open(
    database, owner, clock, put, smsbox
):
    still_open, closed = [await incident_of(owner, clock.now()) for _ in range(2)]
    await put(text_for(clock.now(), reference=still_open), text_for(clock.now(), reference=closed))
    for change in (
        "state = 'taken', taken_by = 7, taken_at = opened_at",
        "state = 'closed', outcome = 'test', closed_at = opened_at",
    ):
        await owner.execute(f"UPDATE incident SET {change} WHERE id = $1", closed)  # noqa: S608 as above
    clock.advance(7_200)
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
    rows = await owner.fetch("SELECT reference, state FROM sms_message")
    assert dict(rows) == {still_open: "submitted", closed: "expired"}


async def incident_of(owner: asyncpg.Connection, now):
    incident = new_id()
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at,"
        " last_signal_at) VALUES ($1, $3, 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', $2, $2)",
        incident,
        now,
        f"device:{incident}",
    )
    return incident


async def test_a_receipt_that_never_comes_ends_in_unknown(database, owner, clock, put, smsbox):
    text = text_for(clock.now())
    await put(text)
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        await time_passes(owner, timedelta(seconds=661))
        clock.advance(661)
        await sender.settle()
        row = await row_of(owner, text)
        assert (row["state"], row["error"]) == ("unknown", "no_receipt")
        await time_passes(owner, timedelta(hours=1))
        clock.advance(3600)
        await sender.settle()
    assert (await row_of(owner, text))["state"] == "unknown"
    assert len(smsbox.taken) == 1
    assert await receive(database, clock, text, Evidence.DELIVERED)  # years later, so to speak
    assert (await row_of(owner, text))["state"] == "delivered"


async def test_an_emergency_passes_the_bulk_that_waits_and_the_bulk_that_hangs(
    database, owner, clock, put, smsbox
):
    await put(*(text_for(clock.now(), f"+86139000001{n:02}", priority=BULK) for n in range(20)))
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url, window=4)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(2)
        await sender.cycle()
        assert len(sender.sends) == 2  # half of the window stays free
        await put(text_for(clock.now(), kind=MessageKind.AMBULANCE_CALLED))
        await sender.cycle()
        await smsbox.wait_for(3)
        assert "已呼叫120" in smsbox.taken[2].text
        smsbox.gate.set()
        await sender.settle()
    assert (await states(owner)) == ["submitted"] * 21


async def test_a_gateway_that_is_down_is_spared_bulk_but_asked_for_every_emergency(
    database, owner, clock, put, smsbox
):
    await put(*(text_for(clock.now(), f"+86139000001{n:02}", priority=BULK) for n in range(6)))
    async with stepped_sender(database, [kannel(NOWHERE, window=12)], clock) as sender:
        await sender.settle()
        for _ in range(3):
            clock.advance(0.1)
            await put(text_for(clock.now(), priority=BULK))
            await sender.settle()
        assert await owner.fetchval("SELECT sum(attempt) FROM sms_message") == 6
        emergency = text_for(clock.now())
        await put(emergency)
        await sender.settle()
        assert (await row_of(owner, emergency))["attempt"] == 1


async def test_five_senders_at_once_send_every_text_once(database, owner, clock, put, smsbox):
    numbers = count(1)
    await put(*(text_for(clock.now(), f"+8613900{next(numbers):06}") for _ in range(300)))

    async def run():
        async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
            await sender.settle()

    await asyncio.gather(*(run() for _ in range(5)))
    assert await states(owner) == ["submitted"] * 300
    assert len({taken.recipient for taken in smsbox.taken}) == len(smsbox.taken) == 300
    assert await owner.fetchval("SELECT max(attempt) FROM sms_message") == 1


async def test_a_sender_loses_its_database_and_goes_on(
    databases, database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    admin = await asyncpg.connect(databases.admin_dsn)
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await asyncio.wait(sender.sends)
        cut = await admin.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'sms_sender' AND datname = $1",
            await owner.fetchval("SELECT current_database()"),
        )
        assert len(cut) == 1
        with contextlib.suppress(Unavailable):
            await sender.cycle()  # fails, unless the cut was noticed before
        await sender.settle()
    await admin.close()
    assert (await row_of(owner, text))["state"] == "submitted"
    assert len(smsbox.taken) == 1


async def test_an_orderly_stop_waits_for_the_answer_and_stores_it(database, owner, put, smsbox):
    clock = SystemClock()
    texts = [text_for(clock.now()), text_for(clock.now())]
    await put(texts[0])
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(1)
        stopping = asyncio.create_task(sender.sender.close())
        await asyncio.sleep(0)
        smsbox.gate.set()
        await stopping
        await put(texts[1])
        assert await sender.cycle() == 0
    assert await states(owner) == ["submitted", "queued"]


async def test_a_stop_does_not_wait_for_ever_for_a_gateway(database, owner, put, smsbox):
    clock = SystemClock()
    await put(text_for(clock.now()))
    smsbox.answer = sms_gateway.SILENCE
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(1)
        async with asyncio.timeout(5):
            await sender.sender.close()
    assert await states(owner) == ["submitting"]


class LosesTheAnswerToItsCommit(Sender):
    """Its first claim is committed, but the connection is gone before it hears so."""

    lost = False

    async def _claim(self, connection, now):
        claimed = await super()._claim(connection, now)
        if not self.lost:
            self.lost = True
            await connection.execute("COMMIT")
            connection.terminate()
        return claimed


async def test_claimed_rows_that_were_never_sent_go_back_into_the_outbox(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    gateways = [kannel(smsbox.url)]
    async with stepped_sender(database, gateways, clock, LosesTheAnswerToItsCommit) as sender:
        with pytest.raises(Unavailable):
            await sender.cycle()
        assert (await row_of(owner, text))["state"] == "submitting"
        assert smsbox.taken == []
        await sender.settle()
        assert (await row_of(owner, text))["error"] == "never_sent"
        clock.advance(1)
        await sender.settle()
    assert (await row_of(owner, text))["state"] == "submitted"
    assert len(smsbox.taken) == 1


async def test_a_receipt_that_overtakes_the_answer_is_not_undone_by_it(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(1)
        assert await receive(database, clock, text, Evidence.DELIVERED)
        smsbox.gate.set()
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["version"], row["lease_until"]) == ("delivered", 2, None)
    assert row["submitted_at"] is not None


async def test_a_refusal_told_twice_is_tried_again_once(database, owner, clock, put, smsbox):
    """Kannel answers 403 and also sends a receipt for it, which may come first."""
    text = text_for(clock.now())
    await put(text)
    smsbox.gate.clear()
    smsbox.answers = [sms_gateway.NOT_ROUTABLE]
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.cycle()
        await smsbox.wait_for(1)
        assert await receive(database, clock, text, Evidence.REFUSED)
        smsbox.gate.set()
        await sender.settle()
        row = await row_of(owner, text)
        assert (row["state"], row["error"]) == ("queued", "not_routable")
        assert not await receive(database, clock, text, Evidence.REFUSED)
        clock.advance(1)
        await sender.settle()
    row = await row_of(owner, text)
    assert (row["state"], row["attempt"]) == ("submitted", 2)


@pytest.mark.parametrize(
    "case",
    [
        (Evidence.REFUSED, 2, "submitted"),
        (Evidence.REFUSED, 1, "failed"),
        (Evidence.FAILED, 2, "failed"),
    ],
)
async def test_what_the_network_refuses_goes_to_the_other_gateway(
    database, owner, clock, put, smsbox, second_smsbox, case
):
    evidence, gateways, ends = case
    text = text_for(clock.now())
    await put(text)
    both = [kannel(smsbox.url), kannel(second_smsbox.url, name="second")][:gateways]
    async with stepped_sender(database, both, clock) as sender:
        await sender.settle()
        assert await receive(database, clock, text, evidence)
        clock.advance(1)
        await sender.settle()
    row = await row_of(owner, text)
    assert row["state"] == ends
    assert len(second_smsbox.taken) == (ends == "submitted")
    assert (row["lease_until"] is None) == (ends == "failed")


async def test_the_receipt_of_an_earlier_attempt_counts_only_if_it_arrived(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now())
    await put(text)
    smsbox.answers = [sms_gateway.FULL]
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        clock.advance(1)
        await sender.settle()
        assert not await receive(database, clock, text, Evidence.FAILED, attempt=1)
        assert not await receive(database, clock, text, Evidence.TAKEN, attempt=1)
        assert (await row_of(owner, text))["state"] == "submitted"
        assert await receive(database, clock, text, Evidence.DELIVERED, attempt=1)
    assert (await row_of(owner, text))["state"] == "delivered"


async def test_emergencies_are_sent_in_the_order_they_came(database, owner, clock, put, smsbox):
    for number in range(6):
        await put(text_for(clock.advance(0.001), f"+861390000000{number}", priority=EMERGENCY))
    async with stepped_sender(database, [kannel(smsbox.url, window=1)], clock) as sender:
        await sender.settle()
    assert [taken.recipient[-1] for taken in smsbox.taken] == list("012345")
    assert CASE["ref"] == 37


async def test_a_text_of_a_clock_that_was_ahead_does_not_wait_for_that_time_again(
    database, owner, clock, put, smsbox
):
    """Somebody sets the server's clock back by an hour: what was due a moment before is due now."""
    ahead = clock.now() + timedelta(hours=1)
    first, repeated = text_for(ahead), text_for(ahead)
    await put(first, repeated)
    await owner.execute(
        "UPDATE sms_message SET attempt = 1, created_at = $2 WHERE id = $1",
        repeated.id,
        clock.now(),
    )
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
    assert await states(owner) == ["submitted", "submitted"]


async def test_what_was_put_off_after_a_failure_waits_for_its_time(
    database, owner, clock, put, smsbox
):
    text = text_for(clock.now(), priority=NORMAL)
    await put(text)
    await owner.execute(
        "UPDATE sms_message SET attempt = 1, due_at = $1", clock.now() + timedelta(minutes=5)
    )
    async with stepped_sender(database, [kannel(smsbox.url)], clock) as sender:
        await sender.settle()
        assert await states(owner) == ["queued"]
        clock.advance(300)
        await sender.settle()
    assert await states(owner) == ["submitted"]
