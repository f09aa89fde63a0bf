"""An operator takes the next call, and no resident is called by two."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from callcenter.core.ids import new_id
from tests.support.calls import Caller, Calls
from tests.support.story import DUTY

MORNING = 16 * 60 + 5
"""Minutes until half past nine the next day."""
DAUGHTER = "+8613900000001"


async def due(calls: Calls, *names: str) -> int:
    """A list on which these are due."""
    list_id = await calls.list()
    for name in names:
        await calls.plan(list_id, await calls.story.home("", name=name))
    await calls.passes(MORNING)
    return list_id


async def lapses(owner: asyncpg.Connection) -> None:
    """The database's clock cannot be moved: the lease comes nearer instead."""
    await owner.execute("UPDATE call_item SET lease_until = lease_until - interval '6 minutes'")


async def test_the_next_one_comes_with_what_a_call_needs(calls: Calls, wang: Caller, owner):
    await due(calls, "沈玉兰")
    await owner.execute(
        "UPDATE resident SET phone = $1, hearing = '右耳听不见', talk_note = '说慢些'", DAUGHTER
    )
    call = await wang.next()
    assert call["item"]["name"] == "沈玉兰"
    assert call["item"]["phone"] == DAUGHTER
    assert (call["hearing"], call["talk_note"]) == ("右耳听不见", "说慢些")
    assert call["attempts"] == []
    looked = await owner.fetchrow("SELECT * FROM audit_entry WHERE action = 'call_taken'")
    assert looked["subject"] == f"home:{call['item']['home_id']}"


async def test_whoever_asks_again_has_the_same_one(calls: Calls, wang: Caller):
    await due(calls, "沈玉兰", "周阿姨")
    first = await wang.next()
    assert (await wang.next())["item"]["id"] == first["item"]["id"]


async def test_two_who_ask_at_once_call_two_people(calls: Calls, wang: Caller, li: Caller):
    await due(calls, "沈玉兰", "周阿姨")
    taken = await asyncio.gather(wang.next(), li.next())
    assert {call["item"]["name"] for call in taken} == {"沈玉兰", "周阿姨"}


async def test_with_one_call_the_second_gets_none(calls: Calls, wang: Caller, li: Caller):
    await due(calls, "沈玉兰")
    taken = await asyncio.gather(wang.next(), li.next())
    assert sorted(call is None for call in taken) == [False, True]


async def test_a_lease_that_lapsed_is_offered_to_the_next(
    calls: Calls, wang: Caller, li: Caller, owner
):
    await due(calls, "沈玉兰")
    call = await wang.next()
    await lapses(owner)
    assert (await li.next())["item"]["id"] == call["item"]["id"]
    refused = await wang.post(f"/items/{call['item']['id']}/renew", status=409)
    assert refused["error"]["code"] == "lease_lapsed"


async def test_a_lease_nobody_else_wanted_goes_on(calls: Calls, wang: Caller, owner):
    await due(calls, "沈玉兰")
    call = await wang.next()
    await lapses(owner)
    renewed = await wang.post(f"/items/{call['item']['id']}/renew")
    assert renewed["lease_until"] > call["lease_until"]


async def test_given_back_the_next_one_has_it_at_once(calls: Calls, wang: Caller, li: Caller):
    await due(calls, "沈玉兰")
    call = await wang.next()
    await li.post(f"/items/{call['item']['id']}/give-back")
    assert await li.next() is None
    await wang.post(f"/items/{call['item']['id']}/give-back")
    assert await li.next() is not None


async def test_the_second_is_told_who_calls_already(calls: Calls, wang: Caller, li: Caller):
    list_id = await due(calls, "沈玉兰")
    [line] = await wang.get(f"/lists/{list_id}/items")
    await wang.post(f"/items/{line['id']}/take")
    refused = await li.post(f"/items/{line['id']}/take", status=409)
    assert refused["error"]["params"] == {"name": "wang同志"}
    report = {"id": str(new_id()), "result": "well"}
    refused = await li.post(f"/items/{line['id']}/report", report, 409)
    assert refused["error"]["code"] == "call_taken"


async def test_nobody_holds_two(calls: Calls, wang: Caller):
    list_id = await due(calls, "沈玉兰", "周阿姨")
    one, other = await wang.get(f"/lists/{list_id}/items")
    await wang.post(f"/items/{one['id']}/take")
    refused = await wang.post(f"/items/{other['id']}/take", status=409)
    assert refused["error"]["code"] == "holds_another"


