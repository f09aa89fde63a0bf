"""A supervisor says how calls are made in a region; a hole is refused, and what was and is stands in the trail."""

from __future__ import annotations

import json

import pytest

from tests.support.api import trail
from tests.support.calls import Caller, Calls

OFTEN = {"pauses_min": [5, 10, 20], "horizon_min": 60, "after": None}


async def test_what_a_region_says_holds_below_it_until_it_is_taken_back(calls: Calls):
    root, street = calls.story.community.root, calls.story.community.street
    boss = calls.supervisor
    shown = await boss.patch(f"/policies/{root}", {"policies": {"well_being": OFTEN}})
    assert shown["policies"] == {"well_being": OFTEN}
    below = await boss.get(f"/policies/{street}")
    assert (below["policies"], below["above"]["well_being"]) == ({}, OFTEN)
    assert below["above"]["silent_device"]["after"] == 3
    gone = await boss.patch(f"/policies/{root}", {"policies": {"well_being": None}})
    assert gone["policies"] == {}
    stored = await calls.story.owner.fetch("SELECT call_policies FROM region")
    assert {row["call_policies"] for row in stored} == {None}


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"pauses_min": []}, "pauses_min"),
        ({"pauses_min": [15, -1]}, "pauses_min"),
        ({"horizon_min": 10**12}, "horizon_min"),
        ({"after": 3}, "after"),
    ],
)
async def test_a_hole_is_refused_and_nothing_of_it_is_kept(
    calls: Calls, policy: dict[str, object], field: str
):
    path = f"/api/v1/calls/policies/{calls.story.community.root}"
    given = {
        "low_battery": {"pauses_min": [60], "horizon_min": 1_440},
        "well_being": OFTEN | policy,
    }
    answer = await calls.supervisor.client.patch(path, json={"policies": given})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "policy_hole")
    assert (error["params"]["kind"], error["params"]["field"]) == ("well_being", field)
    assert (await calls.supervisor.client.get(path)).json()["policies"] == {}


async def test_a_change_of_nothing_is_none(calls: Calls):
    shown = await calls.supervisor.patch(f"/policies/{calls.story.community.root}", {})
    assert shown["policies"] == {}


async def test_of_two_who_change_it_the_second_is_told(calls: Calls):
    path = f"/policies/{calls.story.community.root}"
    state = (await calls.supervisor.get(path))["state"]
    await calls.supervisor.patch(path, {"state": state, "policies": {"well_being": OFTEN}})
    late = await calls.supervisor.client.patch(
        f"/api/v1/calls{path}", json={"state": state, "policies": {"well_being": None}}
    )
    assert (late.status_code, late.json()["error"]["code"]) == (409, "changed_meanwhile")


async def test_the_trail_has_what_was_and_what_is(calls: Calls):
    root = calls.story.community.root
    await calls.supervisor.patch(f"/policies/{root}", {"policies": {"well_being": OFTEN}})
    *_, (action, subject, detail) = await trail(calls.story.owner, "action", "subject", "detail")
    said = json.loads(detail) if isinstance(detail, str) else detail
    assert (action, subject) == ("call_policies_changed", f"region:{root}")
    assert said == {"before": {"policies": {}}, "after": {"policies": {"well_being": OFTEN}}}


async def test_tries_and_horizon_of_a_call_are_those_of_its_home_s_region(
    calls: Calls, wang: Caller
):
    street = calls.story.community.street
    await calls.supervisor.patch(f"/policies/{street}", {"policies": {"well_being": OFTEN}})
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home(""))
    await calls.passes(16 * 60 + 5)
    for pause in OFTEN["pauses_min"]:  # type: ignore[attr-defined]
        await wang.report(await wang.next(), "no_answer")
        await calls.passes(pause - 1)
        assert await wang.next() is None
        await calls.passes(1)
    await calls.passes(60)
    assert await calls.states(list_id) == ["missed"]


async def test_an_operator_and_a_supervisor_of_another_region_change_nothing(
    calls: Calls, wang: Caller
):
    street = calls.story.community.street
    other = await calls.caller("other", "supervisor", street)
    root = f"/api/v1/calls/policies/{calls.story.community.root}"
    assert (await wang.client.get(root)).status_code == 403
    assert (await other.client.patch(root, json={"policies": {}})).status_code == 404
