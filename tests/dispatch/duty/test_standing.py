"""The conditions of queries say what the pure decisions say."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from callcenter.dispatch.duty.lasting import Job, keeps_on_duty
from callcenter.dispatch.duty.standing import absent_on, keeping_on_duty
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.task import HELD
from callcenter.records.models import Staff
from tests.support.staffed import Staffed


async def test_a_task_keeps_the_same_people_for_the_query_and_for_the_decision(staffed: Staffed):
    zhang = await staffed.person()
    now = staffed.clock.now()
    hours = (-1, 0.5, 0.6)
    tasks = {
        await staffed.task(state, zhang, begins_in_h=each): Job(state, now + timedelta(hours=each))
        for state in HELD
        for each in hours
    }
    async with staffed.database.transaction() as session:
        found = set(await session.scalars(select(TaskRow.id).where(keeping_on_duty(now))))
    assert found == {task for task, job in tasks.items() if keeps_on_duty(job, now)}


async def test_an_absence_has_its_first_day_and_not_its_last(staffed: Staffed):
    ill, away = await staffed.person(), await staffed.person("王芳", phone=None)
    await staffed.absence(ill, date(2026, 3, 10), date(2026, 3, 12))
    await staffed.absence(away, date(2026, 3, 11))

    async def absent(day: int) -> set[int]:
        wanted = select(Staff.id).where(absent_on(Staff.id, date(2026, 3, day)))
        async with staffed.database.transaction() as session:
            return set(await session.scalars(wanted))

    assert [await absent(day) for day in (9, 10, 11, 12)] == [set(), {ill}, {ill, away}, {away}]
