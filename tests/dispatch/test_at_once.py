"""Many hands on the same rows at the same moment: they wait for each other, nobody blocks anybody, and the end is one that can be told."""

from __future__ import annotations

import asyncio
from uuid import UUID

from sqlalchemy import event

from callcenter.core.errors import Conflict
from callcenter.dispatch import asking, moving
from callcenter.dispatch.duty import keeping
from callcenter.dispatch.models import DutyBy
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.placing import Placing
from tests.support.field import DESK, NOW, PHONE, Field, later, suggested

TIMES = 12


async def _asked(field: Field, task_id: UUID, *staff_ids: int) -> None:
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        until = later(minutes=5)
        await asking.offer(session, task, suggested(*staff_ids), OfferBy.SMS, until, DESK, NOW)


async def test_whoever_goes_off_duty_locks_what_they_are_asked_and_what_they_have_in_one_order(
    field: Field,
):
    """Asked about the later of two tasks and at the earlier one: the earlier is locked first."""
    staff = await field.staff("孙师傅")
    has, asked = await field.accepted(staff), await field.task()
    assert has < asked
    await _asked(field, asked, staff)
    locked: list[str] = []

    def _note(_connection, _cursor, statement, parameters, *_rest: object) -> None:
        if "FOR UPDATE" in statement and "FROM task" in statement:
            locked.append(str(parameters[0]))

    event.listen(field.database.engine.sync_engine, "before_cursor_execute", _note)
    async with field.database.transaction() as session:
        await keeping.end(session, staff, DutyBy.DISPATCHER, later(minutes=1))
    first = list(dict.fromkeys(locked))
    assert first == sorted(first)
    assert len(first) == 2


async def _end(field: Field, staff_id: int) -> None:
    async with field.database.transaction() as session:
        await keeping.end(session, staff_id, DutyBy.DISPATCHER, later(minutes=1))


async def _accept(field: Field, task_id: UUID, staff_id: int) -> None:
    async with field.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.accept(session, task, staff_id, PHONE, later(minutes=1))


async def _give(field: Field, task_id: UUID, staff_id: int) -> None:
    try:
        async with field.database.transaction() as session:
            task = await moving.held(session, task_id)
            await moving.give(session, task, staff_id, DESK, later(minutes=1))
    except Conflict as error:
        assert error.code == "has_it_already"  # noqa: PT017 - one of several ends


async def test_going_off_duty_saying_yes_giving_and_placing_at_once_leave_one_holder_for_each_task(
    field: Field,
):
    for _ in range(TIMES):
        one, other = await field.staff("孙师傅"), await field.staff("李护士")
        tasks = [await field.task() for _ in range(3)]
        for task_id in (tasks[0], tasks[2]):
            await _asked(field, task_id, one, other)
        await _accept(field, tasks[1], one)
        await asyncio.gather(
            _end(field, one),
            _end(field, other),
            _accept(field, tasks[0], one),
            _accept(field, tasks[2], other),
            _give(field, tasks[0], other),
            _give(field, tasks[2], one),
            Placing(field.database, NOW.tzinfo).run_once(later(minutes=1)),  # type: ignore[arg-type]
        )
        for task_id in tasks:
            row = await field.row(task_id)
            accepted = await field.owner.fetch(
                "SELECT staff_id FROM task_offer WHERE task_id = $1 AND answer = 'accepted' AND NOT given_back",
                task_id,
            )
            held = [row["staff_id"]] if row["staff_id"] else []
            assert [each["staff_id"] for each in accepted] == held
