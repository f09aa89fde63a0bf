"""A run closes when each of its stops has an end; at its time the clock gives the rest one, with a call for each."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.errors import Conflict
from callcenter.rounds.closing import close
from callcenter.rounds.models import RoundRun
from callcenter.rounds.visit import VisitState
from tests.support.rounds import Rounds


async def _close(rounds: Rounds, run_id: int) -> None:
    async with rounds.database.transaction() as session:
        run = await session.get_one(RoundRun, run_id, with_for_update=True)
        await close(session, run, 7, rounds.clock.now())


async def test_at_its_time_whoever_was_not_visited_is_called(rounds: Rounds):
    milk = await rounds.round()
    homes = await rounds.stops(milk, 3)
    await rounds.look()
    await rounds.say((await rounds.visits(milk))[homes[0]]["id"], VisitState.DONE)
    rounds.at(11, 59)
    await rounds.look()
    assert await rounds.run_state(milk) == "running"
    rounds.at(12)
    await rounds.look()
    assert await rounds.run_state(milk) == "closed"
    assert await rounds.states(milk) == ["done", "missed", "missed"]
    assert await rounds.calls() == [("open", ["not_visited"])] * 2
    await rounds.look()
    assert len(await rounds.calls()) == 2


async def test_a_phone_that_was_without_a_network_puts_it_right_afterwards(rounds: Rounds):
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    visit = (await rounds.visits(milk))[home]["id"]
    word = rounds.word(VisitState.DONE, offline=True)
    rounds.at(13)
    await rounds.look()
    told = await rounds.send(visit, word)
    assert (told.state, told.stands) == ("done", True)
    assert await rounds.calls() == [("done", ["not_visited"])]
    assert await rounds.run_state(milk) == "closed"


async def test_by_hand_only_when_nothing_is_open(rounds: Rounds):
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    row = (await rounds.visits(milk))[home]
    with pytest.raises(Conflict) as refused:
        await _close(rounds, row["run_id"])
    assert (refused.value.code, refused.value.params["stops"]) == ("stops_open", 1)
    await rounds.say(row["id"], VisitState.REFUSED)
    await _close(rounds, row["run_id"])
    assert await rounds.run_state(milk) == "closed"
    rounds.at(13)
    await rounds.look()
    assert await rounds.states(milk) == ["refused"]


@pytest.fixture
async def row(rounds: Rounds) -> asyncpg.Record:
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    return (await rounds.visits(milk))[home]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (
            "UPDATE round_run SET state = 'closed', closed_at = written_at",
            "round_run_closes_with_ends",
        ),
        (
            "UPDATE round_visit SET state = 'missed'",
            "ck_round_visit_whoever_was_not_found_is_called",
        ),
        (
            "UPDATE round_visit SET state = 'no_answer'",
            "ck_round_visit_whoever_was_not_found_is_called",
        ),
        (
            "WITH a AS (UPDATE round_visit SET state = 'done' RETURNING 1) SELECT * FROM a",
            None,
        ),
    ],
)
async def test_the_database_repeats_the_guards(
    rounds: Rounds, row: asyncpg.Record, change: str, constraint: str | None
):
    if constraint is None:
        await rounds.owner.execute(change)
        return
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await rounds.owner.execute(change)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize("after", ["pending", "missed", "refused"])
async def test_an_end_changes_by_a_word_alone(rounds: Rounds, row: asyncpg.Record, after: str):
    await rounds.owner.execute("UPDATE round_visit SET state = 'done'")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await rounds.owner.execute("UPDATE round_visit SET state = $1, call_item_id = 1", after)
    assert refused.value.constraint_name == "round_visit_transition"


async def test_a_closed_run_takes_no_open_stop(rounds: Rounds, row: asyncpg.Record):
    rounds.at(13)
    await rounds.look()
    stop = await rounds.stop(1, row["home_id"], 9)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await rounds.owner.execute(
            "INSERT INTO round_visit (run_id, stop_id, n, home_id) VALUES ($1, $2, 9, $3)",
            row["run_id"],
            stop,
            row["home_id"],
        )
    assert refused.value.constraint_name == "round_visit_in_open_run"


async def test_what_was_said_at_a_door_stays(rounds: Rounds, row: asyncpg.Record):
    await rounds.say(row["id"], VisitState.DONE)
    connection = await rounds.database.connect("server")
    for statement in ("UPDATE round_check SET note = 'x'", "DELETE FROM round_check"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()
