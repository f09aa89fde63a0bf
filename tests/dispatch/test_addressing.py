"""What a sender could be answering: the same by the tables and by the memory that stands in for them in an outage."""

from __future__ import annotations

import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.addressing import FieldQuestions, asked_without_row, known_of
from callcenter.sms.arrivals import whose_by
from callcenter.sms.catalogue import MessageKind
from callcenter.sms.claiming import Attempt
from callcenter.sms.gateway import OutgoingText
from callcenter.sms.models import Reader
from tests.support.field import NOW, PHONE, later
from tests.support.field_phones import FieldPhones


@pytest.fixture
def phones(field, clock) -> FieldPhones:
    clock.set_wall(NOW)
    return FieldPhones(field, clock)


async def known(phones, staff_id, now=NOW):
    async with phones.field.database.transaction() as session:
        return await known_of(session, await phones.number(staff_id), now)


async def jobs(phones, staff_id, now=NOW):
    found = await known(phones, staff_id, now)
    return [(each.task_id, each.job.has, each.was_theirs) for each in found.questions]


async def test_jobs_they_were_texted_about_and_jobs_they_have(field, phones):
    li, wang = await field.staff("李", ["caregiver"]), await field.staff("王", ["caregiver"])
    own = await field.accepted(li)
    offered = await field.task(kind="errand")
    await phones.come()
    assert await jobs(phones, li) == [(own, True, False), (offered, False, False)]
    assert await jobs(phones, wang) == [(offered, False, False)]
    assert await jobs(phones, wang, later(hours=13)) == []
    assert (own, True, False) in await jobs(phones, li, later(hours=13))


async def test_a_stranger_and_somebody_who_works_here_no_more_are_nobody(field, phones):
    gone = await field.staff("钱", ["caregiver"])
    await field.accepted(gone)
    await field.owner.execute("UPDATE staff SET active_until = '2026-11-01'")
    assert (await known(phones, gone)).staff_id is None
    async with field.database.transaction() as session:
        whose = whose_by(FieldQuestions(field.database).claims)
        assert await whose(session, "+8613911112222", "3", NOW) is Reader.INCIDENT


async def test_two_who_share_a_telephone_have_each_their_own_jobs(field, phones):
    number = "+8613800009999"
    father = await field.staff("赵大", ["caregiver"], phone=number)
    son = await field.staff("赵二", ["caregiver"], phone=number)
    task_id = await field.accepted(son)
    found = await known(phones, father)
    assert [(each.task_id, each.staff_id) for each in found.questions] == [(task_id, son)]


async def test_the_memory_says_the_same_as_the_tables(field, phones):
    li = await field.staff("李", ["caregiver"])
    wang = await field.staff("王", ["caregiver"])
    await field.accepted(li)
    offered = await field.task(kind="errand")
    await phones.come()
    async with field.database.transaction() as session:
        task = await moving.held(session, offered)
        await moving.accept(session, task, wang, PHONE, NOW)
    memory = FieldQuestions(field.database)
    whose = whose_by(memory.claims)
    await memory.run_once(NOW)
    for staff_id in (li, wang):
        sender = await phones.number(staff_id)
        for words in ("1", "3", "4 999", "下班", "找不到门", f"1 {task.code}"):
            async with field.database.transaction() as session:
                kept_for = await whose(session, sender, words, NOW)
                assert memory.whose_away(sender, words) is kept_for
    assert memory.whose_away("+8613911112222", "3") is Reader.INCIDENT


async def test_while_the_database_is_away_the_memory_stays(field, phones):
    li = await field.staff("李", ["caregiver"])
    await field.accepted(li)
    away = Database(field.database.dsn)
    memory = FieldQuestions(away)
    await memory.run_once(NOW)
    await away.close()
    memory._database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable):
        await memory.run_once(NOW)
    assert memory.whose_away(await phones.number(li), "3") is Reader.FIELD


def flown(recipient: str, kind: MessageKind) -> Attempt:
    params = {"code": 271, "ref": 37}
    message = OutgoingText(new_id(), 1, recipient, kind, params, "zh-CN", "", 1, 600.0)
    return Attempt(message.id, 1, "kannel", recipient, 1, later(minutes=10), 1, None, message)


async def test_what_an_alarm_has_asked_in_an_outage_is_answered_before_a_job(field, phones):
    """No row says that his mother has pressed; her alarm must not miss his answer, now or while it is being written."""
    son = await field.staff("李", ["caregiver"])
    number = await phones.number(son)
    await field.accepted(son)
    await field.task(kind="errand")
    await phones.come()
    texts = [
        flown(number, MessageKind.ALARM_RAISED),
        flown("+8613900000077", MessageKind.CAN_YOU_GO),
    ]
    questions = FieldQuestions(field.database, lambda sender: asked_without_row(texts, sender))
    whose = whose_by(questions.claims)
    await questions.run_once(NOW)
    for words, reader in (
        ("1", Reader.INCIDENT),
        ("2 271", Reader.INCIDENT),
        ("马上", Reader.INCIDENT),
        ("3", Reader.FIELD),
    ):
        assert questions.whose_away(number, words) is reader
        async with field.database.transaction() as session:
            assert await whose(session, number, words, NOW) is reader
    texts[0] = flown(number, MessageKind.SAFE_CLOSED)  # which asks for nothing
    assert questions.whose_away(number, "1") is Reader.FIELD
