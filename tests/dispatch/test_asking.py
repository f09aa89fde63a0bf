"""Offers are rows: they run until a time, lapse by it, and are taken back when somebody has the task."""

from __future__ import annotations

from callcenter.dispatch import asking, moving
from callcenter.dispatch.doing import CLOCK
from callcenter.dispatch.offering import OfferAnswer, OfferBy
from tests.support.field import NOW, PHONE, later, suggested


async def offered(field, task_id, *staff_ids, until=None, now=NOW):
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        until = until or later(minutes=10)
        await asking.offer(session, task, suggested(*staff_ids), OfferBy.SMS, until, CLOCK, now)


async def answers(field, task_id):
    rows = await field.owner.fetch(
        "SELECT staff_id, answer FROM task_offer WHERE task_id = $1 ORDER BY n", task_id
    )
    return [tuple(row) for row in rows]


async def test_whoever_is_asked_already_is_not_asked_twice(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.task()
    await offered(field, task_id, li)
    await offered(field, task_id, li, wang)

    assert await answers(field, task_id) == [(li, None), (wang, None)]
    assert (await field.row(task_id))["look_at"] == later(minutes=10)


async def test_when_the_last_offer_has_lapsed_the_task_is_open_again(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.task()
    await offered(field, task_id, li, wang)
    states = []
    for who in (li, wang):
        async with field.database.transaction() as session:
            task = await moving.held(session, task_id)
            await asking.lapse(session, task, [who], CLOCK, later(minutes=11))
            states.append(task.state)

    assert states == ["offered", "open"]
    assert await answers(field, task_id) == [(li, "expired"), (wang, "expired")]


async def test_the_first_yes_takes_the_other_offers_back(field):
    li, wang = await field.staff("李"), await field.staff("王")
    task_id = await field.task()
    await offered(field, task_id, li, wang)
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.accept(session, task, wang, PHONE, later(seconds=40))
        rows = await asking.offers_of(session, task)

    assert [row.answer for row in rows] == [OfferAnswer.WITHDRAWN, OfferAnswer.ACCEPTED]
    said = await field.owner.fetchval(
        "SELECT data FROM task_step WHERE task_id = $1 AND kind = 'accepted'", task_id
    )
    assert said == {"staff": "王", "withdrawn": [li]}
