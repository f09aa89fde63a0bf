"""Orders for a storm over HTTP: who may, what is refused, and that nothing is done twice."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from callcenter.alerts.storms.noticing import Storms
from callcenter.core.ids import new_id
from tests.alerts.conftest import Centre
from tests.alerts.storms.conftest import PowerCut
from tests.support.operators import Seat


async def give(centre: Centre, seat: Seat, action: str, **body: Any) -> httpx.Response:
    [storm] = (await centre.boss.client.get("/api/v1/storms")).json()
    sent = {"command_id": str(new_id()), "action": action, **body}
    return await seat.client.post(f"/api/v1/storms/{storm['id']}/orders", json=sent)


async def order(centre: Centre, action: str, **body: Any) -> dict[str, Any]:
    """By the supervisor, for the one storm that there is."""
    answer = await give(centre, centre.boss, action, **body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
async def storm(centre: Centre, noticing: Storms, power_cut: PowerCut) -> str:
    await power_cut(11)
    await noticing.run_once(centre.desk.clock.advance(1))
    [shown] = (await centre.boss.client.get("/api/v1/storms")).json()
    return str(shown["id"])


async def test_everybody_who_sees_the_alarms_sees_the_storm_and_supervisors_give_orders(
    centre: Centre, storm: str
):
    [shown] = (await centre.wang.client.get("/api/v1/storms")).json()
    assert (shown["id"], shown["order"]) == (storm, None)
    assert (shown["region_name"], shown["region_name_en"]) == ("榆荫街道", "Yuyin Street")
    assert (await give(centre, centre.wang, "take")).status_code == 403
    assert await centre.desk.owner.fetchval("SELECT count(*) FROM storm_order") == 0


async def test_the_same_order_again_is_one_order(centre: Centre, storm: str):
    same = str(new_id())
    first = await order(centre, "take", command_id=same)
    again = await order(centre, "take", command_id=same)
    assert first["order"] == again["order"]
    trail = await centre.desk.owner.fetch(
        "SELECT detail FROM audit_entry WHERE action = 'storm_ordered' AND subject = $1",
        f"storm:{storm}",
    )
    assert [row["detail"]["action"] for row in trail] == ["take"]


async def test_one_order_at_a_time_and_what_has_begun_is_not_taken_back(centre: Centre, storm: str):
    given = (await order(centre, "take"))["order"]["id"]
    refused = await give(centre, centre.boss, "close", outcome="technical", note="停电")
    assert code(refused) == (409, "storm_has_order")
    await centre.desk.owner.execute("UPDATE storm_order SET state = 'running'")
    path = f"/api/v1/storms/{storm}/orders/{given}/take-back"
    assert code(await centre.boss.client.post(path)) == (409, "storm_order_begun")


SAID_OF_ONE_HOME: list[tuple[dict[str, Any], str]] = [
    ({"action": "close", "outcome": "emergency", "note": "停电"}, "storm_outcome"),
    ({"action": "close", "note": "停电"}, "storm_outcome"),
    ({"action": "close", "outcome": "technical", "note": " "}, "needs_reason"),
    ({"action": "note"}, "needs_reason"),
]


async def test_what_is_not_said_of_hundreds_of_homes_is_refused(centre: Centre, storm: str):
    for body, expected in SAID_OF_ONE_HOME:
        assert code(await give(centre, centre.boss, **body)) == (422, expected)
    await _refuses_what_there_is_not(centre, storm)


async def _refuses_what_there_is_not(centre: Centre, storm: str) -> None:
    body = {"command_id": str(new_id()), "action": "take"}
    nowhere = await centre.boss.client.post(f"/api/v1/storms/{new_id()}/orders", json=body)
    assert code(nowhere) == (404, "not_found")
    path = f"/api/v1/storms/{storm}/orders/{new_id()}/take-back"
    assert code(await centre.boss.client.post(path)) == (404, "not_found")
