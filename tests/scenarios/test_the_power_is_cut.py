"""The power fails in a street: many technical alarms are one line, worked by one order; whoever presses meanwhile rings as ever."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.core.ids import new_id
from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"
HOMES = 12
POWER_FAILS, POWER_IS_BACK = "AT", "AR"


@pytest.fixture
async def street(story: Story) -> list[str]:
    """Pendants of as many homes; the family of the first is known."""
    pendants = [str(1000 + n) for n in range(HOMES)]
    for pendant in pendants:
        home = await story.community.home()
        resident = await story.community.resident(home)
        await story.community.device(pendant, home, resident)
        if pendant == pendants[0]:
            await story.community.contact(resident, 1, DAUGHTER)
    await story.reload()
    return pendants


async def power_cut(story: Story, pendants: list[str]) -> list[str]:
    """The incidents."""
    found = [await story.press(pendant, POWER_FAILS) for pendant in pendants]
    await story.passes(2)
    return found


async def storms(who: Operator) -> list[dict[str, Any]]:
    answer = await who.client.get("/api/v1/storms")
    assert answer.status_code == 200, answer.text
    shown: list[dict[str, Any]] = answer.json()
    return shown


async def orders(who: Operator, action: str, **more: Any) -> dict[str, Any]:
    """For the one storm that there is; the storm with its order."""
    [storm] = await storms(who)
    body = {"command_id": str(new_id()), "action": action, **more}
    answer = await who.client.post(f"/api/v1/storms/{storm['id']}/orders", json=body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def states(story: Story) -> dict[str, str]:
    rows = await story.owner.fetch("SELECT id, state FROM incident ORDER BY number")
    return {str(row["id"]): row["state"] for row in rows}


async def test_a_storm_is_closed_by_one_order_and_tells_nobody(
    story: Story, street: list[str], wang: Operator, boss: Operator
):
    incidents = await power_cut(story, street)
    [storm] = await storms(wang)
    assert (storm["kind"], storm["region_id"]) == ("power_fail", story.community.street)
    assert all([await story.entries(one) == ["opened"] for one in incidents])

    await orders(boss, "close", outcome="technical", note="供电局抢修")
    await story.passes(8)
    assert set((await states(story)).values()) == {"waiting"}, "it can still be taken back"
    await story.passes(4)
    assert set((await states(story)).values()) == {"closed"}
    assert all([await story.entries(one) == ["opened", "taken", "closed"] for one in incidents])
    [storm] = await storms(boss)
    assert (storm["order"]["done"], storm["order"]["left_out"]) == (HOMES, 0)
    detail = await wang.detail(incidents[3])
    assert detail["storm"]["id"] == storm["id"]
    assert detail["entries"][-1]["user_id"] == boss.user_id

    await story.passes(600)
    assert await storms(boss) == [], "it is over, and none of its alarms is open"
    assert (await wang.detail(incidents[3]))["storm"]["id"] == storm["id"]
    assert await story.texts() == []


async def test_an_order_that_is_taken_back_does_nothing_however_long_one_waits(
    story: Story, street: list[str], boss: Operator
):
    incidents = await power_cut(story, street)
    storm = await orders(boss, "close", outcome="technical", note="供电局抢修")
    await story.passes(8)
    path = f"/api/v1/storms/{storm['id']}/orders/{storm['order']['id']}/take-back"
    for _ in range(2):
        assert (await boss.client.post(path)).json()["order"]["state"] == "taken_back"
    await story.passes(120)
    assert set((await states(story)).values()) == {"waiting"}
    assert all([await story.entries(one) == ["opened"] for one in incidents])


async def test_whoever_presses_in_it_rings_and_tells_as_ever_and_keeps_the_line_of_their_home(
    story: Story, street: list[str], wang: Operator, boss: Operator
):
    incidents = await power_cut(story, street)
    await orders(boss, "close", outcome="technical", note="供电局抢修")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    sos = await story.press(street[0])
    await wang.sees(sos, state="waiting", kind="sos", ring=1)
    await story.passes(12)
    after = await states(story)
    assert (after[sos], after[incidents[0]]) == ("waiting", "waiting")
    assert {after[one] for one in incidents[1:]} == {"closed"}
    [storm] = await storms(boss)
    assert (storm["order"]["done"], storm["order"]["left_out"]) == (HOMES - 1, 1)
    assert (await wang.detail(sos))["storm"] is None
    await wang.done(sos, "take")


async def test_ten_in_a_minute_are_ten_lines(story: Story, street: list[str], wang: Operator):
    await power_cut(story, street[:10])
    assert await storms(wang) == []
    await story.passes(62)
    await power_cut(story, street[10:])
    assert await storms(wang) == []


async def test_what_came_after_the_order_was_not_meant(
    story: Story, street: list[str], boss: Operator
):
    await power_cut(story, street[:-1])
    await orders(boss, "close", outcome="technical", note="供电局抢修")
    await story.passes(4)
    late = await story.press(street[-1], POWER_FAILS)
    await story.press(street[0], POWER_FAILS)
    await story.passes(10)
    after = await states(story)
    assert [state for state in after.values() if state == "waiting"] == ["waiting"] * 2
    assert after[late] == "waiting"


async def test_a_flapping_device_is_one_line_with_a_count_and_its_press_another(
    story: Story, street: list[str], wang: Operator
):
    found = set()
    for _ in range(15):
        found.add(await story.press(street[1], POWER_FAILS))
        await story.press(street[1], POWER_IS_BACK)
    [incident] = found
    await wang.sees(incident, press_count=15, kind="power_fail", ring=1)
    assert await storms(wang) == []
    sos = await story.press(street[1])
    assert sos != incident
    await wang.sees(sos, kind="sos", ring=1, press_count=1)
    await wang.done(sos, "take")


async def test_a_storm_at_night_wakes_nobody(story: Story, street: list[str]):
    await power_cut(story, street)
    await story.passes(300)
    story.phones.expect(DUTY, "现无坐席在岗")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press(street[0])


async def test_a_server_that_dies_over_an_order_leaves_it_to_the_next(
    story: Story, street: list[str], boss: Operator
):
    incidents = await power_cut(story, street)
    await orders(boss, "take")
    await story.owner.execute(
        "UPDATE storm_order SET state = 'running', due_at = clock_timestamp() - interval '1 second',"
        " lease_until = clock_timestamp() + interval '30 seconds'"
    )
    await boss.done(incidents[0], "take")
    story.restart()
    await story.passes(28)
    assert sum(state == "taken" for state in (await states(story)).values()) == 1
    await story.passes(4)
    assert set((await states(story)).values()) == {"taken"}
    assert all([await story.entries(one) == ["opened", "taken"] for one in incidents])


async def test_an_order_that_nobody_could_begin_in_time_is_not_carried_out(
    story: Story, street: list[str], boss: Operator
):
    await power_cut(story, street)
    await orders(boss, "close", outcome="technical", note="供电局抢修")
    await story.owner.execute("UPDATE storm_order SET due_at = due_at - interval '6 minutes'")
    await story.passes(4)
    [storm] = await storms(boss)
    assert storm["order"]["state"] == "lapsed"
    assert set((await states(story)).values()) == {"waiting"}
