"""Tasks whose time has come: asked on, lapsed, unplaced, late, and whoever is there alone; by rows, and once."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.placing import Placing
from callcenter.dispatch.task import TaskKind, TaskStepKind
from tests.support.field import DESK, NOW, later
from tests.support.field_phones import SHANGHAI, FieldPhones


@pytest.fixture
def phones(field, clock) -> FieldPhones:
    clock.set_wall(NOW)
    return FieldPhones(field, clock)


async def offers(field, task_id):
    rows = await field.owner.fetch(
        "SELECT staff_id, answer FROM task_offer WHERE task_id = $1 ORDER BY n", task_id
    )
    return [tuple(row) for row in rows]


async def test_one_after_the_other_until_nobody_is_left(field, phones):
    li, wang = await field.staff("李", ["caregiver"]), await field.staff("王", ["caregiver"])
    task_id = await field.task()
    await phones.come()
    assert await offers(field, task_id) == [(li, None)]
    await phones.pass_time(601)
    assert await offers(field, task_id) == [(li, "expired"), (wang, None)]
    await phones.pass_time(601)
    assert (await field.row(task_id))["state"] == "unplaced"
    assert (await field.steps(task_id))[-2:] == ["expired", "unplaced"]


async def test_a_rescue_asks_two_at_once_and_before_everything_else(field, phones):
    for name in ("李", "王", "张"):
        await field.staff(name, ["social_worker"])
    task_id = await field.task(kind=TaskKind.RESCUE, incident_id=new_id(), priority=1)
    await phones.come()
    assert len(await offers(field, task_id)) == 2
    rows = await field.owner.fetch("SELECT priority, expires_at FROM sms_message")
    assert {tuple(row) for row in rows} == {(1, later(minutes=15))}
    await phones.pass_time(61)
    assert [answer for _, answer in await offers(field, task_id)] == ["expired", "expired", None]


async def test_whoever_says_no_is_not_asked_again_and_the_next_is_asked_at_once(field, phones):
    li, wang = await field.staff("李", ["caregiver"]), await field.staff("王", ["caregiver"])
    task_id = await field.task()
    await phones.come()
    await phones.writes(li, "2")
    assert await offers(field, task_id) == [(li, "declined"), (wang, None)]


async def test_off_duty_nobody_is_asked_and_who_comes_on_duty_is(field, phones):
    li = await field.staff("李", ["caregiver"], on_duty=False)
    task_id = await field.task()
    await phones.come()
    assert (await field.row(task_id))["state"] == "unplaced"
    assert await phones.new_texts(li) == []
    await field.begin_duty(li)
    await phones.pass_time(61)
    assert (await field.row(task_id))["state"] == "offered"
    assert await phones.new_texts(li) == ["task_offered"]


async def test_two_offices_ask_once(field, phones):
    for name in ("李", "王", "张"):
        await field.staff(name, ["social_worker"])
    tasks = [await field.task(kind=TaskKind.RESCUE, incident_id=new_id()) for _ in range(4)]
    both = [Placing(field.database, SHANGHAI) for _ in range(2)]
    await asyncio.gather(*(each.run_once(phones.clock.now()) for each in both))
    for task_id in tasks:
        assert len(await offers(field, task_id)) == 2
    assert await field.owner.fetchval("SELECT count(*) FROM sms_message") == 8


async def test_a_task_that_cannot_be_looked_at_keeps_no_other_waiting(field, phones):
    await field.staff("李", ["caregiver"])
    broken, sound = await field.task(), await field.task()
    await field.owner.execute("UPDATE task SET kinds = '{magician}' WHERE id = $1", broken)
    await phones.come()
    assert (await field.row(broken))["look_at"] == later(seconds=30)
    assert (await field.row(sound))["state"] == "offered"


async def test_late_is_said_once(field, phones):
    li = await field.staff("李")
    task_id = await field.accepted(li, until_at=later(minutes=20))
    await phones.pass_time(19 * 60)
    assert "late" not in await field.steps(task_id)
    await phones.pass_time(61)
    await phones.pass_time(600)
    assert (await field.steps(task_id)).count("late") == 1


async def test_given_while_off_duty_is_told_at_the_beginning_of_the_duty(field, phones):
    li = await field.staff("李", ["caregiver"], on_duty=False)
    task_id = await field.task(begins_at=later(hours=6))
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.give(session, task, li, DESK, NOW)
    await phones.come()
    assert await phones.new_texts(li) == []
    phones.clock.advance(3600)
    await field.begin_duty(li, phones.clock.now())
    await phones.come()
    await phones.come()
    assert await phones.new_texts(li) == ["task_given"]


# ---- there alone


async def there(phones, **parts):
    li = await phones.field.staff("李", ["caregiver"])
    task_id = await phones.field.accepted(li, minutes=30, **parts)
    await phones.writes(li, "3")
    await phones.new_texts(li)
    return li, task_id


async def overdue(field, task_id):
    rows = await field.owner.fetch(
        "SELECT data, told FROM task_step WHERE task_id = $1 AND kind = 'overdue_out' ORDER BY n",
        task_id,
    )
    return [(row["data"].get("alarm", False), row["told"]) for row in rows]


async def test_who_does_not_check_out_is_asked_then_it_is_an_alarm(field, phones):
    li, task_id = await there(phones)
    await phones.pass_time(50 * 60)
    assert await phones.new_texts(li) == ["task_check_out"]
    assert await overdue(field, task_id) == [(False, True)]
    await phones.pass_time(10 * 60)
    assert await overdue(field, task_id) == [(False, True), (True, False)]
    step = await field.owner.fetchval(
        "SELECT data FROM task_step WHERE task_id = $1 ORDER BY n DESC LIMIT 1", task_id
    )
    assert (step["staff"], step["phone"]) == ("李", await phones.number(li))
    assert step["place"] == "榆荫里7号楼2单元501"
    await phones.pass_time(3 * 3600)
    assert len(await overdue(field, task_id)) == 2
    assert await phones.new_texts(li) == []


async def test_a_call_that_is_recorded_is_no_alarm(field, phones):
    li, task_id = await there(phones)
    await phones.pass_time(50 * 60)
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        at = phones.clock.advance(60)
        await moving.note(session, task, TaskStepKind.CALLED, DESK, at, li, result="reached")
    await phones.pass_time(600)
    assert await overdue(field, task_id) == [(False, True)]
    await phones.pass_time(21 * 60)
    assert await overdue(field, task_id) == [(False, True), (False, True)]


async def test_a_three_says_that_they_are_still_at_work(field, phones):
    li, task_id = await there(phones)
    await phones.pass_time(50 * 60)
    await phones.writes(li, "3")
    assert await phones.new_texts(li) == ["task_check_out", "task_noted_there"]
    await phones.pass_time(29 * 60)
    assert await overdue(field, task_id) == [(False, True)]
    await phones.writes(li, "4")
    await phones.pass_time(3600)
    assert (await field.row(task_id))["state"] == "done"
    assert len(await overdue(field, task_id)) == 1


async def test_a_task_that_the_database_refuses_keeps_no_other_waiting(field, phones):
    """Whatever is wrong with it is wrong with it alone: a rescue that cannot be offered must not hide the others."""
    li = await field.staff("李", ["social_worker"])
    broken = await field.task(kind=TaskKind.RESCUE, incident_id=new_id(), priority=1)
    sound = await field.task(kind=TaskKind.RESCUE, incident_id=new_id(), priority=2)
    await field.owner.execute(
        f"ALTER TABLE task_offer ADD CONSTRAINT not_this_one CHECK (task_id <> '{broken}')"
    )
    try:
        await phones.come()
    finally:
        await field.owner.execute("ALTER TABLE task_offer DROP CONSTRAINT not_this_one")
    assert await offers(field, sound) == [(li, None)]
    assert await offers(field, broken) == []
    await phones.pass_time(31)
    assert await offers(field, broken) == [(li, None)]
