"""Rounds as a dispatcher keeps and sees them over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from callcenter.core.ids import new_id
from callcenter.rounds.visit import VisitState
from tests.support.api import api_for, browser, person, sign_in
from tests.support.rounds import SIX_HUNDRED_METRES_OFF, Rounds


@dataclass
class Desk:
    """A dispatcher of the whole centre."""

    rounds: Rounds
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: object = None, status: int = 200) -> Any:
        answer = await self.client.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def body(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "早间送奶",
            "kind": "milk",
            "region_id": self.rounds.community.street,
            "weekdays": [1, 2, 3, 4, 5, 6, 7],
            "begins_at": "06:30",
            "closes_at": "12:00",
            "staff_ids": self.rounds.walkers,
        } | more


@pytest.fixture
async def desk(rounds: Rounds) -> AsyncIterator[Desk]:
    await person(rounds.owner, "sun", ("dispatcher", rounds.community.root))
    async with browser(api_for(rounds.database, rounds.clock)) as client:
        await sign_in(client, "sun")
        yield Desk(rounds, client)


async def test_a_round_is_entered_with_its_stops_and_runs(desk: Desk):
    rounds = desk.rounds
    made = await desk.ask("POST", "/rounds", desk.body(), 201)
    assert (made["name"], made["staff"], made["stops"]) == ("早间送奶", ["小周"], 0)
    home = await rounds.community.home()
    await rounds.community.resident(home)
    stop = {"home_id": home, "window_from": "06:30", "window_until": "07:30", "note": "挂门上"}
    stops = await desk.ask("POST", f"/rounds/{made['id']}/stops", stop, 201)
    assert [(each["name"], each["n"]) for each in stops] == [("沈玉兰", 1)]
    await desk.ask("POST", f"/rounds/{made['id']}/stops", stop, 409)
    await rounds.look()
    [run] = await desk.ask("GET", "/rounds/runs")
    assert (run["counts"], run["stops"], run["state"]) == ({"pending": 1}, 1, "planned")


async def test_doors_that_did_not_open_stand_first(desk: Desk):
    rounds = desk.rounds
    quiet, loud = await rounds.round(name="甲"), await rounds.round(name="乙")
    for each in (quiet, loud):
        await rounds.stops(each, 2)
    await rounds.look()
    _, second = (await rounds.visits(loud)).values()
    await rounds.say(second["id"], VisitState.NO_ANSWER, fix=SIX_HUNDRED_METRES_OFF)
    first, _ = await desk.ask("GET", "/rounds/runs")
    assert (first["name"], first["counts"], first["far"]) == (
        "乙",
        {"pending": 1, "no_answer": 1},
        1,
    )
    detail = await desk.ask("GET", f"/rounds/runs/{first['id']}")
    assert [(v["n"], v["state"], v["call_state"]) for v in detail["visits"]] == [
        (2, "no_answer", "open"),
        (1, "pending", None),
    ]


async def test_the_office_says_what_it_was_told_and_closes_the_run(desk: Desk):
    rounds = desk.rounds
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    row = (await rounds.visits(milk))[home]
    refused = await desk.ask("POST", f"/rounds/runs/{row['run_id']}/close", None, 409)
    assert (refused["error"]["code"], refused["error"]["params"]["stops"]) == ("stops_open", 1)
    said = {"id": str(new_id()), "said": "done", "note": "小周打电话说的"}
    for _ in range(2):
        told = await desk.ask("POST", f"/rounds/visits/{row['id']}", said)
        assert (told["state"], told["stands"], told["flags"]) == ("done", True, [])
    await desk.ask("POST", f"/rounds/runs/{row['run_id']}/close", None, 204)
    assert await rounds.run_state(milk) == "closed"


async def test_a_file_of_stops_says_which_lines_became_none(desk: Desk):
    rounds = desk.rounds
    made = await desk.ask("POST", "/rounds", desk.body(), 201)
    one = await rounds.community.home(address="榆荫里1号")
    await rounds.community.home(address="榆荫里2号")
    csv = f"序号,住户编号,地址,起,止,隔日\n3,{one},,06:30,07:00,单日\n1,,榆荫里2号,,,\n,,榆荫里9号,,,\n,{one},,,,\n,,榆荫里2号,25:00,,\n"
    read = await desk.ask("POST", f"/rounds/{made['id']}/stops/file", {"csv": csv})
    assert read["added"] == 2
    assert [(each["line"], each["code"]) for each in read["refused"]] == [
        (4, "home_unknown"),
        (5, "on_it_already"),
        (6, "not_understood"),
    ]
    stops = await desk.ask("GET", f"/rounds/{made['id']}/stops")
    assert [(each["n"], each["alternate"]) for each in stops] == [(1, "every"), (3, "odd")]
    without = await desk.ask("POST", f"/rounds/{made['id']}/stops/file", {"csv": "a,b\n1,2"}, 422)
    assert without["error"]["code"] == "headings_wanted"


async def test_a_stop_is_taken_out_and_a_run_given_to_somebody_else(desk: Desk):
    rounds = desk.rounds
    milk = await rounds.round()
    homes = await rounds.stops(milk, 2)
    await rounds.look()
    [first, second] = await desk.ask("GET", f"/rounds/{milk}/stops")
    await desk.ask("DELETE", f"/rounds/stops/{first['id']}", None, 204)
    await rounds.look()
    assert list(await rounds.visits(milk)) == [homes[1]]
    other = await rounds.walker("小李")
    run = (await rounds.visits(milk))[second["home_id"]]["run_id"]
    changed = await desk.ask("PATCH", f"/rounds/runs/{run}", {"staff_ids": [other]})
    assert changed["staff"] == ["小李"]


async def test_a_change_on_an_older_version_is_refused_and_an_end_stops_the_runs(desk: Desk):
    rounds = desk.rounds
    made = await desk.ask("POST", "/rounds", desk.body(), 201)
    await rounds.stops(made["id"], 1)
    await rounds.look()
    body = desk.body(version=made["version"], weekdays=[made["weekdays"][0]])
    await desk.ask("PATCH", f"/rounds/{made['id']}", body)
    await desk.ask("PATCH", f"/rounds/{made['id']}", body, 409)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"closes_at": "06:00"},
        {"from_day": "2026-03-02", "until_day": "2026-03-01"},
    ],
)
async def test_a_round_that_never_runs_is_refused(desk: Desk, wrong: dict[str, Any]):
    await desk.ask("POST", "/rounds", desk.body(**wrong), 422)


async def test_mrs_gaos_taxi_is_booked_and_rated_by_the_office(desk: Desk):
    rounds = desk.rounds
    resident = await rounds.community.resident(await rounds.community.home(), "高秀英")
    entitled = {"resident_id": resident, "rides_a_month": 4, "document": "免费乘车卡 118"}
    await desk.ask("POST", "/rides/entitlements", entitled, 201)
    begins = rounds.clock.now().isoformat()
    body = {
        "resident_id": resident,
        "destination": "第一医院",
        "begins_at": begins,
        "asked_fen": 900,
    }
    ride = await desk.ask("POST", "/rides", body, 201)
    assert (ride["fare_fen"], ride["paid_by"], ride["used"], ride["rides_a_month"]) == (
        0,
        "entitlement",
        1,
        4,
    )
    assert [each["task_id"] for each in await desk.ask("GET", "/rides")] == [ride["task_id"]]
    [held] = await desk.ask("GET", f"/rides/entitlements/{resident}")
    assert held["used"] == 1
    early = await desk.ask("POST", f"/rides/{ride['task_id']}/rating", {"rating": 5}, 409)
    assert early["error"]["code"] == "not_over"
    await rounds.owner.execute(
        "UPDATE task SET state = 'accepted', staff_id = $1", rounds.walkers[0]
    )
    await rounds.owner.execute("UPDATE task SET state = 'done', reason = 'x', ended_at = begins_at")
    rated = await desk.ask("POST", f"/rides/{ride['task_id']}/rating", {"rating": 5})
    assert (rated["rating"], rated["rated_by"]) == (5, "office")


async def test_a_pair_is_made_ticked_and_ended(desk: Desk):
    rounds = desk.rounds
    home = await rounds.community.home()
    await rounds.community.resident(home)
    responsible = await rounds.owner.fetchval(
        "INSERT INTO responsible (home_id, staff_id, duty, from_day) VALUES ($1, $2, 'paired_neighbour', '2020-01-01')"
        " RETURNING id",
        home,
        rounds.walkers[0],
    )
    body = {"responsible_id": responsible, "every_days": 2}
    pair = await desk.ask("POST", "/pairs", body, 201)
    assert (pair["neighbour"], pair["name"], pair["overdue"]) == ("小周", "沈玉兰", False)
    await desk.ask("POST", "/pairs", body, 409)
    tick = {"id": str(new_id()), "said": "nobody"}
    await desk.ask("POST", f"/pairs/{pair['id']}/ticks", tick, 204)
    [shown] = await desk.ask("GET", "/pairs")
    assert (shown["said"], shown["call_state"], shown["overdue"]) == ("nobody", "open", True)
    await desk.ask("DELETE", f"/pairs/{pair['id']}", None, 204)
    assert await desk.ask("GET", "/pairs") == []


UNFIT = ["有乙肝，戴手套", "失独老人", "has dementia"]


@pytest.mark.parametrize("words", UNFIT)
async def test_what_belongs_on_no_phone_is_written_at_no_stop(desk: Desk, words: str):
    home = await desk.rounds.community.home()
    refused = await desk.ask("POST", "/rounds", desk.body(name=words), 422)
    assert refused["error"]["code"] == "not_for_phones"
    refused = await desk.ask("POST", "/rounds", desk.body(check_list=["奶瓶", words]), 422)
    assert refused["error"]["code"] == "not_for_phones"
    made = await desk.ask("POST", "/rounds", desk.body(), 201)
    refused = await desk.ask(
        "POST", f"/rounds/{made['id']}/stops", {"home_id": home, "note": words}, 422
    )
    assert refused["error"]["code"] == "not_for_phones"
    file = {"csv": f"home_id,note\n{home},{words.replace(',', ' ')}\n"}
    read = await desk.ask("POST", f"/rounds/{made['id']}/stops/file", file)
    assert [each["code"] for each in read["refused"]] == ["not_for_phones"]
    assert await desk.rounds.owner.fetchval("SELECT count(*) FROM round_stop") == 0


@pytest.mark.parametrize("words", UNFIT)
async def test_what_belongs_on_no_phone_is_written_at_no_ride_but_a_hospital_has_its_name(
    desk: Desk, words: str
):
    home = await desk.rounds.community.home()
    resident = await desk.rounds.community.resident(home)
    later = (desk.rounds.clock.now() + timedelta(hours=1)).isoformat()
    ride = {"resident_id": resident, "destination": "肿瘤医院", "begins_at": later}
    for more in ({"what": words}, {"place": words}):
        refused = await desk.ask("POST", "/rides", ride | more, 422)
        assert refused["error"]["code"] == "not_for_phones"
    await desk.ask("POST", "/rides", ride | {"what": "带轮椅"}, 201)
