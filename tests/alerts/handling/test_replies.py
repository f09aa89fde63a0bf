"""Answers by text: onto the incident they answer, once, or into the queue; never dropped."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.replies import Replies
from callcenter.core.ids import new_id
from callcenter.sms.gateways.sandbox.gateway import SandboxGateway
from callcenter.sms.outbox import code_of
from tests.alerts.conftest import Desk
from tests.support.outbox import stepped_sender

DAUGHTER, SON, DUTY = "+8613900000001", "+8613900000002", "+8613900000009"


class Phone:
    """Somebody answers; `come` lets the processor run."""

    def __init__(self, desk: Desk, replies: Replies) -> None:
        self._desk = desk
        self._replies = replies

    async def writes(self, text: str, sender: str = DAUGHTER) -> None:
        inbound_id = new_id()
        await self._desk.owner.execute(
            "INSERT INTO sms_inbound (id, gateway, provider_key, sender, text, received_at)"
            " VALUES ($1, 'sandbox', $2, $3, $4, $5)",
            inbound_id,
            str(inbound_id),
            sender,
            text,
            self._desk.clock.now(),
        )
        await self.come()

    async def come(self) -> None:
        await self._replies.run_once(self._desk.clock.now())

    async def said(self, incident_id: object) -> list[dict[str, Any]]:
        rows = await self._desk.owner.fetch(
            "SELECT data FROM timeline_entry WHERE incident_id = $1 AND kind = 'reply' ORDER BY number",
            incident_id,
        )
        return [row["data"] for row in rows]


@pytest.fixture
async def phone(desk: Desk, bench: Workbench) -> Phone:
    """The phones of two neighbouring families: the daughter stands for both homes, the son for the first."""
    for number in (1, 2):
        home = await desk.community.home()
        resident = await desk.community.resident(home)
        await desk.community.contact(resident, 1, DAUGHTER)
        await desk.community.contact(resident, 2, SON)
        await desk.community.device(f"{number}", home, resident)
    await desk.community.source()
    await desk.reload()
    return Phone(desk, Replies(bench, desk.intake))


async def test_a_yes_stands_on_the_incident_and_is_thanked_for(desk: Desk, phone: Phone):
    incident = (await desk.press("1")).incident_id
    await phone.writes("１。")
    [said] = await phone.said(incident)
    assert (said["meaning"], said["name"], said["relation"]) == ("yes", "沈岚", "女儿")
    assert await desk.texts() == [(DAUGHTER, "alarm_raised"), (DAUGHTER, "answer_noted")]
    handled = await desk.owner.fetchrow("SELECT meaning, reference, handled_at FROM sms_inbound")
    assert (handled["meaning"], handled["reference"]) == ("yes", incident)
    assert handled["handled_at"] == desk.clock.now()
    assert desk.board.changes[-1].entries[0].kind == "reply"


async def test_g6_the_text_is_written_with_its_incident_and_a_delivery_answers_nothing(
    desk: Desk, phone: Phone
):
    incident = (await desk.press("1")).incident_id
    writers = await desk.owner.fetch(
        "SELECT xmin::text FROM incident UNION SELECT xmin::text FROM sms_message"
    )
    assert len(writers) == 1  # one transaction has written both
    async with stepped_sender(desk.database, [SandboxGateway()], desk.clock) as sender:
        await sender.settle()
    assert await desk.owner.fetchval("SELECT state FROM sms_message") == "delivered"
    await phone.come()
    assert await phone.said(incident) == []
    assert await desk.owner.fetchval("SELECT state FROM incident") == "waiting"
    await phone.writes("1")
    assert [said["meaning"] for said in await phone.said(incident)] == ["yes"]


async def test_after_a_no_the_next_contact_is_asked(desk: Desk, phone: Phone):
    incident = (await desk.press("1")).incident_id
    await phone.writes("2")
    assert [said["meaning"] for said in await phone.said(incident)] == ["no"]
    assert await desk.texts() == [(DAUGHTER, "alarm_raised"), (SON, "can_you_go")]
    await phone.writes("2", SON)
    assert len(await desk.texts()) == 2


async def test_the_same_no_again_asks_nobody_else(desk: Desk, phone: Phone):
    """A gateway hands it in a second time, or the daughter is impatient: one no is one contact more."""
    [third] = await desk.owner.fetch("SELECT id FROM resident ORDER BY id LIMIT 1")
    await desk.community.contact(third["id"], 3, "+8613900000003")
    await desk.reload()
    incident = (await desk.press("1")).incident_id
    for _ in range(3):
        await phone.writes("2")
        desk.clock.advance(90)
    assert [said["meaning"] for said in await phone.said(incident)] == ["no"] * 3
    assert await desk.texts() == [(DAUGHTER, "alarm_raised"), (SON, "can_you_go")]
    await phone.writes("2", SON)
    assert (await desk.texts())[-1] == ("+8613900000003", "can_you_go")


@pytest.mark.parametrize(
    "words", ["1，怎么了", "我妈怎么了", "收到", "1【中国移动】", "退订", "1 2", "(2/3) 去"]
)
async def test_what_is_no_plain_answer_reaches_the_operators_with_its_words_and_moves_nothing(
    desk: Desk, phone: Phone, words: str
):
    incident = (await desk.press("1")).incident_id
    await phone.writes(words)
    [said] = await phone.said(incident)
    assert said["text"] == words
    is_yes = words.startswith("1【")
    assert said["meaning"] == ("yes" if is_yes else "other")
    assert len(await desk.texts()) == (2 if is_yes else 1)


@pytest.mark.parametrize("words", [("1", "2"), ("2", "1"), ("我去", "去不了")])
async def test_two_answers_that_contradict_each_other_are_both_shown_and_asked_on(
    desk: Desk, phone: Phone, words: tuple[str, str]
):
    incident = (await desk.press("1")).incident_id
    for each in words:
        await phone.writes(each)
    assert [said["text"] for said in await phone.said(incident)] == list(words)
    assert {(DAUGHTER, "answer_noted"), (SON, "can_you_go")} <= set(await desk.texts())


async def test_the_code_decides_between_two_alarms(desk: Desk, phone: Phone):
    first, second = await desk.press("1"), await desk.press("2")
    await phone.writes(f"1 {second.number}")
    assert await phone.said(first.incident_id) == []
    assert [said["meaning"] for said in await phone.said(second.incident_id)] == ["yes"]


async def test_without_a_code_it_stands_on_both_as_unclear_and_nobody_is_thanked(
    desk: Desk, phone: Phone
):
    first, second = await desk.press("1"), await desk.press("2")
    await phone.writes("1")
    for settled in (first, second):
        assert [said["meaning"] for said in await phone.said(settled.incident_id)] == ["unclear"]
    assert {kind for _, kind in await desk.texts()} == {"alarm_raised"}


async def test_free_words_are_shown_as_they_stand(desk: Desk, phone: Phone):
    incident = (await desk.press("1")).incident_id
    await phone.writes("她上午来过电话，请找邻居")
    [said] = await phone.said(incident)
    assert (said["meaning"], said["text"]) == ("other", "她上午来过电话，请找邻居")


async def test_what_answers_nothing_becomes_a_quiet_call(desk: Desk, phone: Phone):
    await phone.writes("妈妈不接电话", "+8613900000055")
    row = await desk.owner.fetchrow("SELECT class, kind, state, card FROM incident")
    assert (row["class"], row["kind"], row["state"]) == ("service", "help", "waiting")
    assert row["card"]["text"] == "妈妈不接电话"
    assert (
        await desk.owner.fetchval("SELECT count(*) FROM sms_inbound WHERE handled_at IS NULL") == 0
    )


async def closes(desk: Desk) -> None:
    """Whatever is open."""
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 7 WHERE state <> 'closed'"
    )
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = $1 WHERE state <> 'closed'",
        desk.clock.now(),
    )


async def quiet_calls(desk: Desk) -> list[Any]:
    return await desk.owner.fetch(
        "SELECT id, home_id, region_id, identifier, subject, card->>'text' AS text FROM incident"
        " WHERE class = 'service' AND state <> 'closed' ORDER BY number"
    )


@pytest.mark.parametrize(
    "words", ["妈妈又摔倒了", "您好", "TD", "好的？", "1", "1 {number}", "她还是不接电话，谢谢"]
)
async def test_what_a_family_writes_after_the_end_is_a_quiet_call_of_the_home(
    desk: Desk, phone: Phone, words: str
):
    settled = await desk.press("1")
    home = await desk.owner.fetchval("SELECT home_id FROM incident")
    await closes(desk)
    said = words.format(number=settled.number)
    await phone.writes(said)
    [call] = await quiet_calls(desk)
    assert (call["home_id"], call["text"], call["identifier"]) == (home, said, DAUGHTER)
    assert await desk.owner.fetchval("SELECT reference FROM sms_inbound") == settled.incident_id


async def test_what_the_duty_phone_writes_after_the_end_is_seen_too(desk: Desk, phone: Phone):
    desk.board.seats = False
    await desk.press("1")
    await closes(desk)
    await phone.writes("刚才那家又响了", DUTY)
    assert [call["text"] for call in await quiet_calls(desk)] == ["刚才那家又响了"]


async def test_a_no_and_thanks_after_the_end_ring_nobody(desk: Desk, phone: Phone):
    await desk.press("1")
    await closes(desk)
    for words in ("2", "谢谢你们！", "好的"):
        await phone.writes(words)
    assert await quiet_calls(desk) == []


async def test_a_contact_whom_nobody_has_asked_is_heard_on_the_alarm_of_the_home(
    desk: Desk, phone: Phone
):
    incident = (await desk.press("1")).incident_id
    await phone.writes("她今天在我这里", SON)
    [said] = await phone.said(incident)
    assert (said["meaning"], said["name"], said["text"]) == ("other", "沈岚", "她今天在我这里")
    assert await quiet_calls(desk) == []


async def test_a_contact_with_nothing_open_is_a_call_of_their_home(desk: Desk, phone: Phone):
    home = await desk.community.home(address="榆荫里9号楼")
    resident = await desk.community.resident(home)
    await desk.community.contact(resident, 1, "+8613900000044")
    await desk.reload()
    await phone.writes("我妈这两天没接电话", "+8613900000044")
    [call] = await quiet_calls(desk)
    assert (call["home_id"], call["region_id"]) == (home, desk.community.street)


async def test_who_stands_for_several_homes_calls_in_their_own_name_where_they_are(
    desk: Desk, phone: Phone
):
    await phone.writes("明天停电", DAUGHTER)
    [call] = await quiet_calls(desk)
    assert (call["home_id"], call["region_id"]) == (None, desk.community.street)
    assert call["subject"] == f"caller:sms:{DAUGHTER}"


async def test_texts_of_strangers_are_one_call_that_names_each(desk: Desk, phone: Phone):
    for n in range(5):
        await phone.writes(f"点这里 {n}", f"+861390000005{n}")
    [call] = await quiet_calls(desk)
    entries = await desk.owner.fetch(
        "SELECT data FROM timeline_entry WHERE incident_id = $1 ORDER BY number", call["id"]
    )
    said = [(one["data"]["identifier"], one["data"]["text"]) for one in entries]
    assert said == [(f"+861390000005{n}", f"点这里 {n}") for n in range(5)]


@pytest.mark.parametrize(
    "sender",
    [
        "10086",
        "+8610086",
        "95588",
        "106980095188",
        "+861069012345678",
        "CMCC",
        "中国移动",
        "CMCC10086",
    ],
)
async def test_a_carrier_s_own_texts_open_nothing(desk: Desk, phone: Phone, sender: str):
    await phone.writes("您的余额不足10元", sender)
    assert await quiet_calls(desk) == []
    assert (
        await desk.owner.fetchval("SELECT count(*) FROM sms_inbound WHERE handled_at IS NULL") == 0
    )


async def test_who_answers_for_the_first_time_without_the_code_is_not_verified(
    desk: Desk, phone: Phone
):
    incident = (await desk.press("1")).incident_id
    assert incident is not None
    await phone.writes("1")
    await phone.writes(f"1 {code_of(incident)}")
    await phone.writes("在小区门口")
    said = [(one["meaning"], one["unverified"]) for one in await phone.said(incident)]
    assert said == [("yes", True), ("yes", False), ("other", False)]


@pytest.mark.parametrize(
    "words", ["1 {number}-{code}", "1{code}", "2 编号{number}-{code}", "1+{code}"]
)
async def test_the_code_may_stand_where_people_put_it(desk: Desk, phone: Phone, words: str):
    settled = await desk.press("1")
    assert settled.incident_id is not None
    code = code_of(settled.incident_id)
    await phone.writes(words.format(number=settled.number, code=code))
    [said] = await phone.said(settled.incident_id)
    assert (said["meaning"], said["unverified"]) == (
        "no" if words.startswith("2") else "yes",
        False,
    )


async def test_who_has_answered_with_a_code_before_is_known(desk: Desk, phone: Phone):
    first = (await desk.press("1")).incident_id
    assert first is not None
    await phone.writes(f"1 {code_of(first)}")
    await closes(desk)
    second = (await desk.press("1")).incident_id
    await phone.writes("1")
    assert [one["unverified"] for one in await phone.said(second)] == [False]


async def test_words_of_the_duty_phone_stand_on_the_incident_and_ask_nobody_else(
    desk: Desk, phone: Phone
):
    desk.board.seats = False
    incident = (await desk.press("1")).incident_id
    told = await desk.texts()
    for words in ("谁？", "2", "马上问问"):
        await phone.writes(words, DUTY)
    said = [(one["meaning"], one["text"], one["takes"]) for one in await phone.said(incident)]
    assert said == [("other", "谁？", False), ("no", "2", False), ("other", "马上问问", False)]
    assert await desk.texts() == told
    assert await desk.owner.fetchval("SELECT state FROM incident") == "waiting"


async def test_a_yes_of_the_duty_phone_takes_the_alarm_it_was_told_of_last(
    desk: Desk, phone: Phone
):
    """Of the others it is told again: one answer is not meant for what the phone's owner may not have read yet."""
    desk.board.seats = False
    first = (await desk.press("1")).incident_id
    desk.clock.advance(5)
    last = (await desk.press("2")).incident_id
    await phone.writes("1", DUTY)
    rows = await desk.owner.fetch(
        "SELECT id, state, taken_by, taken_by_name FROM incident ORDER BY number"
    )
    assert [tuple(row) for row in rows] == [
        (first, "waiting", None, None),
        (last, "taken", None, DUTY),
    ]
    number = await desk.owner.fetchval("SELECT number FROM incident WHERE id = $1", first)
    await phone.writes(f"1 {number}", DUTY)
    assert await desk.owner.fetchval("SELECT state FROM incident WHERE id = $1", first) == "taken"


