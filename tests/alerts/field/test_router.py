"""The seat sees who is asked, who goes and when they are there, and who could be asked, with reasons."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from callcenter.core.ids import new_id
from callcenter.dispatch import asking, moving
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.doing import CLOCK
from callcenter.dispatch.offering import OfferBy
from tests.alerts.conftest import Centre
from tests.support.api import browser, person, sign_in
from tests.support.field import PHONE, Field, suggested


@pytest.fixture
def field(centre: Centre) -> Field:
    return Field(centre.desk.database, centre.desk.owner, centre.desk.community)


async def test_the_best_come_first_with_their_reasons_and_the_others_with_what_stands_in_the_way(
    centre: Centre, field: Field, incident: str
):
    lat, lng = await centre.desk.owner.fetchrow(
        "SELECT lat, lng FROM incident WHERE id = $1", UUID(incident)
    )
    near, far = Spot(lat, lng), Spot(lat + 0.02, lng)
    away = await field.staff("王芳", ["caregiver"], at=far)
    li = await field.staff("李萍", ["caregiver"], at=near)
    off = await field.staff("赵刚", ["caregiver"], on_duty=False)
    cook = await field.staff("孙厨", ["cook"])
    shown = (await centre.wang.client.get(f"/api/v1/incidents/{incident}/field")).json()
    assert [each["staff_id"] for each in shown["suggestions"]] == [li, away]
    best = shown["suggestions"][0]
    assert (best["name"], best["minutes"]) == ("李萍", 0)
    assert {"merit": "minutes", "value": "0"} in best["reasons"]
    assert {each["staff_id"]: each["why"] for each in shown["hindered"]} == {
        off: "off_duty",
        cook: "wrong_kind",
    }
    wanted = await centre.wang.client.get(
        f"/api/v1/incidents/{incident}/field", params={"kinds": "cook"}
    )
    assert [each["name"] for each in wanted.json()["suggestions"]] == ["孙厨"]
    assert shown["tasks"] == []


async def test_a_task_shows_whom_it_waits_for_and_then_who_comes_when(
    centre: Centre, field: Field, incident: str
):
    li = await field.staff("李萍", ["caregiver"])
    await centre.wang.done(incident, "send", what="请上门看看", hazards="门口有狗")
    now = centre.desk.clock.now()
    task_id = await centre.desk.owner.fetchval("SELECT id FROM task")
    async with centre.desk.database.transaction() as session:
        task = await moving.held(session, task_id)
        until = now + timedelta(seconds=60)
        await asking.offer(session, task, suggested(li), OfferBy.SMS, until, CLOCK, now)

    async def read() -> dict[str, object]:
        answer = await centre.wang.client.get(f"/api/v1/incidents/{incident}/field")
        [only] = answer.json()["tasks"]
        return dict(only)

    asked = await read()
    assert (asked["state"], asked["hazards"], asked["staff"]) == ("offered", "门口有狗", None)
    [offer] = asked["asked"]
    assert (offer["name"], offer["answer"]) == ("李萍", None)
    async with centre.desk.database.transaction() as session:
        task = await moving.held(session, task_id)
        await moving.accept(session, task, li, PHONE, now)
        await moving.set_out(session, task, li, PHONE, now, 7)
    comes = await read()
    assert (comes["state"], comes["staff"]) == ("under_way", "李萍")
    assert comes["eta"] is not None
    assert [each["kind"] for each in comes["steps"]] == [
        "entered",
        "offered",
        "accepted",
        "set_out",
    ]


async def test_nobody_sees_the_field_of_another_region_or_without_the_right(
    centre: Centre, field: Field, incident: str
):
    official = await person(centre.desk.owner, "official", ("official", centre.desk.community.root))
    assert official
    async with browser(centre.app, "10.0.0.30") as client:
        await sign_in(client, "official")
        assert (await client.get(f"/api/v1/incidents/{incident}/field")).status_code == 403
    nowhere = await centre.wang.client.get(f"/api/v1/incidents/{new_id()}/field")
    assert nowhere.status_code == 404
