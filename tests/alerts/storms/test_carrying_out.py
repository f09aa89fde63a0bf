"""Orders are carried out page by page, each alarm by the commands of one incident, and the database holds how they move."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import asyncpg
import pytest

from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.storm_shown import OrderState
from callcenter.alerts.storms.carrying_out import PAGE, StormOrders
from callcenter.alerts.storms.noticing import Storms
from callcenter.alerts.storms.ordering import ORDER_TRANSITIONS
from callcenter.core.ids import new_id
from tests.alerts.conftest import Centre
from tests.alerts.storms.conftest import PowerCut
from tests.alerts.storms.test_router import order


async def due(centre: Centre) -> None:
    """The time to take it back is over."""
    await centre.desk.owner.execute(
        "UPDATE storm_order SET due_at = due_at - interval '11 seconds'"
    )


async def taken(centre: Centre) -> int:
    count: int = await centre.desk.owner.fetchval(
        "SELECT count(*) FROM incident WHERE state = 'taken'"
    )
    return count


async def test_a_page_at_a_time_and_what_it_has_done_is_shown(
    centre: Centre, bench: Workbench, noticing: Storms, power_cut: PowerCut
):
    await power_cut(PAGE + 3)
    await noticing.run_once(centre.desk.clock.advance(1))
    await order(centre, "take")
    orders = StormOrders(bench)
    assert await orders.run_once(centre.desk.clock.now()) == 0
    await due(centre)
    assert await orders.run_once(centre.desk.clock.now()) == PAGE
    assert await taken(centre) == PAGE
    [storm] = (await centre.wang.client.get("/api/v1/storms")).json()
    assert (storm["order"]["state"], storm["order"]["done"]) == ("running", PAGE)
    assert await orders.run_once(centre.desk.clock.now()) == 3
    assert await orders.run_once(centre.desk.clock.now()) == 0
    [storm] = (await centre.wang.client.get("/api/v1/storms")).json()
    assert (storm["order"]["state"], storm["order"]["done"]) == ("done", PAGE + 3)


async def test_what_a_colleague_has_taken_meanwhile_stays_theirs(
    centre: Centre, bench: Workbench, noticing: Storms, power_cut: PowerCut
):
    first, *_ = await power_cut(11)
    await noticing.run_once(centre.desk.clock.advance(1))
    await order(centre, "take")
    await due(centre)
    await centre.wang.done(first, "take")
    await StormOrders(bench).run_once(centre.desk.clock.now())
    [storm] = (await centre.wang.client.get("/api/v1/storms")).json()
    assert (storm["order"]["done"], storm["order"]["left_out"]) == (10, 1)
    assert (await centre.wang.detail(first))["incident"]["taken_by"] == centre.wang.user_id


async def test_a_note_stands_at_each_whoever_has_it(
    centre: Centre, bench: Workbench, noticing: Storms, power_cut: PowerCut
):
    first, *rest = await power_cut(11)
    await noticing.run_once(centre.desk.clock.advance(1))
    await centre.wang.done(first, "take")
    await order(centre, "note", note="预计18:00来电")
    await due(centre)
    await StormOrders(bench).run_once(centre.desk.clock.now())
    assert await centre.desk.entries(first) == ["opened", "taken", "note"]
    assert all([await centre.desk.entries(one) == ["opened", "note"] for one in rest])


async def test_an_alarm_of_the_same_home_or_elsewhere_is_never_touched(
    centre: Centre, bench: Workbench, noticing: Storms, power_cut: PowerCut
):
    await power_cut(11)
    sos = await centre.desk.press("hub-0")
    await noticing.run_once(centre.desk.clock.advance(1))
    await order(centre, "close", outcome="technical", note="停电")
    await due(centre)
    await StormOrders(bench).run_once(centre.desk.clock.now())
    assert await centre.desk.entries(sos.incident_id) == ["opened"]
    assert await centre.desk.owner.fetchval("SELECT done FROM storm_order") == 10


async def _row(centre: Centre, state: OrderState) -> Any:
    owner, order_id = centre.desk.owner, new_id()
    storm = await owner.fetchval(
        "INSERT INTO storm (id, kind, mode, region_id, region_path, below, reaches, since, last_at, over_at)"
        " VALUES ($1, 'power_fail', 'real', 1, '{1}', true, '{1}', now(), now(), now()) RETURNING id",
        new_id(),
    )
    await owner.execute(
        "INSERT INTO storm_order (id, storm_id, action, user_id, user_name, regions, ordered_at, due_at, state)"
        " VALUES ($1, $2, 'take', 1, 'boss', '{1}', now(), now(), $3)",
        order_id, storm, state.value,
    )  # fmt: skip
    return order_id


async def test_the_database_lets_an_order_move_as_its_table_says_and_no_other_way(centre: Centre):
    for before, after in permutations(OrderState, 2):
        order_id = await _row(centre, before)
        moving = centre.desk.owner.execute(
            "UPDATE storm_order SET state = $2 WHERE id = $1", order_id, after.value
        )
        if after in ORDER_TRANSITIONS[before]:
            await moving
            continue
        with pytest.raises(asyncpg.CheckViolationError):
            await moving
