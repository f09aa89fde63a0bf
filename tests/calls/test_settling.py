"""What settles itself is not called about."""

from __future__ import annotations

from tests.support.calls import Caller, Calls

RULE = {"every": "daily", "at": "18:00"}


async def test_a_device_that_reports_again_is_off_the_list(calls: Calls):
    await calls.story.home("1234")
    owner, clock = calls.story.owner, calls.story.clock
    await owner.execute("UPDATE device SET heartbeat_s = 3600")
    await owner.execute("INSERT INTO device_last_seen SELECT id, $1 FROM device", clock.now())
    list_id = await calls.list("silent_device", rule=RULE)
    await calls.passes(24 * 60)
    assert await calls.states(list_id) == ["open"]
    await owner.execute("UPDATE device_last_seen SET seen_at = $1", clock.now())
    await calls.look()
    assert await calls.states(list_id) == ["done"]
    assert await owner.fetchval("SELECT result FROM call_item") == "recovered"


async def test_a_battery_that_was_changed_is_off_the_list(calls: Calls):
    await calls.story.home("1234")
    await calls.story.owner.execute("UPDATE device SET battery_low = true")
    list_id = await calls.list("low_battery", rule=RULE)
    await calls.passes(40)
    await calls.look()
    assert await calls.states(list_id) == ["open"]
    await calls.story.owner.execute("UPDATE device SET battery_low = false")
    await calls.look()
    assert await calls.states(list_id) == ["done"]


async def test_nobody_calls_somebody_who_has_died(calls: Calls, wang: Caller):
    list_id = await calls.list()
    resident = await calls.story.home("1234")
    await calls.plan(list_id, resident)
    await calls.passes(16 * 60 + 5)
    died = "UPDATE resident SET status = 'deceased' WHERE id = $1"
    await calls.story.owner.execute(died, resident)
    assert await wang.next() is None
    await calls.look()
    assert await calls.states(list_id) == ["given_up"]
    assert await calls.story.owner.fetchval("SELECT result FROM call_item") == "gone"


async def test_a_call_in_hand_is_left_to_whoever_makes_it(calls: Calls, wang: Caller):
    list_id = await calls.list("low_battery", rule=RULE)
    await calls.story.home("1234")
    await calls.story.owner.execute("UPDATE device SET battery_low = true")
    await calls.passes(40)
    assert await wang.next() is not None
    await calls.story.owner.execute("UPDATE device SET battery_low = false")
    await calls.look()
    assert await calls.states(list_id) == ["leased"]


async def test_a_call_follows_its_resident_into_another_home(calls: Calls, wang: Caller):
    list_id = await calls.list()
    resident = await calls.story.home("")
    await calls.plan(list_id, resident)
    await calls.passes(16 * 60 + 5)
    elsewhere = await calls.story.community.home(address="新家园3号楼")
    moved = "UPDATE resident SET home_id = $1 WHERE id = $2"
    await calls.story.owner.execute(moved, elsewhere, resident)
    await calls.look()
    assert (await wang.next())["item"]["address"] == "新家园3号楼"
