"""Who is called when in a region: its supervisors read and change it, a hole is refused, and the trail keeps both states."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.api import trail

STANDARD = {
    "ring": "all",
    "unproved_s": 3,
    "supervisors_s": 15,
    "duty_s": 30,
    "again_s": 60,
    "horizon_s": 14_400,
    "warning_s": 15,
    "critical_s": 30,
}
DUTY = "+8613900000009"


def path_of(region: int) -> str:
    return f"/api/v1/regions/{region}/escalation"


async def changed(client: httpx.AsyncClient, region: int, **body: Any) -> dict[str, Any]:
    answer = await client.patch(path_of(region), json=body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def refused(client: httpx.AsyncClient, region: int, **body: Any) -> dict[str, Any]:
    answer = await client.patch(path_of(region), json=body)
    assert answer.status_code == 422, answer.text
    error: dict[str, Any] = answer.json()["error"]
    return error


async def test_a_region_that_says_nothing_has_what_is_above_it(editor, community):
    shown = (await editor.get(path_of(community.street))).json()
    assert (shown["policies"], shown["duty_numbers"]) == ({}, [])
    assert shown["above"]["0"] == shown["above"]["1"] == STANDARD
    assert shown["duty_above"] == [DUTY]


async def test_a_supervisor_sets_the_times_of_all_and_of_one_priority_and_takes_them_back(
    editor, community, hints, owner
):
    await community.source()
    street = community.street
    both = await changed(
        editor, street, policies={"0": {"duty_s": 120}, "1": {"supervisors_s": 5, "duty_s": 10}}
    )
    assert both["policies"]["0"] == STANDARD | {"duty_s": 120}
    assert both["policies"]["1"]["duty_s"] == 10
    one = await changed(editor, street, policies={"1": None})
    assert list(one["policies"]) == ["0"]
    none = await changed(editor, street, policies={"0": None})
    assert none["policies"] == {}
    assert await owner.fetchval("SELECT escalation FROM region WHERE id = $1", street) is None
    assert hints == ["directory"] * 3
    assert await owner.fetchval("SELECT version FROM source") == 4, "copies in memory are renewed"


async def test_what_is_above_is_what_would_hold_without_it(signed_in, community):
    boss = await signed_in("supervisor", community.root)
    await changed(boss, community.root, policies={"1": {"duty_s": 90}})
    shown = (await boss.get(path_of(community.street))).json()
    assert (shown["above"]["0"]["duty_s"], shown["above"]["1"]["duty_s"]) == (30, 90)


@pytest.mark.parametrize(
    ("policy", "field", "reason"),
    [
        ({"again_s": 5}, "again_s", "bounds"),
        ({"duty_s": 9_999_999_999}, "duty_s", "bounds"),
        ({"unproved_s": -1}, "unproved_s", "bounds"),
        ({"supervisors_s": 60}, "duty_s", "order"),
    ],
)
async def test_a_policy_with_a_hole_is_refused_and_nothing_of_it_is_kept(
    editor, community, policy, field, reason
):
    given = {"0": {"duty_s": 60}, "2": policy}
    error = await refused(editor, community.street, policies=given)
    said = error["params"]
    assert (error["code"], said["priority"], said["field"]) == ("policy_hole", 2, field)
    assert said["reason"] == reason
    assert (await editor.get(path_of(community.street))).json()["policies"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"policies": {"0": {"dutys": 60}}},
        {"policies": {"10": {}}},
        {"policies": {"-1": {}}},
        {"policies": {"0": {"ring": "nobody"}}},
        {"policies": {"0": {"duty_s": "soon"}}},
        {"duty_numbers": ["13900000009"] * 11},
    ],
)
async def test_what_is_no_policy_at_all_is_refused(editor, community, body):
    await refused(editor, community.street, **body)


async def test_the_duty_list_keeps_its_order_and_an_empty_one_is_that_of_above(editor, community):
    numbers = ["138 0000 0008", "13900000007"]
    listed = await changed(editor, community.street, duty_numbers=numbers)
    assert listed["duty_numbers"] == ["+8613800000008", "+8613900000007"]
    turned = await changed(editor, community.street, duty_numbers=listed["duty_numbers"][::-1])
    assert turned["duty_numbers"] == ["+8613900000007", "+8613800000008"]
    kept = await changed(editor, community.street, policies={"0": {}})
    assert kept["duty_numbers"] == turned["duty_numbers"]
    assert (await changed(editor, community.street, duty_numbers=None))["duty_numbers"] == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0571-88886666", "duty_not_mobile"),
        ("1390000", "duty_malformed"),
        ("139 0000 0007", "duty_twice"),
    ],
)
async def test_a_number_that_no_text_reaches_is_refused_by_name(editor, community, number, code):
    error = await refused(editor, community.street, duty_numbers=["13900000007", number])
    assert (error["code"], error["params"]["number"]) == (code, number)
    assert error["params"]["place"] == 1


async def test_the_trail_keeps_what_was_and_what_is(editor, community, owner):
    await changed(editor, community.street, duty_numbers=["13900000007"])
    await changed(editor, community.street, policies={"1": {"duty_s": 45}}, duty_numbers=[])
    *_, (action, subject, detail) = await trail(owner, "action", "subject", "detail")
    assert (action, subject) == ("escalation_changed", f"region:{community.street}")
    said = json.loads(detail) if isinstance(detail, str) else detail
    assert said["before"]["policies"] == {}
    assert said["before"]["duty_numbers"] == ["+8613900000007"]
    assert said["before"]["settings"] == said["after"]["settings"]
    assert said["before"]["duty_phones"] == {}
    assert said["after"]["policies"]["1"]["duty_s"] == 45
    assert said["after"]["duty_numbers"] == []


async def test_of_two_who_change_it_the_second_is_told(editor, signed_in, community):
    admin = await signed_in("administrator")
    state = (await admin.get(path_of(community.street))).json()["state"]
    await changed(editor, community.street, duty_numbers=["13900000007"])
    late = await admin.patch(
        path_of(community.street), json={"state": state, "duty_numbers": ["13900000008"]}
    )
    assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")
    state = (await admin.get(path_of(community.street))).json()["state"]
    await changed(admin, community.street, state=state, duty_numbers=["13900000008"])


async def test_operators_and_people_of_other_regions_change_nothing(
    operator, editor, elsewhere, community
):
    assert (await operator.get(path_of(community.street))).status_code == 403
    for region in (elsewhere, community.root):
        answer = await editor.patch(path_of(region), json={"duty_numbers": []})
        assert answer.status_code == 404


async def test_what_else_a_region_says_is_set_beside_what_it_inherits(
    editor, signed_in, community, hints
):
    boss = await signed_in("supervisor", community.root)
    await changed(boss, community.root, settings={"contact_policy": "all_at_once"})
    shown = (await editor.get(path_of(community.street))).json()
    assert shown["settings"]["contact_policy"] is None
    assert shown["settings_above"]["contact_policy"] == "all_at_once"
    assert shown["settings_above"]["follow_min"] == 20
    given = {
        "contact_policy": "one_by_one",
        "next_contact_s": 0,
        "follow_min": 10,
        "hotline": "12349",
    }
    own = await changed(editor, community.street, settings=given)
    assert own["settings"] | given == own["settings"]
    assert own["settings_above"]["contact_policy"] == "all_at_once"
    back = await changed(editor, community.street, settings={"contact_policy": None, "hotline": ""})
    assert (back["settings"]["contact_policy"], back["settings"]["hotline"]) == (None, None)
    assert back["settings"]["follow_min"] == 10
    assert len(hints) == 3


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("next_contact_s", 5, "bounds_or_never"),
        ("follow_min", 10**20, "bounds_min"),
        ("service_due_s", 59, "bounds_min"),
        ("storm_alarms", -1, "bounds_number"),
        ("ambulance_number", "ring me", "digits"),
        ("sms_signature", "榆" * 13, "too_long"),
    ],
)
async def test_a_setting_out_of_bounds_is_refused_at_its_field(
    editor, community, field, value, reason
):
    given = {"settings": {field: value, "fire_number": "0999-119"}, "duty_numbers": ["13900000007"]}
    error = await refused(editor, community.street, **given)
    assert error["code"] == "policy_hole"
    assert (error["params"]["field"], error["params"]["reason"]) == (field, reason)
    kept = (await editor.get(path_of(community.street))).json()
    assert (kept["settings"]["fire_number"], kept["duty_numbers"]) == (None, [])


async def test_a_request_for_service_has_its_time_from_the_region_or_from_above(
    editor, community, owner
):
    street = community.street
    await owner.execute("UPDATE region SET service_due_s = 900 WHERE id = $1", community.root)
    shown = (await editor.get(path_of(street))).json()
    assert shown["settings"]["service_due_s"] is None
    assert shown["settings_above"]["service_due_s"] == 900

    async def settings_after(**body: Any) -> Any:
        return (await changed(editor, street, **body))["settings"]["service_due_s"]

    assert await settings_after(settings={"service_due_s": 300}) == 300
    assert await settings_after(duty_numbers=[]) == 300
    assert await settings_after(settings={"service_due_s": None}) is None


async def test_phones_of_the_duty_list_have_names_and_shifts_by_the_clock_of_the_site(
    editor, community, clock
):
    """14 March 2026, 17:26 at the site: a Saturday."""
    night = {"name": "夜班", "shifts": [{"begins": "20:00", "ends": "08:00"}]}
    day = {"name": "周末", "shifts": [{"days": [6, 7], "begins": "08:00", "ends": "20:00"}]}
    shown = await changed(
        editor,
        community.street,
        duty_numbers=["13900000007", "13900000008"],
        duty_phones={"139 0000 0007": night, "13900000008": day, "13900000009": day},
    )
    assert shown["duty_phones"].keys() == {"+8613900000007", "+8613900000008"}
    assert shown["duty_now"] == [
        {"number": "+8613900000008", "name": "周末", "until": "2026-03-14T20:00:00+08:00"}
    ]
    clock.advance(4 * 3_600)
    (called,) = (await editor.get(path_of(community.street))).json()["duty_now"]
    assert (called["name"], called["until"]) == ("夜班", "2026-03-15T08:00:00+08:00")
    only = await changed(editor, community.street, duty_numbers=["13900000008"])
    assert only["duty_phones"].keys() == {"+8613900000008"}
    assert [one["until"] for one in only["duty_now"]] == [None], "no shift holds: all are called"


@pytest.mark.parametrize(
    "phone",
    [
        {"shifts": [{"begins": "25:00", "ends": "08:00"}]},
        {"shifts": [{"days": [], "begins": "20:00", "ends": "08:00"}]},
        {"shifts": [{"days": [8], "begins": "20:00", "ends": "08:00"}]},
        {"name": "x" * 61},
    ],
)
async def test_a_shift_that_is_none_is_refused(editor, community, phone):
    body = {"duty_numbers": ["13900000007"], "duty_phones": {"13900000007": phone}}
    answer = await editor.patch(path_of(community.street), json=body)
    assert answer.status_code == 422
