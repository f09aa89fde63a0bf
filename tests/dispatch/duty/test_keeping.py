"""Duties begin and end once, whoever says so; who has a task stays."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from callcenter.core.errors import CallCenterError, Conflict, Invalid, NotFound
from callcenter.dispatch import moving
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.duty import keeping
from callcenter.dispatch.models import DutyBy
from tests.support.staffed import Staffed


async def test_two_who_begin_the_same_duty_at_once_begin_one(staffed: Staffed):
    zhang = await staffed.person()
    both = await asyncio.gather(staffed.begins(zhang), staffed.begins(zhang, DutyBy.PAGE))
    assert both[0] == both[1]
    assert len(await staffed.duties(zhang)) == 1


async def test_two_who_end_the_same_duty_at_once_end_it_once(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    both = await asyncio.gather(staffed.ends(zhang), staffed.ends(zhang, DutyBy.DISPATCHER))
    assert sorted(both) == [False, True]
    assert len(await staffed.duties(zhang)) == 1


async def test_saying_it_twice_changes_nothing(staffed: Staffed):
    zhang = await staffed.person()
    assert await staffed.begins(zhang) == await staffed.begins(zhang)
    assert await staffed.ends(zhang)
    assert not await staffed.ends(zhang)
    assert await staffed.duties(zhang) == [("sms", "sms", None)]


async def test_somebody_unknown_is_not_found(staffed: Staffed):
    with pytest.raises(NotFound):
        await staffed.begins(4711)
    with pytest.raises(NotFound):
        await staffed.ends(4711)


async def test_who_works_no_more_does_not_come_on_duty(staffed: Staffed):
    gone = await staffed.person(active_until=date(2026, 3, 1))
    with pytest.raises(Conflict) as refused:
        await staffed.begins(gone)
    assert refused.value.code == "works_no_more"


async def test_a_duty_does_not_end_before_it_begins(staffed: Staffed):
    zhang = await staffed.person()
    with pytest.raises(Invalid) as refused:
        await staffed.begins(zhang, until=staffed.clock.now())
    assert refused.value.code == "until_is_past"


async def test_who_comes_early_begins_their_shift(staffed: Staffed):
    zhang = await staffed.person()
    shift = await staffed.shift(zhang, 0.5, 8)
    duty = await staffed.begins(zhang)
    assert await staffed.duties(zhang) == [("sms", None, 8)]
    began = "SELECT began_duty_id FROM roster_shift WHERE id = $1"
    assert await staffed.owner.fetchval(began, shift) == duty


async def test_who_comes_early_and_leaves_again_begins_their_shift_when_it_begins(
    staffed: Staffed,
):
    zhang = await staffed.person()
    await staffed.shift(zhang, 0.5, 8)
    await staffed.begins(zhang)
    await staffed.ends(zhang)
    staffed.clock.advance(1_800)
    assert await staffed.looks() == 1
    assert [(began, ended) for began, ended, _ in await staffed.duties(zhang)] == [
        ("sms", "sms"),
        ("roster", None),
    ]


async def test_off_duty_there_is_no_position_and_no_offer(staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    await staffed.begins(zhang)
    await staffed.owner.execute(
        "INSERT INTO staff_position (staff_id, at, lat, lng, source) VALUES ($1, $2, 40, 104, 'page')",
        zhang,
        staffed.clock.now(),
    )
    alone, together = await staffed.task(), await staffed.task()
    await staffed.asks(alone, zhang)
    await staffed.asks(together, zhang, wang)
    assert await staffed.ends(zhang)
    assert await staffed.owner.fetchval("SELECT count(*) FROM staff_position") == 0
    assert await staffed.states(alone, together) == ["open", "offered"]
    offers = await staffed.owner.fetch(
        "SELECT answer FROM task_offer ORDER BY task_id = $1, staff_id", together
    )
    assert [row["answer"] for row in offers] == ["withdrawn", "withdrawn", None]
    steps = await staffed.owner.fetch("SELECT kind, by, staff_id FROM task_step")
    assert [tuple(row) for row in steps] == [("withdrawn", "sms", zhang)] * 2
    looks = await staffed.owner.fetch("SELECT look_at FROM task")
    assert [row["look_at"] for row in looks] == [staffed.clock.now()] * 2


@pytest.mark.parametrize("state", ["accepted", "under_way", "arrived"])
@pytest.mark.parametrize("by", [DutyBy.SMS, DutyBy.PAGE, DutyBy.ROSTER])
async def test_who_has_a_task_goes_off_duty_when_it_has_ended(staffed: Staffed, state, by):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    task = await staffed.task(state, zhang)
    assert not await staffed.ends(zhang, by)
    assert await staffed.duties(zhang) == [("sms", None, 0)]
    assert await staffed.looks() == 0
    await staffed.owner.execute(
        "UPDATE task SET state = 'done', reason = '到了', ended_at = $2 WHERE id = $1",
        task,
        staffed.clock.now(),
    )
    assert await staffed.looks() == 1
    assert [ended for _, ended, _ in await staffed.duties(zhang)] == ["roster"]


async def test_who_comes_back_on_duty_in_the_middle_of_a_task_stays_after_it(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.task("arrived", zhang)
    await staffed.ends(zhang)
    await staffed.begins(zhang)
    assert await staffed.duties(zhang) == [("sms", None, None)]


async def test_a_dispatcher_ends_a_duty_in_spite_of_a_task_and_it_is_offered_again(
    staffed: Staffed,
):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    on_the_way, there = await staffed.task("under_way", zhang), await staffed.task("arrived", zhang)
    tomorrow = await staffed.task("accepted", zhang, begins_in_h=24)
    assert await staffed.ends(zhang, DutyBy.DISPATCHER)
    assert await staffed.states(on_the_way, there, tomorrow) == ["open", "arrived", "accepted"]


async def test_a_task_of_tomorrow_keeps_nobody_on_duty(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.task("accepted", zhang, begins_in_h=24)
    assert await staffed.ends(zhang)


async def test_a_yes_and_the_end_of_the_duty_at_once_leave_nobody_off_duty_with_a_task(
    staffed: Staffed,
):
    """Whichever is first: the task keeps them on duty, or the late yes, which counts, brings them back."""
    zhang = await staffed.person()
    await staffed.begins(zhang)
    task_id = await staffed.task()
    await staffed.asks(task_id, zhang)

    async def says_yes() -> None:
        async with staffed.database.transaction() as session:
            task = await moving.held(session, task_id)
            await moving.accept(session, task, zhang, Doer(StepBy.SMS), staffed.clock.now())

    async def clock_ends() -> None:
        await staffed.ends(zhang, DutyBy.ROSTER)

    await asyncio.gather(says_yes(), clock_ends())
    await staffed.looks()
    assert await staffed.states(task_id) == ["accepted"]
    assert [ended for _, ended, _ in await staffed.duties(zhang)][-1] is None


async def test_duty_tells_of_itself_with_its_commit(staffed: Staffed, owner):
    heard = asyncio.Event()
    await owner.add_listener("field", lambda *_: heard.set())
    await staffed.begins(await staffed.person())
    async with asyncio.timeout(10):
        await heard.wait()


async def test_of_staff_tells_the_duty_that_runs(staffed: Staffed):
    zhang = await staffed.person()
    async with staffed.database.transaction() as session:
        assert await keeping.of_staff(session, zhang) is None
    await staffed.begins(zhang, until=staffed.clock.now() + timedelta(hours=2))
    async with staffed.database.transaction() as session:
        duty = await keeping.of_staff(session, zhang)
        assert duty is not None
        assert duty.planned_until == staffed.clock.now() + timedelta(hours=2)


async def test_nothing_of_a_refused_begin_is_kept(staffed: Staffed):
    zhang = await staffed.person()
    with pytest.raises(CallCenterError):
        await staffed.begins(zhang, until=staffed.clock.now() - timedelta(hours=1))
    assert await staffed.duties(zhang) == []
