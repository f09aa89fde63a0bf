"""Work by text alone: what a worker writes is carried out once, by whoever it is for, and nothing of it is dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.field_answers import FieldAnswers
from callcenter.sms.models import Reader
from callcenter.sms.outbox import code_of
from tests.support.clock import HandClock
from tests.support.field import DESK, NOW
from tests.support.field_phones import FieldPhones
from tests.support.outbox import enqueue, text_for
from tests.support.sealing import SEAL


@pytest.fixture
def phones(field, clock) -> FieldPhones:
    clock.set_wall(NOW)
    return FieldPhones(field, clock)


@pytest.fixture
async def zhang(field) -> int:
    return await field.staff("张强", ["caregiver"])


async def code(field, task_id):
    return (await field.row(task_id))["code"]


async def test_a_visit_goes_from_the_offer_to_its_end_by_digits_alone(field, phones, zhang):
    task_id = await field.task()
    await phones.come()
    assert await phones.new_texts(zhang) == ["task_offered"]
    for digit, answered in (
        ("1", "task_yours"),
        ("３", "task_noted_there"),
        ("4。", "task_noted_done"),
    ):
        await phones.pass_time(40)
        assert await phones.writes(zhang, digit) is Reader.FIELD
        assert await phones.new_texts(zhang) == [answered]

    assert await field.steps(task_id) == ["entered", "offered", "accepted", "arrived", "done"]
    kinds = await field.owner.fetch("SELECT kind, proof FROM check_in ORDER BY occurred_at")
    assert [tuple(row) for row in kinds] == [("arrive", "none"), ("depart", "none")]
    assert await phones.unread(Reader.FIELD) == await phones.unread(Reader.INCIDENT) == []


@pytest.fixture
async def two(field) -> tuple[int, int]:
    return await field.staff("张强", ["caregiver"]), await field.staff("李娜", ["caregiver"])


async def offered(phones, *staff_ids, **parts):
    """An errand, of which three are asked at once."""
    task_id = await phones.field.task(kind="errand", **parts)
    await phones.come()
    for each in staff_ids:
        await phones.new_texts(each)
    return task_id


async def test_the_first_yes_has_it_and_the_other_is_told_and_told_again(field, phones, two):
    zhang, li = two
    task_id = await offered(phones, *two)
    await phones.keep(li, "1")
    phones.clock.advance(1)
    await phones.keep(zhang, "1")
    await phones.come()
    assert (await field.row(task_id))["staff_id"] == li
    assert await phones.new_texts(li) == ["task_yours"]
    assert await phones.new_texts(zhang) == ["task_taken", "task_taken"]


async def test_what_is_given_back_is_offered_to_whoever_was_too_late(field, phones, two):
    zhang, li = two
    task_id = await offered(phones, *two)
    await phones.writes(zhang, "1")
    await phones.pass_time(61)
    await phones.new_texts(li)
    await phones.writes(zhang, "2")
    assert await phones.new_texts(zhang) == ["task_yours", "task_noted_no"]
    assert await phones.new_texts(li) == ["task_offered"]
    assert (await field.row(task_id))["state"] == "offered"


async def test_a_yes_to_two_offers_is_asked_back_and_the_code_decides(field, phones, zhang):
    first = await offered(phones, zhang)
    second = await offered(phones, zhang)
    await phones.writes(zhang, "1")
    [asked] = await phones.reads(zhang)
    codes = [await code(field, each) for each in (first, second)]
    assert all(str(each) in asked for each in codes)
    await phones.writes(zhang, f"1 {codes[1]}")
    states = [(await field.row(each))["state"] for each in (first, second)]
    assert states == ["offered", "accepted"]


async def test_who_has_a_job_and_is_offered_another_takes_it_by_a_yes(field, phones, zhang):
    await field.accepted(zhang, kind="errand")
    second = await offered(phones, zhang)
    await phones.writes(zhang, "1")
    assert (await field.row(second))["staff_id"] == zhang


async def test_a_yes_that_a_modem_repeats_takes_no_second_job(field, phones, zhang):
    """The second job is offered in between, so that the words are looked at: they are asked back."""
    first = await offered(phones, zhang)
    await phones.writes(zhang, "1")
    phones.clock.advance(20)
    second = await offered(phones)
    await phones.new_texts(zhang)
    phones.clock.advance(5)
    assert await phones.writes(zhang, "1") is Reader.FIELD
    assert [(await field.row(each))["state"] for each in (first, second)] == ["accepted", "offered"]
    assert await phones.new_texts(zhang) == ["task_which"]


async def test_three_for_one_door_and_three_for_the_next(field, phones, zhang):
    """Each is a new word, since they were given the next job in between."""
    first = await field.accepted(zhang, kind="errand")
    await phones.writes(zhang, "3")
    phones.clock.advance(90)
    await phones.writes(zhang, "4")
    phones.clock.advance(5)
    second = await field.task(kind="errand")
    async with field.database.transaction() as session:
        task = await moving.held(session, second)
        await moving.give(session, task, zhang, DESK, phones.clock.now())
    phones.clock.advance(30)
    await phones.writes(zhang, "3")
    assert [(await field.row(each))["state"] for each in (first, second)] == ["done", "arrived"]


async def test_the_same_words_twice_and_a_crash_in_between_are_one(field, phones, zhang):
    """The connection dies when all is done but the note that it is."""
    task_id = await field.accepted(zhang)
    await phones.keep(zhang, "3")
    await field.owner.execute(
        "CREATE FUNCTION killed() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    await field.owner.execute(
        "CREATE TRIGGER killed BEFORE UPDATE OF handled_at ON sms_inbound EXECUTE FUNCTION killed()"
    )
    with pytest.raises(Unavailable):
        await phones.answers.run_once(phones.clock.now())
    await field.owner.execute("DROP TRIGGER killed ON sms_inbound")
    assert await phones.unread(Reader.FIELD) == ["3"]
    assert (await field.row(task_id))["state"] == "accepted"
    await phones.come()
    phones.clock.advance(120)
    await phones.writes(zhang, "3")
    assert (await field.steps(task_id)).count("arrived") == 1
    assert await field.owner.fetchval("SELECT count(*) FROM check_in") == 1


async def test_done_without_there_is_asked_about_and_there_completes_it(field, phones, zhang):
    task_id = await field.accepted(zhang)
    await phones.new_texts(zhang)
    await phones.writes(zhang, "4")
    assert await phones.new_texts(zhang) == ["task_not_there"]
    phones.clock.advance(20)
    await phones.writes(zhang, "3")
    assert (await field.row(task_id))["state"] == "done"
    assert set(await phones.new_texts(zhang)) == {"task_noted_there", "task_noted_done"}
    phones.clock.advance(90)
    await phones.writes(zhang, "4")
    assert await phones.new_texts(zhang) == ["task_noted_done"]


async def test_help_stands_at_the_job_and_is_answered_before_everything_else(field, phones, zhang):
    task_id = await field.accepted(zhang)
    await phones.writes(zhang, "0")
    step = await field.owner.fetchrow(
        "SELECT kind, told FROM task_step WHERE task_id = $1 ORDER BY n DESC", task_id
    )
    assert tuple(step) == ("help", False)  # the alarm process hears of it, incident or none
    row = await field.owner.fetchrow(
        "SELECT kind, priority FROM sms_message ORDER BY created_at DESC, priority LIMIT 1"
    )
    assert tuple(row) == ("task_help_noted", 1)


async def test_what_nobody_understands_stands_at_the_job_with_its_words(field, phones, zhang):
    task_id = await field.accepted(zhang)
    assert await phones.writes(zhang, "门锁换了，敲了没人应") is Reader.FIELD
    step = await field.owner.fetchrow(
        "SELECT kind, data FROM task_step WHERE task_id = $1 ORDER BY n DESC", task_id
    )
    assert (step["kind"], step["data"]["words"]) == ("note", "门锁换了，敲了没人应")
    assert await phones.unread(Reader.FIELD) == []


async def test_without_a_job_a_workers_words_are_a_call_in_the_queue_as_ever(phones, zhang):
    assert await phones.writes(zhang, "今天去哪里") is Reader.INCIDENT
    phones.clock.advance(1)
    assert await phones.writes(zhang, "1") is Reader.INCIDENT
    assert await phones.unread(Reader.INCIDENT) == ["今天去哪里", "1"]


async def test_on_and_off_duty_by_a_word(field, phones):
    wang = await field.staff("王芳", ["caregiver"], on_duty=False)
    task_id = await field.task(kind="errand")
    await phones.come()
    assert await phones.new_texts(wang) == []
    await phones.writes(wang, "上班")
    await phones.pass_time(61)
    assert await phones.new_texts(wang) == ["field_on_duty", "task_offered"]
    await phones.writes(wang, "1")
    await phones.writes(wang, "下班")
    assert await phones.new_texts(wang) == ["task_yours", "field_still_busy"]
    for words in ("3", "4", "下班"):
        phones.clock.advance(1)
        await phones.writes(wang, words)
    assert (await phones.new_texts(wang))[-1] == "field_off_duty"
    assert await field.owner.fetchval("SELECT ended_by FROM duty") == "sms"
    assert (await field.row(task_id))["state"] == "done"


async def test_a_task_called_off_is_told_to_whoever_has_it(field, phones, zhang):
    task_id = await field.accepted(zhang)
    await phones.new_texts(zhang)
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.cancel(session, task, DESK, NOW, "已住院")
    assert await phones.new_texts(zhang) == ["task_off"]
    for words in ("1", "3"):  # the second from the door, of who had not read it
        phones.clock.advance(5)
        await phones.writes(zhang, words)
        assert await phones.new_texts(zhang) == ["task_off"]
    assert (await field.steps(task_id))[-1] == "note"


# ---- a worker may be somebody's son


async def asked_by_incident(field, phones, staff_id):
    """His mother has pressed, and he is asked whether he can go; the incident."""
    incident, at = new_id(), phones.clock.now()
    await field.owner.execute(
        "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)"
        " VALUES ($1, 'home:1', 'alarm', 'sos', 1, $2, $3, 'dc09', '{}', $4, $4)",
        incident,
        field.community.street,
        [field.community.root, field.community.street],
        at,
    )
    connection = await field.database.connect("cause")
    text = text_for(at, await phones.number(staff_id), reference=incident)
    await enqueue(connection, [text])
    await connection.close()
    return incident


async def test_without_a_code_the_newest_question_is_answered(field, phones, zhang):
    await asked_by_incident(field, phones, zhang)
    phones.clock.advance(5)
    task_id = await offered(phones, zhang)
    phones.clock.advance(5)
    assert await phones.writes(zhang, "1") is Reader.FIELD
    assert (await field.row(task_id))["staff_id"] == zhang


async def test_the_code_decides_and_words_that_nobody_understands_are_the_incidents(
    field, phones, zhang
):
    task_id = await offered(phones, zhang)
    phones.clock.advance(5)
    incident = await asked_by_incident(field, phones, zhang)
    number = await field.owner.fetchval("SELECT number FROM incident WHERE id = $1", incident)
    for words in ("1", f"1 {code_of(incident)}", f"1 {number}", "我马上到"):
        phones.clock.advance(5)
        assert await phones.writes(zhang, words) is Reader.INCIDENT
    phones.clock.advance(5)
    assert await phones.writes(zhang, f"1 {await code(field, task_id)}") is Reader.FIELD
    assert (await field.row(task_id))["staff_id"] == zhang
    assert len(await phones.unread(Reader.INCIDENT)) == 4
    phones.clock.advance(5)
    assert await phones.writes(zhang, "3") is Reader.FIELD


async def test_a_word_that_the_database_refuses_reaches_a_person_and_keeps_no_other_waiting(
    field, phones, two
):
    zhang, li = two
    first, second = await field.accepted(zhang), await field.accepted(li)
    await field.owner.execute(
        f"ALTER TABLE check_in ADD CONSTRAINT not_this_one CHECK (task_id <> '{first}')"
    )
    try:
        await phones.keep(zhang, "3")
        await phones.keep(li, "3")
        await phones.come()
    finally:
        await field.owner.execute("ALTER TABLE check_in DROP CONSTRAINT not_this_one")
    assert (await field.row(second))["state"] == "arrived"
    assert (await field.row(first))["state"] == "accepted"
    assert len(await phones.unread(Reader.INCIDENT)) == 1
    assert await phones.unread(Reader.FIELD) == []


class Slow(HandClock):
    """A minute passes whenever somebody looks at it."""

    def now(self):
        return self.advance(60)


async def test_each_text_of_a_batch_is_carried_out_at_its_own_time(field, phones, two):
    """What comes last in a crowd of texts has not happened when the first was read."""
    tasks = [await field.accepted(each) for each in two]
    for each in two:
        await phones.keep(each, "3")
    await FieldAnswers(field.database, SEAL, Slow(NOW)).run_once(NOW)
    arrived = [(await field.row(task))["arrived_at"] for task in tasks]
    handled = await field.owner.fetch("SELECT handled_at FROM sms_inbound ORDER BY received_at, id")
    first, second = (row["handled_at"] for row in handled)
    assert second - first == timedelta(minutes=1)
    assert None not in arrived