async def test_a_no_of_the_duty_phone_makes_the_next_number_due_now(desk: Desk, phone: Phone):
    desk.board.seats = False
    await desk.press("1")
    due = "SELECT due_at <= clock_timestamp() FROM incident_timer WHERE kind = 'untaken'"
    assert await desk.owner.fetchval(due) is False
    await phone.writes("2", DUTY)
    assert await desk.owner.fetchval(due) is True


async def test_a_contact_who_is_on_duty_too_answers_where_they_were_asked(desk: Desk, phone: Phone):
    await desk.owner.execute("UPDATE region SET duty_numbers = $1", [DAUGHTER])
    await desk.reload()
    desk.board.seats = False
    stranger = (await desk.press("9999")).incident_id
    asked = (await desk.press("1")).incident_id
    await phone.writes("1")
    assert await phone.said(stranger) == []
    assert [one["meaning"] for one in await phone.said(asked)] == ["yes"]


async def test_thanks_after_the_end_ring_nobody(desk: Desk, phone: Phone):
    incident = (await desk.press("1")).incident_id
    await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = $1", desk.clock.now()
    )
    await phone.writes("谢谢")
    assert await desk.owner.fetchval("SELECT count(*) FROM incident") == 1
    assert await phone.said(incident) == []


async def test_g7_a_crash_before_the_answer_was_marked_as_handled_writes_it_once(
    desk: Desk, phone: Phone
):
    """Also what happens when two servers look at the same answer."""
    incident = (await desk.press("1")).incident_id
    await phone.writes("1")
    await desk.owner.execute("UPDATE sms_inbound SET handled_at = NULL")
    await phone.come()
    assert len(await phone.said(incident)) == 1
    assert (
        await desk.owner.fetchval("SELECT count(*) FROM sms_inbound WHERE handled_at IS NULL") == 0
    )


