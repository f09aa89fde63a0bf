"""A supervisor makes lists and says who is called when."""

from __future__ import annotations

import pytest

from tests.support.calls import HALF_PAST_NINE, Calls


async def test_a_list_shows_how_far_it_has_got(calls: Calls):
    list_id = await calls.list(name="平安电话")
    await calls.plan(list_id, await calls.story.home("", name="沈玉兰"))
    await calls.plan(list_id, await calls.story.home("", name="周阿姨"))
    await calls.passes(16 * 60 + 5)
    wang = await calls.caller("wang")
    await wang.report(await wang.next(), "well")
    [shown] = await wang.get("/lists")
    assert shown["counts"] == {"open": 1, "done": 1}
    assert (shown["name"], shown["due"]) == ("平安电话", 1)
    assert shown["oldest_due_at"] == "2026-03-15T01:30:00Z"


async def test_what_ended_yesterday_is_counted_no_more(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home(""))
    await calls.passes(16 * 60 + 5)
    wang = await calls.caller("wang")
    await wang.report(await wang.next(), "well")
    await calls.passes(25 * 60)
    [shown] = await wang.get("/lists")
    assert "done" not in shown["counts"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "roll_call"}, "made_otherwise"),
        ({"kind": "low_battery"}, "needs_rule"),
        ({"kind": "press_test", "rule": {"every": "monthly", "at": "10:00"}}, "rule_incomplete"),
    ],
)
async def test_a_list_that_would_never_be_due_is_refused(
    calls: Calls, body: dict[str, object], code: str
):
    sent = {"name": "名单", "region_id": calls.story.community.root} | body
    refused = await calls.supervisor.post("/lists", sent, 422)
    assert refused["error"]["code"] == code


async def test_a_list_has_a_name_and_another_time_when_its_supervisor_says_so(calls: Calls):
    list_id = await calls.list("low_battery", rule={"every": "daily", "at": "18:00"})
    changes = {"name": "电池", "rule": {"every": "weekly", "weekday": 3, "at": "10:00"}}
    changed = await calls.supervisor.patch(f"/lists/{list_id}", changes)
    assert (changed["name"], changed["every"]) == ("电池", "weekly")
    assert changed["next_at"] == "2026-03-18T02:00:00Z"


async def test_who_is_on_a_list_is_on_it_once(calls: Calls):
    list_id, resident = await calls.list(), await calls.story.home("")
    await calls.plan(list_id, resident)
    body = {"resident_id": resident} | HALF_PAST_NINE
    refused = await calls.supervisor.post(f"/lists/{list_id}/plans", body, 409)
    assert refused["error"]["code"] == "planned_already"


async def test_only_well_being_calls_are_planned_for_a_resident(calls: Calls):
    list_id = await calls.list("low_battery", rule={"every": "daily", "at": "18:00"})
    body = {"resident_id": await calls.story.home("")} | HALF_PAST_NINE
    refused = await calls.supervisor.post(f"/lists/{list_id}/plans", body, 422)
    assert refused["error"]["code"] == "made_otherwise"


async def test_who_is_taken_off_is_not_called_today_either(calls: Calls):
    list_id = await calls.list()
    plan = await calls.plan(list_id, await calls.story.home(""))
    await calls.passes(16 * 60 + 5)
    [shown] = await calls.supervisor.get(f"/lists/{list_id}/plans")
    assert (shown["id"], shown["at"]) == (plan, "09:30:00")
    await calls.supervisor.delete(f"/plans/{plan}")
    assert await calls.supervisor.get(f"/lists/{list_id}/plans") == []
    assert await calls.states(list_id) == ["given_up"]
    await calls.passes(24 * 60)
    assert await calls.states(list_id) == ["given_up"]


async def test_operators_work_lists_and_do_not_make_them(calls: Calls):
    wang = await calls.caller("wang")
    body = {"kind": "well_being", "name": "名单", "region_id": calls.story.community.root}
    await wang.post("/lists", body, 403)
    await wang.post("/roll-calls", body, 403)
