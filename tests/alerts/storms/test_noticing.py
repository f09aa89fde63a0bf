"""Storms are noticed from the rows alone: by any server, once."""

from __future__ import annotations

import asyncio
from typing import Any

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.storm import StormTimes
from callcenter.alerts.storms.noticing import Storms
from tests.alerts.conftest import Centre
from tests.alerts.storms.conftest import PowerCut


async def rows(centre: Centre) -> list[dict[str, Any]]:
    return [
        dict(row) for row in await centre.desk.owner.fetch("SELECT * FROM storm ORDER BY since")
    ]


async def test_two_servers_that_look_at_once_write_a_storm_once(
    centre: Centre, bench: Workbench, power_cut: PowerCut
):
    await power_cut(11)
    now = centre.desk.clock.advance(1)
    servers = [Storms(bench, StormTimes()) for _ in range(3)]
    await asyncio.gather(*(server.run_once(now) for server in servers))
    [storm] = await rows(centre)
    assert (storm["kind"], storm["mode"], storm["over_at"]) == ("power_fail", "real", None)


async def test_a_look_writes_nothing_at_the_alarms_and_nothing_at_a_storm_that_is_as_it_was(
    centre: Centre, noticing: Storms, power_cut: PowerCut
):
    incidents = await power_cut(11)
    for _ in range(3):
        await noticing.run_once(centre.desk.clock.advance(1))
    assert [storm["version"] for storm in await rows(centre)] == [1]
    assert await centre.desk.owner.fetchval("SELECT max(version) FROM incident") == 1
    assert all([await centre.desk.entries(one) == ["opened"] for one in incidents])


async def test_it_grows_is_over_and_the_next_one_is_another(
    centre: Centre, noticing: Storms, power_cut: PowerCut
):
    clock = centre.desk.clock
    await power_cut(11)
    await noticing.run_once(clock.advance(1))
    [begun] = await rows(centre)
    clock.advance(300)
    await power_cut(1)
    await noticing.run_once(clock.advance(1))
    [grown] = await rows(centre)
    assert (grown["id"], grown["since"]) == (begun["id"], begun["since"])
    assert grown["last_at"] > begun["last_at"]
    await noticing.run_once(clock.advance(598))
    assert (await rows(centre))[0]["over_at"] is None
    await noticing.run_once(clock.advance(1))
    [over] = await rows(centre)
    assert (over["over_at"], over["settled_at"]) == (clock.now(), None), "its alarms are open"
    await power_cut(11)
    await noticing.run_once(clock.advance(1))
    assert len(await rows(centre)) == 2


async def test_it_is_settled_when_it_is_over_and_none_of_its_alarms_is_open(
    centre: Centre, noticing: Storms, power_cut: PowerCut
):
    await power_cut(11)
    await noticing.run_once(centre.desk.clock.advance(1))
    await centre.desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = 1 WHERE class = 'technical'"
    )
    await centre.desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'technical', closed_at = opened_at"
    )
    await noticing.run_once(centre.desk.clock.advance(1))
    assert (await rows(centre))[0]["settled_at"] is None, "more may come"
    for _ in range(2):
        await noticing.run_once(centre.desk.clock.advance(600))
    [storm] = await rows(centre)
    assert storm["settled_at"] is not None


async def test_a_region_has_its_own_number(centre: Centre, noticing: Storms, power_cut: PowerCut):
    desk = centre.desk
    await desk.owner.execute(
        "UPDATE region SET storm_alarms = 2 WHERE id = $1", desk.community.root
    )
    await power_cut(2)
    await noticing.run_once(desk.clock.advance(1))
    assert await rows(centre) == []
    await power_cut(1)
    await noticing.run_once(desk.clock.advance(1))
    assert [storm["region_id"] for storm in await rows(centre)] == [desk.community.street]
