"""Absences, and what they leave undone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from callcenter.dispatch.duty.absences import tasks_of_absence
from tests.support.api import trail
from tests.support.staffed import Staffed

PATH = "/api/v1/duty/absences"
TODAY = "2026-03-14"


@pytest.fixture
async def desk(signed_in):
    return await signed_in("dispatcher")


async def test_who_falls_ill_goes_off_duty_and_their_day_is_told_to_be_planned_anew(
    desk, staffed: Staffed, owner
):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.shift(zhang, 14, 22)
    now, later = await staffed.task("under_way", zhang), await staffed.task("accepted", zhang, 3)
    asked, tomorrow = await staffed.task(), await staffed.task("accepted", zhang, 24)
    await staffed.asks(asked, zhang)
    body = {"staff_id": zhang, "from_day": TODAY, "kind": "ill"}
    told = (await desk.post(PATH, json=body)).json()
    assert told["off_duty"]
    assert told["shifts"] == 1
    assert [each["id"] for each in told["tasks"]] == [str(later), str(tomorrow)]
    assert await staffed.states(now, asked) == ["open", "open"]
    assert [ended for _, ended, _ in await staffed.duties(zhang)] == ["dispatcher"]
    detail = (await trail(owner, "action", "detail"))[-1]
    assert detail[0] == "absence_added"


async def test_tasks_of_an_absence_are_those_of_its_days_given_or_offered(staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    today, tomorrow = (
        await staffed.task("accepted", zhang, 1),
        await staffed.task("accepted", zhang, 24),
    )
    offered = await staffed.task("open", None, 2)
    await staffed.asks(offered, zhang, wang)
    await staffed.task("accepted", wang, 1)
    unfinished = await staffed.task("arrived", zhang, -0.25)

    async def found(*days: date | None) -> list[object]:
        first, until = days
        assert first is not None
        async with staffed.database.transaction() as session:
            zone = ZoneInfo("Asia/Shanghai")
            rows = await tasks_of_absence(session, zhang, first, until, zone)
        return [row.id for row in rows]

    assert await found(date(2026, 3, 14), date(2026, 3, 15)) == [unfinished, today, offered]
    assert await found(date(2026, 3, 15), None) == [tomorrow]
    assert await found(date(2026, 3, 16), None) == []


async def test_an_open_absence_is_ended_and_one_that_ends_before_it_begins_is_refused(
    desk, staffed: Staffed
):
    zhang = await staffed.person()
    body = {"from_day": "2026-03-20", "kind": "training", "reason": "急救培训"}
    made = (await desk.post(PATH, json=body | {"staff_id": zhang})).json()["absence"]
    assert made["until_day"] is None
    wrong = await desk.put(f"{PATH}/{made['id']}", json=body | {"until_day": "2026-03-20"})
    assert wrong.json()["error"]["code"] == "ends_before_it_begins"
    ended = await desk.put(f"{PATH}/{made['id']}", json=body | {"until_day": "2026-03-22"})
    assert ended.json()["absence"]["until_day"] == "2026-03-22"
    assert not ended.json()["off_duty"]
    assert (await desk.get(f"{PATH}/{made['id']}")).json()["absence"]["kind"] == "training"
    assert (await desk.delete(f"{PATH}/{made['id']}")).status_code == 204
    assert (await desk.get(f"{PATH}/{made['id']}")).status_code == 404


async def test_the_trail_keeps_the_days_and_the_kind_but_no_words(desk, staffed: Staffed, owner):
    zhang = await staffed.person()
    body = {"staff_id": zhang, "from_day": "2026-03-20", "reason": "家里有事"}
    await desk.post(PATH, json=body)
    [(action, detail)] = (await trail(owner, "action", "detail"))[-1:]
    assert action == "absence_added"
    assert "家里有事" not in str(detail)