async def test_an_answer_to_an_incident_that_has_ended_says_nothing_of_the_open_one(
    desk: Desk, phone: Phone
):
    first = await desk.press("1")
    await desk.owner.execute("UPDATE incident SET state = 'taken', taken_by = 7")
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = $1", desk.clock.now()
    )
    second = await desk.press("2")
    await phone.writes(f"1 {first.number}")
    assert await phone.said(second.incident_id) == []
    assert await desk.owner.fetchval("SELECT reference FROM sms_inbound") == first.incident_id
    await phone.writes("1 99999")  # no number of ours: it means the one that is open
    assert [said["meaning"] for said in await phone.said(second.incident_id)] == ["yes"]


async def test_an_answer_that_cannot_be_written_now_keeps_no_other_waiting(
    desk: Desk, phone: Phone
):
    held = (await desk.press("1")).incident_id
    holder = await desk.database.connect("holder")
    await holder.execute(
        "SET idle_in_transaction_session_timeout = 0"
    )  # however slow this machine is
    async with holder.transaction():
        await holder.execute("SELECT 1 FROM incident FOR UPDATE")
        await phone.writes("能去")
        desk.clock.advance(1)
        await phone.writes("谢谢", "+8613900000007")
        assert await desk.owner.fetchval("SELECT count(*) FROM journal WHERE source = 'sms'") == 1
    await holder.close()
    await phone.come()
    assert [said["meaning"] for said in await phone.said(held)] == ["yes"]
    assert (
        await desk.owner.fetchval("SELECT count(*) FROM sms_inbound WHERE handled_at IS NULL") == 0
    )
