"""What is due is written once: after a restart, beside a second server, under a clock that jumps.

The story begins on a Saturday at 17:26 of the site's time.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from callcenter.calls.writing import DueCalls
from tests.support.calls import Calls
from tests.support.outbox import SHANGHAI
from tests.support.story import DUTY

DAY = 24 * 60


async def test_a_resident_is_called_when_it_was_agreed(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home("1234"))
    await calls.look()
    assert await calls.states(list_id) == []
    await calls.passes(16 * 60)
    assert await calls.states(list_id) == []
    await calls.passes(4)
    assert await calls.states(list_id) == ["open"]
    await calls.passes(1)
    assert await calls.states(list_id) == ["open"]


async def test_nothing_is_called_late_by_itself_it_is_shown_as_missed(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home("1234"))
    await calls.passes(16 * 60 + 4)
    assert await calls.states(list_id) == ["open"]
    await calls.passes(4 * 60)
    assert await calls.states(list_id) == ["missed"]


async def test_after_three_days_without_a_server_two_were_missed_and_one_can_be_made(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home("1234"))
    await calls.passes(16 * 60 + 5 + 2 * DAY)
    assert await calls.states(list_id) == ["missed", "missed", "open"]


async def test_two_servers_write_each_call_once(calls: Calls):
    list_id = await calls.list()
    for pendant in ("1", "2", "3"):
        await calls.plan(list_id, await calls.story.home(pendant))
    calls.story.clock.advance(16 * 3600 + 300)
    other = DueCalls(calls.story.database, SHANGHAI)
    now = calls.story.clock.now()
    await asyncio.gather(*(one.run_once(now) for one in (calls.due_calls, other) for _ in range(3)))
    assert await calls.states(list_id) == ["open"] * 3
    await other.connections.close()


async def test_a_clock_that_jumps_ahead_and_back_takes_no_call_away(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home("1234"))
    begin = calls.story.clock.now()
    calls.story.clock.set_wall(begin + timedelta(days=10))
    await calls.look()
    assert set(await calls.states(list_id)) == {"missed"}
    calls.story.clock.set_wall(begin)
    await calls.look()
    for day in range(1, 4):
        calls.story.clock.set_wall(begin + timedelta(days=day, hours=-1))
        await calls.look()
        due = await calls.story.owner.fetchval(
            "SELECT count(*) FROM call_item WHERE state = 'open' AND next_try_at <= $1",
            calls.story.clock.now(),
        )
        missed = (await calls.states(list_id)).count("missed")
        assert (due, missed) == (0, day)
        calls.story.clock.set_wall(begin + timedelta(days=day, hours=-7))
        await calls.look()
    calls.story.clock.set_wall(begin + timedelta(days=11, hours=-7))
    await calls.look()
    assert len(await calls.states(list_id)) == 11


async def test_who_is_not_at_home_is_not_written_down(calls: Calls):
    list_id = await calls.list()
    for status in ("hospital", "away", "moved", "deceased"):
        await calls.plan(list_id, await calls.story.home("", status=status))
    await calls.passes(16 * 60 + 5)
    assert await calls.states(list_id) == []


async def test_a_list_that_rested_begins_with_what_is_due_next(calls: Calls):
    list_id = await calls.list()
    await calls.plan(list_id, await calls.story.home("1234"))
    await calls.supervisor.patch(f"/lists/{list_id}", {"active": False})
    await calls.passes(2 * DAY)
    await calls.supervisor.patch(f"/lists/{list_id}", {"active": True})
    await calls.look()
    assert await calls.states(list_id) == []
    await calls.passes(16 * 60 + 5)
    assert await calls.states(list_id) == ["open"]


# ---- lists of devices


RULE = {"every": "daily", "at": "18:00"}


async def _seen(calls: Calls, days_ago: float, **columns: object) -> None:
    """The story's one device was heard of so long ago."""
    at = calls.story.clock.now() - timedelta(days=days_ago)
    await calls.story.owner.execute("INSERT INTO device_last_seen SELECT id, $1 FROM device", at)
    for column, value in columns.items():
        await calls.story.owner.execute(f"UPDATE device SET {column} = $1", value)  # noqa: S608


@pytest.mark.parametrize(
    ("kind", "days_ago", "columns", "listed"),
    [
        ("silent_device", 1, {"heartbeat_s": 3_600}, True),
        ("silent_device", 0, {"heartbeat_s": 3_600}, False),
        ("silent_device", 1, {}, False),
        ("low_battery", 0, {"battery_low": True}, True),
        ("low_battery", 0, {}, False),
        ("press_test", 0, {}, True),
        ("press_test", 0, {"kind": "smoke_detector"}, False),
        ("idle_device", 91, {}, True),
        ("idle_device", 89, {}, False),
    ],
)
async def test_a_list_of_devices_fills_itself(
    calls: Calls, kind: str, days_ago: float, columns: dict[str, object], listed: bool
):
    await calls.story.home("1234")
    await _seen(calls, days_ago, **columns)
    list_id = await calls.list(kind, rule=RULE)
    await calls.passes(40)
    assert await calls.states(list_id) == (["open"] if listed else [])


async def test_a_device_that_was_pressed_is_in_use(calls: Calls):
    await calls.story.home("1234")
    calls.story.phones.expect(DUTY, "紧急求助")
    await calls.story.press("1234")
    list_id = await calls.list("idle_device", rule=RULE)
    await calls.passes(40)
    assert await calls.states(list_id) == []


async def test_a_device_stands_on_a_list_once_however_often_it_fills_itself(calls: Calls):
    await calls.story.home("1234")
    await _seen(calls, 0, battery_low=True)
    list_id = await calls.list("low_battery", rule=RULE)
    await calls.passes(40)
    await calls.passes(DAY)
    assert await calls.states(list_id) == ["open"]
