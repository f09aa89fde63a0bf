"""A press test ticks itself off when that device's press, or its test signal, arrives in its time; nothing else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.calls import Caller, Calls
from tests.support.story import DUTY

RULE = {"every": "monthly", "at": "18:00", "month_day": 14}


async def in_test(calls: Calls) -> None:
    """The device of the story, for an hour."""
    story, now = calls.story, calls.story.clock.now()
    root = story.community.root
    await story.owner.execute(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " SELECT 'device', id, $1, $2, $3, $4, '月度测试', 1, 'boss' FROM device",
        root, [root], now, now + timedelta(hours=1),
    )  # fmt: skip
    await story.reload()


async def signal(calls: Calls, kind: str, code: str = "", minutes_ago: float = 0) -> None:
    """As intake has journalled it."""
    at = calls.story.clock.now() - timedelta(minutes=minutes_ago)
    await calls.story.owner.execute(
        "INSERT INTO journal (id, source, device_id, kind, outcome, received_at, stored_at, extra, raw)"
        " SELECT gen_random_uuid(), 'dc09', id, $1, 'recorded', $2, $2, $3, '' FROM device",
        kind,
        at,
        {"code": code} if code else {},
    )


async def due(calls: Calls) -> int:
    list_id = await calls.list("press_test", rule=RULE)
    await calls.story.home("1234")
    await calls.passes(40)
    assert await calls.states(list_id) == ["open"]
    return list_id


async def line_of(calls: Calls, list_id: int) -> dict[str, Any]:
    [line] = await calls.supervisor.get(f"/lists/{list_id}/items")
    shown: dict[str, Any] = line
    return shown


async def test_a_press_in_test_ticks_it_off_and_its_row_says_by_which_signal(calls: Calls):
    list_id = await due(calls)
    await in_test(calls)
    await calls.story.press("1234")
    at = calls.story.clock.now()
    await calls.passes(1)
    line = await line_of(calls, list_id)
    assert (line["state"], line["result"], line["ended_by_name"]) == ("done", "pressed", None)
    assert line["signal_kind"] == "sos"
    assert line["signal_at"] == at.isoformat().replace("+00:00", "Z")
    stored = await calls.story.owner.fetchval("SELECT id FROM journal")
    assert await calls.story.owner.fetchval("SELECT signal_id FROM call_item") == stored


@pytest.mark.parametrize(
    ("kind", "code", "state"),
    [
        ("test", "", "done"),
        ("test", "601", "done"),
        ("test", "RX", "done"),
        ("test", "602", "open"),
        ("test", "RP", "open"),
        ("heartbeat", "", "open"),
        ("low_battery", "", "open"),
    ],
)
async def test_a_test_signal_counts_unless_the_device_sends_it_by_itself(
    calls: Calls, kind: str, code: str, state: str
):
    list_id = await due(calls)
    await signal(calls, kind, code)
    await calls.look()
    assert await calls.states(list_id) == [state]


async def test_a_press_before_the_test_was_due_is_none_of_it(calls: Calls):
    list_id = await due(calls)
    await signal(calls, "test", minutes_ago=60)
    await calls.look()
    assert await calls.states(list_id) == ["open"]


async def test_an_alarm_of_the_device_is_no_test(calls: Calls):
    list_id = await due(calls)
    calls.story.phones.expect(DUTY, "紧急求助")
    await calls.story.press("1234")
    await calls.look()
    assert await calls.states(list_id) == ["open"]


async def test_what_arrived_before_its_test_was_written_down_is_found(calls: Calls):
    """The office was away, and has looked through the journal before it wrote what had become due."""
    list_id = await calls.list("press_test", rule=RULE)
    await calls.story.home("1234")
    await calls.look()
    calls.story.clock.advance(24 * 3_600)
    await signal(calls, "test", minutes_ago=6 * 60)
    await calls.settled.run_once(calls.story.clock.now())
    assert await calls.states(list_id) == []
    await calls.look()
    assert await calls.states(list_id) == ["done"]


async def test_a_call_in_hand_shows_the_press_and_ends_by_itself_once_given_back(
    calls: Calls, wang: Caller
):
    list_id = await due(calls)
    call = await wang.next()
    await signal(calls, "test")
    await calls.look()
    renewed = await wang.post(f"/items/{call['item']['id']}/renew")
    assert (renewed["item"]["state"], renewed["item"]["signal_kind"]) == ("leased", "test")
    await wang.post(f"/items/{call['item']['id']}/give-back")
    await calls.look()
    assert await calls.states(list_id) == ["done"]
