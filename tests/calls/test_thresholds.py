"""After how much silence a device is on a list is looked up where its home lies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.calls.item import ListKind
from callcenter.calls.policy import STANDARD, Policies
from callcenter.calls.thresholds import arguments_of, read_policies
from tests.support.calls import Calls

RULE = {"every": "daily", "at": "18:00"}
CHASED = {"pauses_min": [1_440], "horizon_min": 10_080}


async def _device(calls: Calls, silent_h: float) -> None:
    await calls.story.home("1234")
    owner, clock = calls.story.owner, calls.story.clock
    await owner.execute("UPDATE device SET heartbeat_s = 3600")
    at = clock.now() - timedelta(hours=silent_h)
    await owner.execute("INSERT INTO device_last_seen SELECT id, $1 FROM device", at)


@pytest.mark.parametrize(("missed", "listed"), [(3, True), (8, False)])
async def test_a_device_counts_as_silent_when_its_region_says(
    calls: Calls, missed: int, listed: bool
):
    street, boss = calls.story.community.street, calls.supervisor
    await _device(calls, silent_h=5)
    await boss.patch(
        f"/policies/{calls.story.community.root}",
        {"policies": {"silent_device": CHASED | {"after": 90}}},
    )
    said = {"silent_device": CHASED | {"after": missed}}
    await boss.patch(f"/policies/{street}", {"policies": said})
    list_id = await calls.list("silent_device", rule=RULE)
    await calls.passes(40)
    assert await calls.states(list_id) == (["open"] if listed else [])


async def test_it_settles_itself_by_the_same_number(calls: Calls):
    await _device(calls, silent_h=5)
    list_id = await calls.list("silent_device", rule=RULE)
    await calls.passes(40)
    assert await calls.states(list_id) == ["open"]
    said = {"silent_device": CHASED | {"after": 20}}
    await calls.supervisor.patch(f"/policies/{calls.story.community.street}", {"policies": said})
    await calls.look()
    assert await calls.states(list_id) == ["done"]


@pytest.mark.parametrize(("days", "listed"), [(None, True), (60, False)])
async def test_a_list_s_own_days_go_before_those_of_the_region(
    calls: Calls, days: int | None, listed: bool
):
    await _device(calls, silent_h=24 * 40)
    said = {"idle_device": CHASED | {"after": 30}}
    await calls.supervisor.patch(f"/policies/{calls.story.community.root}", {"policies": said})
    list_id = await calls.list("idle_device", rule=RULE, days=days)
    await calls.passes(40)
    assert await calls.states(list_id) == (["open"] if listed else [])


async def test_what_regions_say_is_read_in_one_go(calls: Calls):
    street = calls.story.community.street
    said = {"silent_device": CHASED | {"after": 20}}
    await calls.supervisor.patch(f"/policies/{street}", {"policies": said})
    policies = await read_policies(calls.story.owner)
    assert arguments_of(policies, ListKind.SILENT_DEVICE) == ([street], [20], 3)
    assert arguments_of(Policies({}), ListKind.LOW_BATTERY) == ([], [], None)
    assert STANDARD[ListKind.SILENT_DEVICE].after == 3
