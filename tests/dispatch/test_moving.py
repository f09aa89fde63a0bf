"""A task moves by what people do, each once, and the database holds the same."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.ids import new_id
from callcenter.dispatch import moving
from callcenter.dispatch.offering import Yes
from callcenter.dispatch.task import TaskStepKind
from tests.dispatch.test_asking import answers, offered
from tests.support.field import DESK, NOW, PHONE, later


async def doing(field, task_id, act, *args, **named):
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        return await act(session, task, *args, **named)


async def test_of_two_who_say_yes_at_once_one_has_it(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.task()
    await offered(field, task_id, li, wang)

    said = await asyncio.gather(
        *(doing(field, task_id, moving.accept, who, PHONE, NOW) for who in (li, wang))
    )

    assert sorted(said) == [Yes.HAS_IT, Yes.TAKEN_BY_ANOTHER]
    assert (await field.steps(task_id)).count("accepted") == 1


async def test_the_database_itself_refuses_a_second_accepted_offer(field, owner):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.accepted(li)
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_task_offer_accepted"):
        await owner.execute(
            "INSERT INTO task_offer (task_id, n, staff_id, by, offered_at, expires_at, answer, answered_at)"
            " VALUES ($1, 9, $2, 'sms', $3, $3, 'accepted', $3)",
            task_id,
            wang,
            NOW,
        )


async def test_a_yes_that_comes_late_still_counts_and_twice_is_one(field):
    li = await field.staff("李")
    task_id = await field.task()
    await offered(field, task_id, li)
    said = [
        await doing(field, task_id, moving.accept, li, PHONE, later(minutes=30)) for _ in range(2)
    ]

    assert said == [Yes.HAS_IT, Yes.HAD_IT_ALREADY]
    assert await answers(field, task_id) == [(li, "accepted")]


async def test_a_dispatcher_gives_it_to_another_and_the_first_has_it_no_more(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.accepted(li)
    await doing(field, task_id, moving.give, wang, DESK, later(minutes=5), note="李病了")

    assert (await field.row(task_id))["staff_id"] == wang
    assert await field.steps(task_id) == ["entered", "accepted", "given_back", "given"]
    with pytest.raises(Conflict, match="already"):
        await doing(field, task_id, moving.give, wang, DESK, later(minutes=6))
    with pytest.raises(Conflict, match="Somebody else"):
        await doing(field, task_id, moving.set_out, li, PHONE, later(minutes=6), 10)


async def test_who_gave_it_back_may_be_given_it_again(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    await doing(field, task_id, moving.decline, li, PHONE, later(minutes=1), "车坏了")
    await doing(field, task_id, moving.give, li, DESK, later(minutes=2))

    assert await answers(field, task_id) == [(li, "accepted"), (li, "accepted")]
    assert (await field.row(task_id))["state"] == "accepted"


async def test_a_no_of_the_last_who_was_asked_has_the_task_looked_at_at_once(field):
    li = await field.staff("李")
    task_id = await field.task()
    await offered(field, task_id, li)
    await doing(field, task_id, moving.decline, li, PHONE, later(minutes=1))

    row = await field.row(task_id)
    assert (row["state"], row["look_at"]) == ("open", later(minutes=1))
    with pytest.raises(Conflict, match="not asked"):
        await doing(field, task_id, moving.decline, await field.staff("王"), PHONE, NOW)


async def test_on_the_way_says_when_they_will_be_there_and_a_new_time_replaces_it(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    for minutes in (10, 25):
        await doing(field, task_id, moving.set_out, li, PHONE, NOW, minutes)

    assert (await field.row(task_id))["eta"] == later(minutes=25)
    assert (await field.steps(task_id))[-2:] == ["set_out", "eta_changed"]


async def test_it_is_done_by_a_reason_or_not_at_all(field, owner):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    with pytest.raises(Invalid, match="say why"):
        await doing(field, task_id, moving.finish, DESK, NOW, " ")
    with pytest.raises(asyncpg.CheckViolationError, match="no check-ins and no reason"):
        await owner.execute("UPDATE task SET state = 'done' WHERE id = $1", task_id)
    await doing(field, task_id, moving.finish, DESK, NOW, "电话确认已完成")

    assert (await field.row(task_id))["reason"] == "电话确认已完成"


async def test_what_is_called_off_takes_its_offers_back_and_stays_so(field, owner):
    li = await field.staff("李")
    task_id = await field.task()
    await offered(field, task_id, li)
    with pytest.raises(Invalid, match="Say why"):
        await doing(field, task_id, moving.cancel, DESK, NOW, "")
    await doing(field, task_id, moving.cancel, DESK, NOW, "老人住院")

    assert await answers(field, task_id) == [(li, "withdrawn")]
    assert await doing(field, task_id, moving.accept, li, PHONE, NOW) is Yes.NOT_WANTED
    with pytest.raises(asyncpg.CheckViolationError, match="cancelled cannot become open"):
        await owner.execute("UPDATE task SET state = 'open' WHERE id = $1", task_id)


async def test_help_and_notes_are_written_whatever_the_state(field):
    li = await field.staff("李")
    task_id = await field.accepted(li)
    await doing(field, task_id, moving.ask_help, li, PHONE, NOW, "门打不开")
    await doing(field, task_id, moving.note, TaskStepKind.CALLED, DESK, NOW, li, result="平安")
    await doing(field, task_id, moving.finish, DESK, NOW, "电话确认")
    await doing(field, task_id, moving.ask_help, li, PHONE, NOW)

    assert (await field.steps(task_id))[-4:] == ["help", "called", "done", "help"]


async def test_nobody_left_is_unplaced_and_a_late_yes_still_has_it(field):
    li = await field.staff("李")
    task_id = await field.task()
    await doing(field, task_id, moving.give_up, DESK, NOW)
    assert (await field.row(task_id))["state"] == "unplaced"

    assert await doing(field, task_id, moving.accept, li, PHONE, NOW) is Yes.HAS_IT


async def test_a_task_that_is_not_there_is_said_so(field):
    with pytest.raises(NotFound, match="no task"):
        await doing(field, new_id(), moving.accept, 1, PHONE, NOW)
