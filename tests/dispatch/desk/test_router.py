"""What a dispatcher does at the desk, on a real database: offered, given, taken away, called off, booked, planned again."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from callcenter.core.ids import new_id
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.desk.booking import WithBooking
from callcenter.dispatch.task import TaskKind
from callcenter.rounds.rides.booking import price
from tests.support.api import api_for, browser, person, sign_in
from tests.support.clock import HandClock
from tests.support.field import NOW, Field, later
from tests.support.outbox import SHANGHAI

HOME = Spot(40.0, 104.0)


async def look(client: httpx.AsyncClient, task: UUID | str) -> Any:
    answer = await client.get(f"/api/v1/desk/tasks/{task}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def act(
    client: httpx.AsyncClient, task: UUID | str, name: str, status: int = 200, **body: Any
) -> Any:
    """On the version as it is now, unless one is given."""
    if "version" not in body:
        body["version"] = (await look(client, task))["task"]["version"]
    answer = await client.post(f"/api/v1/desk/tasks/{task}/{name}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if status == 200 else answer.json()["error"]


async def carer(field: Field, name: str, **more: Any) -> int:
    return await field.staff(name, ("caregiver",), **more)


# ---- to whom


async def test_people_stand_in_their_order_with_reasons_and_the_others_with_what_hinders(
    field: Field, zhou: httpx.AsyncClient
):
    near = await carer(field, "何佳", at=HOME)
    far = await carer(field, "孙玲", at=Spot(40.05, 104.0))
    off = await carer(field, "于洋", on_duty=False)
    driver = await field.staff("赵刚", ("driver",))
    task = await field.task()
    people = (await zhou.get(f"/api/v1/desk/tasks/{task}/people")).json()
    assert [each["staff_id"] for each in people["suggested"]] == [near, far]
    merits = {each["merit"] for each in people["suggested"][0]["reasons"]}
    assert {"free", "minutes"} <= merits
    assert {each["staff_id"]: each["why"] for each in people["hindered"]} == {
        off: "off_duty",
        driver: "wrong_kind",
    }


async def test_a_task_of_tomorrow_is_for_whoever_the_roster_has_then(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    today, tomorrow = await carer(field, "何佳"), await carer(field, "孙玲", on_duty=False)
    await owner.execute(
        "INSERT INTO roster_shift (staff_id, planned_for, begins_at, ends_at) VALUES ($1, $1, $2, $3)",
        tomorrow,
        later(hours=20),
        later(hours=30),
    )
    task = await field.task(begins_at=later(hours=24))
    people = (await zhou.get(f"/api/v1/desk/tasks/{task}/people")).json()
    assert [each["staff_id"] for each in people["suggested"]] == [tomorrow]
    assert [each["staff_id"] for each in people["hindered"]] == [today]


async def test_offered_to_the_best_and_to_one_more(field: Field, zhou: httpx.AsyncClient):
    near = await carer(field, "何佳", at=HOME)
    far = await carer(field, "孙玲", at=Spot(40.05, 104.0))
    task = await field.task()
    offered = await act(zhou, task, "offer", best=1)
    assert [(each["staff_id"], each["answer"]) for each in offered["offers"]] == [(near, None)]
    assert (offered["task"]["state"], offered["task"]["asked"]) == ("offered", 1)
    offered = await act(zhou, task, "offer", staff_ids=[far])
    assert offered["task"]["asked"] == 2
    error = await act(zhou, task, "offer", 409)
    assert error["code"] == "nobody_left"


async def test_who_is_off_duty_is_not_asked_and_is_named(field: Field, zhou: httpx.AsyncClient):
    off = await carer(field, "于洋", on_duty=False)
    error = await act(zhou, await field.task(), "offer", 409, staff_ids=[off])
    assert (error["code"], error["params"]["name"], error["params"]["why"]) == (
        "hindered",
        "于洋",
        "off_duty",
    )


async def test_given_by_hand_whatever_hinders_and_to_another_afterwards(
    field: Field, zhou: httpx.AsyncClient
):
    off, other = await carer(field, "于洋", on_duty=False), await carer(field, "孙玲")
    task = await field.task()
    given = await act(zhou, task, "give", staff_id=off, note="电话里答应了")
    assert (given["task"]["state"], given["task"]["staff_id"]) == ("accepted", off)
    given = await act(zhou, task, "give", staff_id=other)
    assert given["task"]["staff_id"] == other
    error = await act(zhou, task, "give", 409, staff_id=other)
    assert error["code"] == "has_it_already"
    assert await field.steps(task) == ["entered", "given", "given_back", "given"]
    assert (await act(zhou, task, "give", 404, staff_id=99_999))["code"] == "not_found"


async def test_nothing_is_done_on_what_somebody_has_changed_meanwhile(
    field: Field, zhou: httpx.AsyncClient
):
    he, task = await carer(field, "何佳"), await field.task()
    seen = (await look(zhou, task))["task"]["version"]
    await act(zhou, task, "note", words="门铃坏了")
    for name, body in (
        ("offer", {}),
        ("give", {"staff_id": he}),
        ("call-off", {"reason": "不用了"}),
        ("move", {"begins_at": later(hours=1).isoformat()}),
    ):
        error = await act(zhou, task, name, 409, version=seen, **body)
        assert error["code"] == "changed_meanwhile"
    assert await field.steps(task) == ["entered", "note"]


async def test_taken_away_called_off_and_finished_each_with_a_reason(
    field: Field, zhou: httpx.AsyncClient
):
    he = await carer(field, "何佳")
    task = await field.accepted(he)
    assert (await act(zhou, task, "take-away", reason="车坏了"))["task"]["state"] == "open"
    assert (await act(zhou, task, "take-away", 409, reason="再来"))["code"] == "wrong_state"
    over = await act(zhou, task, "call-off", reason="家人来了")
    assert (over["task"]["state"], over["reason"]) == ("cancelled", "家人来了")
    assert (await act(zhou, task, "call-off", 422, reason=""))["code"] == "invalid"
    done = await act(zhou, await field.accepted(he), "finish", reason="手机没电，电话确认")
    assert done["task"]["state"] == "done"


async def test_a_call_to_a_lone_worker_is_written_down(field: Field, zhou: httpx.AsyncClient):
    he = await carer(field, "何佳")
    called = await act(zhou, await field.accepted(he), "called", reached=True, words="马上走")
    assert (called["steps"][-1]["kind"], called["steps"][-1]["staff_id"]) == ("called", he)
    assert called["steps"][-1]["data"]["reached"] is True
    error = await act(zhou, await field.task(), "called", 409, reached=False)
    assert error["code"] == "nobody_there"


async def test_moved_to_another_time_with_its_end(field: Field, zhou: httpx.AsyncClient):
    task = await field.task(until_at=later(minutes=30))
    moved = await act(zhou, task, "move", begins_at=later(hours=2).isoformat(), minutes=90)
    row = await field.row(task)
    assert (row["begins_at"], row["until_at"]) == (later(hours=2), later(hours=2, minutes=30))
    assert (moved["task"]["minutes"], moved["steps"][-1]["kind"]) == (90, "changed")
    rescue = await field.task(kind=TaskKind.RESCUE, incident_id=new_id())
    error = await act(zhou, rescue, "move", 422, begins_at=later(hours=2).isoformat())
    assert error["code"] == "rescue_waits_for_nobody"
    error = await act(zhou, task, "move", 422, begins_at=later(days=900).isoformat())
    assert error["code"] == "wrong_time"


async def test_a_time_at_the_end_of_the_calendar_is_refused(field: Field, zhou: httpx.AsyncClient):
    task = await field.task(until_at=later(minutes=30))
    last = "9999-12-31T23:30:00Z"
    assert (await act(zhou, task, "move", 422, begins_at=last))["code"] == "wrong_time"
    he = await carer(field, "何佳")
    for since, until in (("0001-01-01T00:30:00Z", "0001-01-02T00:00:00Z"), (last, last)):
        ask = {"staff_id": he, "since": since, "until": until}
        answer = await zhou.post("/api/v1/desk/replanning/proposal", json=ask)
        assert answer.json()["error"]["code"] == "wrong_time"
    for path in ("tasks", f"people/{he}/day"):
        answer = await zhou.get(f"/api/v1/desk/{path}", params={"day": "9999-12-31"})
        assert answer.json()["error"]["code"] == "wrong_time"


# ---- booking


def booking(**parts: Any) -> dict[str, Any]:
    body = {
        "id": str(uuid4()),
        "kind": "visit",
        "begins_at": later(hours=3).isoformat(),
        "what": "打扫",
    }
    return body | parts


async def test_a_visit_is_booked_for_a_resident_once(field: Field, zhou: httpx.AsyncClient):
    home = await field.community.home()
    resident = await field.community.resident(home)
    he = await carer(field, "何佳")
    body = booking(resident_id=resident, skills=["lifting"], check_list=["量血压"], staff_id=he)
    first = await zhou.post("/api/v1/desk/tasks", json=body)
    again = await zhou.post("/api/v1/desk/tasks", json=body)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert (first.json()["home_id"], first.json()["name"]) == (home, "沈玉兰")
    row = await field.row(UUID(body["id"]))
    assert (row["check_list"], row["skills"], row["wanted_staff_id"]) == (
        ["量血压"],
        ["lifting"],
        he,
    )
    assert await field.steps(UUID(body["id"])) == ["entered"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"kind": "rescue"}, "booked_otherwise"),
        ({"kind": "stop"}, "booked_otherwise"),
        ({"place": None}, "needs_place"),
        ({"kind": "ride"}, "needs_destination"),
        ({"begins_at": later(days=800).isoformat()}, "wrong_time"),
        ({"until_at": later(hours=1).isoformat()}, "wrong_time"),
    ],
)
async def test_a_booking_that_says_too_little_is_refused(
    field: Field, zhou: httpx.AsyncClient, parts: dict[str, Any], code: str
):
    body = booking(region_id=field.community.street, place={"words": "食堂"}) | parts
    answer = await zhou.post("/api/v1/desk/tasks", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


async def test_what_a_ride_costs_is_written_with_its_booking_and_with_no_other(
    field: Field, clock: HandClock
):
    """The free rides of whoever has them are counted, whichever page it was booked on."""
    clock.advance((NOW - clock.now()).total_seconds())
    priced = partial(price, zone=SHANGHAI)
    app = api_for(field.database, clock, ports={WithBooking: WithBooking({TaskKind.RIDE: priced})})
    home_id = await field.community.home()
    resident_id = await field.community.resident(home_id)
    await field.owner.execute(
        "INSERT INTO ride_entitlement (resident_id, from_day, rides_a_month, created_at) VALUES ($1, '2020-01-01', 4, now())",
        resident_id,
    )
    await person(field.owner, "sun", ("dispatcher", field.community.root))
    async with browser(app) as client:
        await sign_in(client, "sun")
        for kind in ("ride", "errand"):
            body = booking(kind=kind, resident_id=resident_id, destination="区医院")
            answer = await client.post("/api/v1/desk/tasks", json=body)
            assert answer.status_code == 201
            again = await client.post("/api/v1/desk/tasks", json=body)
            assert again.json()["id"] == answer.json()["id"]
    rows = await field.owner.fetch(
        "SELECT kind, fare_fen, paid_by FROM ride JOIN task ON id = task_id"
    )
    assert [tuple(row) for row in rows] == [("ride", 0, "entitlement")]


async def test_what_is_booked_reaches_a_phone_so_it_says_no_illness_and_no_status(
    field: Field, zhou: httpx.AsyncClient
):
    for words in ({"what": "陪失独老人聊天"}, {"hazards": "HIV"}, {"place": {"words": "低保户家"}}):
        body = booking(region_id=field.community.street, place={"words": "食堂"}) | words
        answer = await zhou.post("/api/v1/desk/tasks", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_for_phones")


async def test_a_ride_from_a_place_that_is_no_home(field: Field, zhou: httpx.AsyncClient):
    place = {"words": "社区食堂", "lat": 40.0, "lng": 104.0}
    body = booking(kind="ride", region_id=field.community.street, place=place, destination="区医院")
    ride = (await zhou.post("/api/v1/desk/tasks", json=body)).json()
    assert (ride["place"], ride["destination"], ride["lat"]) == ("社区食堂", "区医院", 40.0)


# ---- rights


async def test_who_only_books_cannot_see_or_send(field: Field, enter):
    worker = await enter("deng", "community_worker")
    resident = await field.community.resident(await field.community.home())
    made = await worker.post("/api/v1/desk/tasks", json=booking(resident_id=resident))
    assert made.status_code == 201
    assert (await worker.get("/api/v1/desk/tasks")).status_code == 403
    operator = await enter("lin", "operator")
    assert (await operator.get("/api/v1/desk/tasks")).status_code == 200
    task = made.json()
    answer = await operator.post(
        f"/api/v1/desk/tasks/{task['id']}/offer", json={"version": task["version"]}
    )
    assert answer.status_code == 403


async def test_another_districts_dispatcher_does_nothing_here(field: Field, enter):
    other = await field.community.region(field.community.root, "street", "别的街道")
    stranger = await enter("li", "dispatcher", other)
    task = await field.task()
    body = {"version": 1, "reason": "?"}
    answer = await stranger.post(f"/api/v1/desk/tasks/{task}/call-off", json=body)
    assert answer.status_code == 404
    resident = await field.community.resident(await field.community.home())
    answer = await stranger.post("/api/v1/desk/tasks", json=booking(resident_id=resident))
    assert answer.status_code == 404


# ---- people


async def test_the_day_of_a_person_shows_overlaps(
    field: Field, owner: asyncpg.Connection, zhou: httpx.AsyncClient
):
    he = await carer(field, "何佳")
    first = await field.accepted(he)
    second = await field.accepted(he, begins_at=later(minutes=30))
    day = (await zhou.get(f"/api/v1/desk/people/{he}/day")).json()
    assert [(each["task"]["id"], each["overlaps"]) for each in day["tasks"]] == [
        (str(first), False),
        (str(second), True),
    ]
    assert [each["is_duty"] for each in day["shifts"]] == [True]
    people = (await zhou.get("/api/v1/desk/people")).json()
    assert [(each["name"], each["on_duty"], each["jobs"]) for each in people] == [("何佳", True, 2)]
    assert (await zhou.get("/api/v1/desk/people/9999/day")).status_code == 404


async def test_what_is_open_from_yesterday_is_part_of_the_day_of_today(
    field: Field, zhou: httpx.AsyncClient
):
    """Late in the evening something is given; after midnight whoever has it still has it."""
    he = await carer(field, "何佳")
    late = await field.accepted(he, begins_at=later(hours=-20))
    found = []
    for ago in range(3):
        asked = {"day": f"{later(days=-ago).date()}"}
        day = (await zhou.get(f"/api/v1/desk/people/{he}/day", params=asked)).json()
        found.append([each["task"]["id"] for each in day["tasks"]])
    assert found == [[str(late)], [str(late)], []]


async def test_of_somebody_ill_each_task_goes_to_somebody_else_at_once(
    field: Field, zhou: httpx.AsyncClient
):
    ill = await carer(field, "何佳")
    one, two = await carer(field, "孙玲", at=HOME), await carer(field, "于洋", at=HOME)
    tasks = [await field.accepted(ill, begins_at=later(minutes=n)) for n in (10, 20)]
    ask = {"staff_id": ill, "since": NOW.isoformat(), "until": later(hours=8).isoformat()}
    plan = (await zhou.post("/api/v1/desk/replanning/proposal", json=ask)).json()
    proposed = {each["task"]["id"]: each["suggested"]["staff_id"] for each in plan["lines"]}
    assert set(proposed) == {str(each) for each in tasks}
    assert set(proposed.values()) == {one, two}
    assert not any(each["overlaps"] for each in plan["lines"])

    steps = [
        {"task_id": each["task"]["id"], "version": each["task"]["version"],
         "staff_id": each["suggested"]["staff_id"]}
        for each in plan["lines"]
    ]  # fmt: skip
    steps[1]["staff_id"] = None
    body = {"from_staff_id": ill, "reason": "生病", "steps": steps}
    stale = body | {"steps": [steps[0], steps[1] | {"version": 99}]}
    refused = await zhou.post("/api/v1/desk/replanning", json=stale)
    assert refused.json()["error"]["code"] == "changed_meanwhile"
    assert [(await field.row(each))["staff_id"] for each in tasks] == [ill, ill]

    done = await zhou.post("/api/v1/desk/replanning", json=body)
    assert done.json() == {"moved": 1, "offered_anew": 1}
    states = {(await field.row(each))["state"] for each in tasks}
    assert states == {"accepted", "open"}
    again = await zhou.post("/api/v1/desk/replanning", json=body)
    assert again.status_code == 409
