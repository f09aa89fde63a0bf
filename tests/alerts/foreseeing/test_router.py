"""What would happen now, at this home: whom it names, who may ask, and that asking does nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.alerts.conftest import Centre
from tests.support.api import trail

ASK = "/api/v1/escalation/foresee"


async def foreseen(centre: Centre, **body: object) -> dict[str, Any]:
    answer = await centre.boss.client.post(ASK, json=body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def line(step: dict[str, Any]) -> tuple[str, int, list[str]]:
    return step["event"], step["after_s"], [p["name"] or p["number"] for p in step["people"]]


async def home_of(centre: Centre) -> int:
    home: int = await centre.desk.owner.fetchval("SELECT id FROM home")
    return home


async def test_each_step_has_its_time_and_its_people_by_name(centre: Centre):
    board = centre.desk.board
    board.users = {centre.wang.user_id, centre.boss.user_id}
    board.supervisors = {centre.boss.user_id}
    shown = await foreseen(centre, home_id=await home_of(centre))
    assert [line(step) for step in shown["steps"]] == [
        ("rings", 0, ["wang同志", "boss同志"]),
        ("contacts", 0, ["沈岚"]),
        ("supervisors", 15, ["boss同志"]),
        ("duty", 30, ["+8613900000009"]),
        ("duty", 90, ["+8613900000009"]),
    ]
    contact = shown["steps"][1]
    assert (contact["people"][0]["number"], contact["waits_for_operator"]) == (
        "139****0001",
        False,
    )
    assert shown["again_s"] == 60
    assert shown["steps"][2]["at"] > shown["now"]


async def test_nothing_is_sent_and_nothing_written_but_the_look(centre: Centre):
    home = await home_of(centre)
    await foreseen(centre, home_id=home, priority=1)
    assert await centre.desk.texts() == []
    assert await centre.desk.owner.fetchval("SELECT count(*) FROM incident") == 0
    assert centre.desk.board.changes == []
    *_, last = await trail(centre.desk.owner)
    assert last == ("escalation_foreseen", f"home:{home}")


async def test_families_are_told_by_the_region_s_rule_and_of_grave_alarms_alone(centre: Centre):
    home = await home_of(centre)
    await centre.desk.owner.execute("UPDATE region SET sms_policy = 'after_confirmation'")
    await centre.desk.reload()
    urgent = await foreseen(centre, home_id=home)
    assert [s["waits_for_operator"] for s in urgent["steps"] if s["event"] == "contacts"] == [True]
    later = await foreseen(centre, home_id=home, priority=2)
    assert "contacts" not in [step["event"] for step in later["steps"]]


async def test_a_region_without_a_home_is_asked_as_of_an_unknown_caller(centre: Centre):
    street = centre.desk.community.street
    centre.desk.board.seats = False
    shown = await foreseen(centre, region_id=street, priority=3)
    assert [line(step)[:2] for step in shown["steps"]] == [
        ("rings", 0),
        ("duty", 0),
        ("duty", 60),
    ]
    assert shown["steps"][0]["nobody"]


async def test_the_policy_of_the_region_and_the_priority_counts(centre: Centre):
    street = centre.desk.community.street
    await centre.desk.owner.execute(
        "UPDATE region SET escalation = $2 WHERE id = $1", street, {"2": {"supervisors_s": 60, "duty_s": 120}}
    )  # fmt: skip
    await centre.desk.reload()
    slow = await foreseen(centre, region_id=street, priority=2)
    usual = await foreseen(centre, region_id=street, priority=1)
    assert [slow["steps"][1]["after_s"], usual["steps"][1]["after_s"]] == [60, 15]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"home_id": 2**80}, 422),
        ({"home_id": 999_999}, 404),
        ({"region_id": 999_999}, 404),
        ({"region_id": 1, "priority": 0}, 422),
        ({"region_id": 1, "priority": 10}, 422),
    ],
)
async def test_what_is_nowhere_is_refused(centre: Centre, body: object, status: int):
    assert (await centre.boss.client.post(ASK, json=body)).status_code == status


async def test_operators_may_not_ask(centre: Centre):
    answer = await centre.wang.client.post(ASK, json={"region_id": centre.desk.community.street})
    assert answer.status_code == 403
