"""The roster as a dispatcher plans it. The clock stands at Saturday, 14 March 2026, 17:26 in Shanghai."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from callcenter.dispatch.models import DutyBy
from tests.support.api import trail
from tests.support.staffed import Staffed

PATH = "/api/v1/duty"
DAY = {"from_day": "2026-03-16", "begins": "08:00", "ends": "16:00"}


@pytest.fixture
async def desk(signed_in):
    return await signed_in("dispatcher")


def hours(shift: dict[str, Any]) -> tuple[str, str]:
    return shift["begins_at"], shift["ends_at"]


async def planned(desk, *staff_ids: int, **changes: Any) -> list[dict[str, Any]]:
    body = DAY | {"staff_ids": list(staff_ids)} | changes
    answer = await desk.post(f"{PATH}/shifts", json=body)
    assert answer.status_code == 201, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def refused(answer) -> str:
    assert answer.status_code in (404, 409, 422), answer.text
    code: str = answer.json()["error"]["code"]
    return code


async def test_two_people_are_planned_on_the_weekdays_of_a_month(desk, staffed: Staffed, owner):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    shifts = await planned(
        desk, zhang, wang, last_day="2026-03-29", weekdays=[1, 2, 3, 4, 5], ends="16:00"
    )
    assert len(shifts) == 20
    assert hours(shifts[0]) == ("2026-03-16T00:00:00Z", "2026-03-16T08:00:00Z")
    roster = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-16"})).json()
    assert [(each["name"], len(each["shifts"])) for each in roster["people"]] == [
        ("张伟", 5),
        ("王芳", 5),
    ]
    assert [action for action, _ in await trail(owner)].count("shifts_planned") == 2


async def test_two_shifts_of_one_person_at_once_are_refused_and_none_is_planned(
    desk, staffed: Staffed
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    await planned(desk, zhang)
    body = DAY | {"staff_ids": [wang, zhang], "begins": "15:00", "ends": "23:00"}
    answer = await desk.post(f"{PATH}/shifts", json=body)
    assert await refused(answer) == "shifts_overlap"
    assert answer.json()["error"]["params"]["name"] == "张伟"
    assert await staffed.owner.fetchval("SELECT count(*) FROM roster_shift") == 1


async def test_two_who_plan_the_same_shift_at_once_plan_one(desk, staffed: Staffed):
    body = DAY | {"staff_ids": [await staffed.person()]}
    both = await asyncio.gather(*(desk.post(f"{PATH}/shifts", json=body) for _ in range(2)))
    assert sorted(each.status_code for each in both) == [201, 409]


async def test_the_database_refuses_two_at_once_as_well(staffed: Staffed):
    zhang = await staffed.person()
    await staffed.shift(zhang, 0, 8)
    with pytest.raises(Exception, match="ex_roster_shift_at_once"):
        await staffed.shift(zhang, 7, 9)


async def test_what_speaks_against_a_shift_is_said_and_does_not_forbid_it(desk, staffed: Staffed):
    zhang = await staffed.person()
    absence = {"staff_id": zhang, "from_day": "2026-03-15", "kind": "leave"}
    await desk.post(f"{PATH}/absences", json=absence)
    await staffed.owner.execute(
        "INSERT INTO calendar_day (day, kind, name, source, version) VALUES ('2026-03-16', 'holiday', '节日', 'list', 1)"
    )
    [shift] = await planned(desk, zhang)
    assert shift["flags"] == ["absent", "holiday"]
    roster = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-16"})).json()
    assert (roster["days"][0]["kind"], roster["days"][0]["name"]) == ("holiday", "节日")
    assert roster["calendar_known"]


async def test_too_many_at_once_and_days_that_run_backwards_are_refused(desk, staffed: Staffed):
    zhang = await staffed.person()
    body = DAY | {"staff_ids": [zhang]}
    for wrong, code in (
        ({"last_day": "2027-03-16"}, "too_many_shifts"),
        ({"last_day": "2026-03-15"}, "ends_before_it_begins"),
        ({"staff_ids": [4711]}, "not_found"),
    ):
        answer = await desk.post(f"{PATH}/shifts", json=body | wrong)
        assert await refused(answer) == code


async def test_a_shift_is_given_to_another_when_the_dispatcher_confirms(
    desk, staffed: Staffed, owner
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    [shift] = await planned(desk, zhang)
    path = f"{PATH}/shifts/{shift['id']}/swap"
    offered = (await desk.post(path, json={"staff_id": wang})).json()
    assert (offered["staff_id"], offered["swap_to_name"]) == (zhang, "王芳")
    confirmed = (await desk.post(f"{path}/confirm")).json()
    assert (confirmed["staff_id"], confirmed["planned_for_name"]) == (wang, "张伟")
    assert confirmed["swap_to"] is None
    assert await refused(await desk.post(f"{path}/confirm")) == "no_swap"
    assert [action for action, _ in await trail(owner)][-2:] == ["swap_offered", "swap_confirmed"]


async def test_a_swap_is_taken_back_and_nothing_has_changed(desk, staffed: Staffed):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    [shift] = await planned(desk, zhang)
    path = f"{PATH}/shifts/{shift['id']}/swap"
    await desk.post(path, json={"staff_id": wang})
    assert (await desk.delete(path)).json() == (await desk.delete(path)).json() == shift


async def test_who_works_then_already_and_who_has_it_already_cannot_take_it_over(
    desk, staffed: Staffed
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    [shift] = await planned(desk, zhang)
    path = f"{PATH}/shifts/{shift['id']}/swap"
    assert await refused(await desk.post(path, json={"staff_id": zhang})) == "swap_with_self"
    await desk.post(path, json={"staff_id": wang})
    await planned(desk, wang, begins="15:00", ends="20:00")
    assert await refused(await desk.post(f"{path}/confirm")) == "shifts_overlap"


async def test_a_shift_that_has_begun_stays_whose_it_is_and_its_duty_ends_with_it(
    desk, staffed: Staffed
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    [shift] = await planned(desk, zhang, from_day="2026-03-14", begins="17:00", ends="23:00")
    await staffed.looks()
    path = f"{PATH}/shifts/{shift['id']}"
    swap = await desk.post(f"{path}/swap", json={"staff_id": wang})
    assert await refused(swap) == "shift_begun"
    assert await refused(await desk.delete(path)) == "shift_begun"
    earlier = await desk.patch(path, json={"begins": "16:00", "ends": "23:00"})
    assert await refused(earlier) == "shift_begun"
    assert (await desk.patch(path, json={"begins": "17:00", "ends": "21:00"})).status_code == 200
    until = "SELECT planned_until AT TIME ZONE 'UTC' FROM duty"
    assert str(await staffed.owner.fetchval(until)) == "2026-03-14 13:00:00"


async def test_a_shift_that_has_not_begun_is_moved_or_removed(desk, staffed: Staffed):
    [shift] = await planned(desk, await staffed.person())
    path = f"{PATH}/shifts/{shift['id']}"
    moved = (await desk.patch(path, json={"begins": "22:00", "ends": "06:00"})).json()
    assert hours(moved) == ("2026-03-16T14:00:00Z", "2026-03-16T22:00:00Z")
    assert (await desk.delete(path)).status_code == 204
    assert await refused(await desk.delete(path)) == "not_found"


async def test_a_week_is_planned_as_the_one_before_once_and_what_does_not_fit_is_named(
    desk, staffed: Staffed
):
    zhang, wang = await staffed.person(), await staffed.person("王芳", phone=None)
    await planned(desk, zhang, wang, last_day="2026-03-18")
    [first, *_] = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-16"})).json()[
        "people"
    ]
    swap = f"{PATH}/shifts/{first['shifts'][0]['id']}/swap"
    lin = await staffed.person("林静", phone=None)
    await desk.post(swap, json={"staff_id": lin})
    await desk.post(f"{swap}/confirm")
    away = {"staff_id": wang, "from_day": "2026-03-24", "until_day": "2026-03-25", "kind": "ill"}
    await desk.post(f"{PATH}/absences", json=away)
    copied = (await desk.post(f"{PATH}/roster/copy", json={"from_day": "2026-03-23"})).json()
    assert copied["planned"] == 5
    assert [(each["name"], each["why"]) for each in copied["left_out"]] == [("王芳", "absent")]
    again = (await desk.post(f"{PATH}/roster/copy", json={"from_day": "2026-03-23"})).json()
    assert (again["planned"], len(again["left_out"])) == (0, 6)
    roster = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-23"})).json()
    assert {each["name"]: len(each["shifts"]) for each in roster["people"]} == {
        "张伟": 3,
        "王芳": 2,
        "林静": 0,
    }


async def test_who_belongs_to_another_street_is_not_planned_unless_they_help_here(
    desk, staffed: Staffed, elsewhere
):
    stranger = await staffed.person("外人", region=elsewhere)
    helper = await staffed.person(
        "帮手", region=elsewhere, phone=None, areas=[staffed.community.street]
    )
    body = DAY | {"staff_ids": [stranger]}
    assert await refused(await desk.post(f"{PATH}/shifts", json=body)) == "not_found"
    await planned(desk, helper)
    roster = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-16"})).json()
    assert [each["name"] for each in roster["people"]] == ["帮手"]


async def test_a_night_shift_is_seen_on_the_morning_after(desk, staffed: Staffed):
    await planned(desk, await staffed.person(), begins="22:00", ends="06:00")
    asked = {"from_day": "2026-03-17", "days": 1}
    roster = (await desk.get(f"{PATH}/roster", params=asked)).json()
    assert len(roster["people"][0]["shifts"]) == 1


async def test_the_roster_says_who_is_on_duty(desk, staffed: Staffed):
    await staffed.begins(await staffed.person(), DutyBy.PAGE)
    roster = (await desk.get(f"{PATH}/roster", params={"from_day": "2026-03-16"})).json()
    assert roster["people"][0]["duty"]["began_by"] == "page"
    assert not roster["calendar_known"]
