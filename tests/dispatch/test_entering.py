"""A task is entered with its place, its code and the time at which it is first looked at."""

from __future__ import annotations

import pytest

from callcenter.core.errors import NotFound
from callcenter.core.ids import new_id
from callcenter.dispatch.entering import Entered, code_of, enter
from callcenter.dispatch.task import TaskKind
from tests.support.field import DESK, NOW, later


async def test_of_a_home_it_has_the_address_and_the_place_on_the_map(field):
    task = await field.row(await field.task())

    assert (task["place"], task["lat"], task["lng"]) == ("榆荫里7号楼2单元501", 40.0, 104.0)
    assert task["region_path"] == [field.community.root, field.community.street]
    assert (task["state"], task["code"]) == ("open", code_of(task["id"]))
    assert await field.steps(task["id"]) == ["entered"]


async def test_what_begins_tomorrow_is_offered_two_hours_before(field):
    task = await field.row(await field.task(begins_at=later(days=1)))

    assert task["look_at"] == later(days=1, hours=-2)


async def test_a_rescue_is_looked_at_now_and_its_incident_has_to_be_told(field, owner):
    task_id = await field.task(kind=TaskKind.RESCUE, incident_id=new_id())

    assert (await field.row(task_id))["look_at"] == NOW
    assert await owner.fetchval("SELECT told FROM task_step WHERE task_id = $1", task_id) is False


async def test_a_place_that_is_not_there_is_refused(field, database):
    with pytest.raises(NotFound, match="no home 999"):
        await field.task(home_id=999)
    with pytest.raises(NotFound, match="no region 998"):
        async with database.transaction() as session:
            await enter(
                session, Entered(kind=TaskKind.ERRAND, region_id=998, begins_at=NOW), DESK, NOW
            )
