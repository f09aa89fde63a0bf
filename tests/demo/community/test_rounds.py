"""The demo has rounds to be walked, with one door that stays shut, pairs, and somebody who rides free."""

from __future__ import annotations

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.people import households
from callcenter.demo.community.rounds import listed
from callcenter.rounds.writing import RoundRuns
from tests.support.outbox import SHANGHAI


def test_everybody_named_lives_there():
    names = {person.name for home in households() for person in home.people}
    said = listed()
    shut = {each.stays_shut for each in said.round} - {None}
    assert {each.of for each in said.pair} | {said.free_rides.of} | shut <= names


async def test_the_milk_of_today_stops_at_the_door_that_stays_shut(
    database, owner, clock, tmp_path
):
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    await RoundRuns(database, SHANGHAI).run_once(clock.now())
    milk = listed().round[0]
    rows = await owner.fetch(
        "SELECT visit.state, resident.name, round_run.staff_ids FROM round_visit AS visit"
        " JOIN round_run ON round_run.id = run_id JOIN round ON round.id = round_id AND round.kind = 'milk'"
        " JOIN resident ON resident.home_id = visit.home_id WHERE day = $1",
        clock.now().astimezone(SHANGHAI).date(),
    )
    assert milk.stays_shut in {row["name"] for row in rows}
    assert {row["state"] for row in rows} == {"pending"}
    assert {len(row["staff_ids"]) for row in rows} == {2}
    codes = await owner.fetch("SELECT code FROM pair ORDER BY code")
    assert [row["code"] for row in codes] == [10, 11]
    assert await owner.fetchval("SELECT rides_a_month FROM ride_entitlement") == 4