async def test_a_report_sent_twice_counts_once(calls: Calls, wang: Caller, owner):
    await due(calls, "沈玉兰")
    call = await wang.next()
    twice = str(new_id())
    for _ in range(2):
        await wang.report(call, "no_answer", id=twice)
    assert await owner.fetchval("SELECT attempts FROM call_item") == 1
    assert await owner.fetchval("SELECT count(*) FROM call_attempt") == 1


async def test_an_id_that_belongs_to_another_report_is_refused(calls: Calls, wang: Caller):
    await due(calls, "沈玉兰", "周阿姨")
    used = str(new_id())
    await wang.report(await wang.next(), "well", id=used)
    call = await wang.next()
    body = {"id": used, "result": "well"}
    refused = await wang.post(f"/items/{call['item']['id']}/report", body, 409)
    assert refused["error"]["code"] == "id_used"


async def test_what_was_said_counts_though_the_lease_has_lapsed(calls: Calls, wang: Caller, owner):
    list_id = await due(calls, "沈玉兰")
    call = await wang.next()
    await lapses(owner)
    await calls.look()
    assert await calls.states(list_id) == ["open"]
    await wang.report(call, "well")
    assert await calls.states(list_id) == ["done"]


async def test_one_that_was_missed_may_be_called_all_the_same(calls: Calls, wang: Caller):
    list_id = await due(calls, "沈玉兰")
    await calls.passes(5 * 60)
    assert await wang.next() is None
    [line] = await wang.get(f"/lists/{list_id}/items", state="missed")
    call = await wang.post(f"/items/{line['id']}/take")
    await wang.report(call, "well")
    assert await calls.states(list_id) == ["done"]


async def test_what_has_ended_takes_no_second_report(calls: Calls, wang: Caller):
    await due(calls, "沈玉兰")
    call = await wang.next()
    await wang.report(call, "well")
    body = {"id": str(uuid4()), "result": "no_answer"}
    refused = await wang.post(f"/items/{call['item']['id']}/report", body, 409)
    assert refused["error"]["code"] == "wrong_state"


@pytest.mark.parametrize(
    ("result", "state", "raised"),
    [
        ("well", "done", []),
        ("needs_service", "done", [("office", "help")]),
        ("wrong_number", "given_up", []),
        ("not_needed", "given_up", []),
    ],
)
async def test_what_comes_of_a_call(
    calls: Calls, wang: Caller, result: str, state: str, raised: list[tuple[str, str]]
):
    list_id = await due(calls, "沈玉兰")
    await wang.report(await wang.next(), result, note="说了些话")
    await calls.look()
    assert await calls.states(list_id) == [state]
    assert await calls.incidents() == raised


async def test_the_most_at_risk_is_called_first(calls: Calls, wang: Caller, owner):
    await due(calls, "沈玉兰", "周阿姨", "何老伯")
    await owner.execute("UPDATE resident SET risk = 'low' WHERE name <> '周阿姨'")
    await owner.execute("DELETE FROM call_item")
    await owner.execute("UPDATE call_plan SET next_at = next_at - interval '1 day'")
    await calls.look()
    assert (await wang.next())["item"]["name"] == "周阿姨"


async def test_an_operator_of_a_district_is_given_its_residents_alone(calls: Calls, owner):
    list_id = await due(calls, "沈玉兰")
    west = await calls.story.community.region(calls.story.community.root, "district", "西区")
    stranger = await calls.caller("stranger", region=west)
    assert await stranger.next() is None
    assert await stranger.get(f"/lists/{list_id}/items") == []
    [seen] = await stranger.get("/lists")
    assert seen["counts"] == {}
    item = await owner.fetchval("SELECT id FROM call_item")
    await stranger.post(f"/items/{item}/take", status=404)


async def test_while_a_device_is_tested_the_call_shows_what_has_arrived(
    calls: Calls, wang: Caller, owner
):
    await calls.story.home("1234")
    await calls.list("press_test", rule={"every": "daily", "at": "18:00"})
    await calls.passes(40)
    call = await wang.next()
    assert call["item"]["device"] == "1234"
    assert (call["device_seen_at"], call["device_pressed_at"]) == (None, None)
    calls.story.phones.expect(DUTY, "紧急求助")
    await calls.story.press("1234")
    renewed = await wang.post(f"/items/{call['item']['id']}/renew")
    assert renewed["device_pressed_at"] is not None


async def test_what_ended_months_ago_stands_on_no_list(calls: Calls, wang: Caller):
    list_id = await due(calls, "沈玉兰")
    await wang.report(await wang.next(), "well")
    assert len(await wang.get(f"/lists/{list_id}/items", state="done")) == 1
    calls.story.clock.advance(32 * 24 * 3_600)
    assert await wang.get(f"/lists/{list_id}/items", state="done") == []
