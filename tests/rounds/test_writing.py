"""Runs are written ahead, each once, and follow their round and the records until somebody has spoken."""

from __future__ import annotations

import asyncio
from datetime import date

from callcenter.rounds.visit import VisitState
from tests.support.rounds import Rounds


async def test_today_and_tomorrow_are_written_once(rounds: Rounds):
    milk = await rounds.round()
    await rounds.stops(milk, 3)
    await asyncio.gather(rounds.look(), rounds.look())
    await rounds.look()
    assert await rounds.states(milk) == ["pending"] * 3
    assert await rounds.states(milk, days=1) == ["pending"] * 3
    assert await rounds.owner.fetchval("SELECT count(*) FROM round_run") == 2


async def test_a_run_whose_time_has_passed_is_not_written_afterwards(rounds: Rounds):
    rounds.at(13)
    milk = await rounds.round()
    await rounds.stops(milk, 2)
    await rounds.look()
    assert await rounds.run_state(milk) is None
    assert await rounds.run_state(milk, days=1) == "planned"
    assert await rounds.calls() == []


async def test_whoever_is_known_to_be_away_is_not_knocked_at(rounds: Rounds):
    milk = await rounds.round()
    for n, status in enumerate(("home", "hospital", "away", "deceased", "moved"), start=1):
        home = await rounds.community.home()
        resident = await rounds.community.resident(home, status=status)
        await rounds.stop(milk, home, n, resident_id=resident)
    await rounds.look()
    assert await rounds.states(milk) == ["pending", "away_known", "away_known"]


async def test_a_couple_is_visited_while_one_of_them_is_there(rounds: Rounds):
    milk = await rounds.round()
    home = await rounds.community.home()
    await rounds.community.resident(home, status="hospital")
    husband = await rounds.community.resident(home, name="老张")
    await rounds.stop(milk, home)
    await rounds.look()
    assert await rounds.states(milk) == ["pending"]
    await rounds.owner.execute("UPDATE resident SET status = 'away' WHERE id = $1", husband)
    await rounds.look()
    assert await rounds.states(milk) == ["away_known"]
    await rounds.owner.execute("UPDATE resident SET status = 'home' WHERE id = $1", husband)
    await rounds.look()
    assert await rounds.states(milk) == ["pending"]


async def test_the_records_do_not_take_back_what_was_said_at_the_door(rounds: Rounds):
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    visit = (await rounds.visits(milk))[home]["id"]
    await rounds.say(visit, VisitState.AWAY_KNOWN, note="邻居说去女儿家")
    await rounds.look()
    assert await rounds.states(milk) == ["away_known"]
    await rounds.owner.execute("UPDATE resident SET status = 'hospital'")
    await rounds.look()
    assert await rounds.states(milk) == ["away_known"]


async def test_a_stop_that_is_added_or_taken_out_changes_what_is_not_walked_yet(rounds: Rounds):
    milk = await rounds.round()
    first, second = await rounds.stops(milk, 2)
    await rounds.look()
    await rounds.say((await rounds.visits(milk))[first]["id"], VisitState.DONE)
    third = await rounds.community.home()
    await rounds.stop(milk, third, 3)
    await rounds.owner.execute(
        "UPDATE round_stop SET removed_at = $1 WHERE home_id = ANY($2)",
        rounds.clock.now(),
        [first, second],
    )
    await rounds.look()
    states = {home: row["state"] for home, row in (await rounds.visits(milk)).items()}
    assert states == {first: "done", third: "pending"}
    assert list(await rounds.visits(milk, days=1)) == [third]


async def test_other_times_hold_for_the_run_that_nobody_has_begun(rounds: Rounds):
    milk = await rounds.round()
    first, _ = await rounds.stops(milk, 2)
    await rounds.look()
    await rounds.owner.execute("UPDATE round SET closes_at = '14:00'")
    await rounds.look()
    rounds.at(13)
    await rounds.look()
    assert await rounds.run_state(milk) == "planned"
    await rounds.say((await rounds.visits(milk))[first]["id"], VisitState.DONE)
    await rounds.owner.execute("UPDATE round SET closes_at = '20:00'")
    rounds.at(14)
    await rounds.look()
    assert await rounds.run_state(milk) == "closed"


async def test_before_a_holiday_the_milk_of_its_days_comes_along(rounds: Rounds):
    milk = await rounds.round(on_holiday="day_before")
    [home] = await rounds.stops(milk, 1)
    tomorrow = date.fromordinal(rounds.today.toordinal() + 1)
    await rounds.owner.execute(
        "INSERT INTO calendar_day (day, kind, name, source, version) VALUES ($1, 'holiday', '', 'test', 1)",
        tomorrow,
    )
    await rounds.look()
    assert (await rounds.visits(milk))[home]["for_days"] == 2
    assert await rounds.run_state(milk, days=1) is None


async def test_somebody_who_has_moved_within_the_community_is_visited_there(rounds: Rounds):
    milk = await rounds.round()
    old, new = await rounds.community.home(), await rounds.community.home(address="榆荫里9号")
    resident = await rounds.community.resident(new)
    await rounds.stop(milk, old, resident_id=resident)
    await rounds.look()
    assert list(await rounds.visits(milk)) == [new]
