"""Who is on duty, as the dispatcher sees and says it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.api import trail
from tests.support.staffed import Staffed

PATH = "/api/v1/duty/staff"


@pytest.fixture
async def desk(signed_in):
    return await signed_in("dispatcher")


async def names(desk, **asked: object) -> list[str]:
    answer = await desk.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


async def test_who_is_on_duty_is_found_by_region_kind_skill_language_and_name(
    desk, staffed: Staffed, elsewhere
):
    zhang = await staffed.person("张伟", "grid_worker", languages=["陕北话"])
    dong = await staffed.person("董强", "volunteer", "driver", phone="+8613900300011")
    lin = await staffed.person("林静", "caregiver", phone=None, skills=["助浴"])
    stranger = await staffed.person("外人", region=elsewhere, phone=None)
    for each in (zhang, dong, lin, stranger):
        await staffed.begins(each)
    await staffed.person("周敏", phone=None)
    assert await names(desk) == ["张伟", "林静", "董强"]
    assert await names(desk, kind="driver") == ["董强"]
    assert await names(desk, skill="助浴") == ["林静"]
    assert await names(desk, language="陕北话") == ["张伟"]
    assert await names(desk, name="300011") == ["董强"]
    assert await names(desk, on=False) == ["周敏"]
    assert await names(desk, region_id=elsewhere) == []
    page = (await desk.get(PATH, params={"limit": 2})).json()
    assert (page["total"], len(page["items"])) == (3, 2)
    assert await names(desk, limit=2, after=page["after"]) == ["董强"]


async def test_the_dispatcher_begins_and_ends_a_duty_for_somebody(desk, staffed: Staffed, owner):
    zhang = await staffed.person()
    until = (staffed.clock.now() + timedelta(hours=4)).isoformat()
    begun = (await desk.post(f"{PATH}/{zhang}/begin", json={"until": until})).json()
    assert begun["duty"]["began_by"] == "dispatcher"
    assert not begun["duty"]["kept_by_task"]
    assert (await desk.post(f"{PATH}/{zhang}/end")).json() == {"ended": True}
    assert (await desk.post(f"{PATH}/{zhang}/end")).json() == {"ended": False}
    actions = [action for action, subject in await trail(owner) if subject == f"staff:{zhang}"]
    assert actions == ["duty_begun", "duty_ended"]


async def test_somebody_at_a_task_is_asked_about_before_their_duty_ends(desk, staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    task = await staffed.task("under_way", zhang)
    refused = await desk.post(f"{PATH}/{zhang}/end")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "has_task"
    assert refused.json()["error"]["params"] == {"name": "张伟", "tasks": 1}
    ended = await desk.post(f"{PATH}/{zhang}/end", params={"with_task": True})
    assert ended.json() == {"ended": True}
    assert await staffed.states(task) == ["open"]


async def test_who_stays_because_of_a_task_is_shown_so(desk, staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    await staffed.task("arrived", zhang)
    await staffed.ends(zhang)
    [shown] = (await desk.get(PATH)).json()["items"]
    assert (shown["duty"]["kept_by_task"], shown["tasks"]) == (True, 1)


async def test_an_operator_sees_who_is_on_duty_and_decides_nothing(operator, staffed: Staffed):
    zhang = await staffed.person()
    await staffed.begins(zhang)
    assert await names(operator) == ["张伟"]
    assert (await operator.post(f"{PATH}/{zhang}/end")).status_code == 403


async def test_staff_of_another_street_is_not_found(desk, staffed: Staffed, elsewhere):
    stranger = await staffed.person(region=elsewhere)
    answer = await desk.post(f"{PATH}/{stranger}/begin", json={})
    assert answer.status_code == 404
