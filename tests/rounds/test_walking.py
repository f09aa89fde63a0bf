"""What is said at a door, in whatever order it arrives, and the call that nobody's answer sets off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from callcenter.core.errors import Conflict, Forbidden, Invalid
from callcenter.dispatch.proof import Flag
from callcenter.rounds.visit import VisitState
from callcenter.rounds.walking import Answer
from tests.support.rounds import SIX_HUNDRED_METRES_OFF, Rounds

DONE, NOBODY = VisitState.DONE, VisitState.NO_ANSWER


@pytest.fixture
async def visit(rounds: Rounds) -> int:
    milk = await rounds.round()
    [home] = await rounds.stops(milk, 1)
    await rounds.look()
    return int((await rounds.visits(milk))[home]["id"])


async def _row(rounds: Rounds, visit: int):
    return await rounds.owner.fetchrow("SELECT * FROM round_visit WHERE id = $1", visit)


async def test_milk_at_the_door_is_done_and_the_run_has_begun(rounds: Rounds, visit: int):
    told = await rounds.say(visit, DONE)
    assert (told.state, told.stands, told.flags) == (DONE, True, ())
    row = await _row(rounds, visit)
    assert (row["staff_id"], row["said_at"]) == (rounds.walkers[0], rounds.clock.now())
    assert await rounds.owner.fetchval("SELECT state FROM round_run ORDER BY day") == "running"
    assert await rounds.calls() == []


async def test_a_visit_registered_600_m_off_is_flagged_and_counts(rounds: Rounds, visit: int):
    told = await rounds.say(visit, DONE, fix=SIX_HUNDRED_METRES_OFF)
    assert (told.state, told.flags) == (DONE, (Flag.FAR,))
    check = await rounds.owner.fetchrow("SELECT distance_m, flags FROM round_check")
    assert 550 < check["distance_m"] < 650
    assert check["flags"] == ["far"]


async def test_a_door_that_nobody_opens_is_called_about_at_once(rounds: Rounds, visit: int):
    await rounds.say(visit, NOBODY)
    assert await rounds.calls() == [("open", ["nobody_opened"])]
    item = await rounds.owner.fetchrow("SELECT * FROM call_item")
    assert item["id"] == (await _row(rounds, visit))["call_item_id"]
    assert item["next_try_at"] == rounds.clock.now()
    assert item["resident_id"] is not None
    assert item["stale_at"] is None


async def test_the_same_word_twice_is_one(rounds: Rounds, visit: int):
    word = rounds.word(NOBODY)
    first = await rounds.send(visit, word)
    rounds.clock.advance(60)
    assert await rounds.send(visit, word) == first
    assert len(await rounds.calls()) == 1
    assert await rounds.owner.fetchval("SELECT count(*) FROM round_check") == 1


async def test_she_opens_an_hour_later_and_nobody_has_to_call(rounds: Rounds, visit: int):
    await rounds.say(visit, NOBODY)
    rounds.clock.advance(3_600)
    await rounds.say(visit, DONE)
    assert await rounds.calls() == [("done", ["nobody_opened"])]
    rounds.clock.advance(60)
    await rounds.say(visit, NOBODY)
    assert await rounds.calls() == [("done", ["nobody_opened"]), ("open", ["nobody_opened"])]


async def test_a_home_is_called_about_once_whoever_stood_before_it(rounds: Rounds, visit: int):
    paper = await rounds.round("paper", name="送报")
    home = (await _row(rounds, visit))["home_id"]
    await rounds.stop(paper, home)
    await rounds.look()
    await rounds.say(visit, NOBODY)
    await rounds.say((await rounds.visits(paper))[home]["id"], NOBODY)
    assert await rounds.calls() == [("open", ["nobody_opened"])]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_words_of_two_phones_end_the_same_in_any_order(
    rounds: Rounds, visit: int, order: tuple[int, ...]
):
    other = await rounds.walker("小李")
    await rounds.owner.execute("UPDATE round_run SET staff_ids = $1", rounds.walkers)
    said = [(VisitState.REFUSED, None), (NOBODY, other), (DONE, other)]
    words = [
        (rounds.word(state, said_at=rounds.clock.now() + timedelta(minutes=n)), staff)
        for n, (state, staff) in enumerate(said)
    ]
    rounds.clock.advance(3_600)
    for each in order:
        await rounds.send(visit, *words[each])
    row = await _row(rounds, visit)
    assert (row["state"], row["staff_id"], row["check_id"]) == ("done", other, words[2][0].id)
    assert not [call for call in await rounds.calls() if call[0] == "open"]
    assert await rounds.owner.fetchval("SELECT count(*) FROM round_check") == 3


async def test_a_phone_whose_clock_is_ahead_does_not_speak_last(rounds: Rounds, visit: int):
    ahead = timedelta(hours=2)
    early = rounds.word(NOBODY, said_at=rounds.clock.now() + ahead, clock_error=ahead)
    rounds.clock.advance(600)
    await rounds.say(visit, DONE)
    told = await rounds.send(visit, early)
    assert (told.state, told.stands) == (DONE, False)
    assert Flag.CLOCK_OFF in told.flags
    assert await rounds.calls() == []


async def test_a_phone_of_1970_is_heard_when_it_is_heard(rounds: Rounds, visit: int):
    await rounds.say(visit, NOBODY)
    rounds.clock.advance(60)
    told = await rounds.say(visit, DONE, said_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert (told.state, told.stands) == (DONE, True)
    assert Flag.CLOCK_OFF in told.flags
    assert (await _row(rounds, visit))["said_at"] == rounds.clock.now()


async def test_nobody_walks_the_round_of_tomorrow(rounds: Rounds, visit: int):
    tomorrow = await rounds.owner.fetchval(
        "SELECT round_visit.id FROM round_visit JOIN round_run ON round_run.id = run_id ORDER BY day DESC LIMIT 1"
    )
    with pytest.raises(Conflict) as refused:
        await rounds.say(tomorrow, DONE)
    assert refused.value.code == "not_yet"


async def test_somebody_of_another_round_is_told_so(rounds: Rounds, visit: int):
    stranger = await rounds.walker("别人")
    with pytest.raises(Forbidden) as refused:
        await rounds.say(visit, DONE, stranger)
    assert refused.value.code == "not_your_round"
    assert (await _row(rounds, visit))["state"] == "pending"


async def test_an_id_belongs_to_one_stop(rounds: Rounds, visit: int):
    paper = await rounds.round("paper")
    [home] = await rounds.stops(paper, 1)
    await rounds.look()
    word = rounds.word(DONE)
    await rounds.send(visit, word)
    with pytest.raises(Conflict) as refused:
        await rounds.send((await rounds.visits(paper))[home]["id"], word)
    assert refused.value.code == "id_used"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (VisitState.AWAY_KNOWN, "note_wanted"),
        (VisitState.MISSED, "not_said_at_a_door"),
        (VisitState.PENDING, "not_said_at_a_door"),
    ],
)
async def test_what_is_no_word_is_refused(rounds: Rounds, visit: int, said: VisitState, code: str):
    with pytest.raises(Invalid) as refused:
        await rounds.say(visit, said)
    assert refused.value.code == code


async def test_an_inspection_answers_every_line_of_its_list(rounds: Rounds):
    safety = await rounds.round("safety", check_list=["燃气", "烟感"])
    [home] = await rounds.stops(safety, 1)
    await rounds.look()
    visit = (await rounds.visits(safety))[home]["id"]
    word = rounds.word(DONE, answers=(Answer("燃气", True),))
    with pytest.raises(Invalid) as refused:
        await rounds.send(visit, word)
    assert refused.value.code == "answers_wanted"
    assert "烟感" in refused.value.message
    both = (Answer("燃气", True), Answer("烟感", False, "没电"))
    await rounds.send(visit, replace(word, answers=both))
    kept = (await _row(rounds, visit))["answers"]
    assert kept[1] == {"item": "烟感", "well": False, "note": "没电"}


async def test_without_a_position_it_counts_and_says_so(rounds: Rounds, visit: int):
    told = await rounds.say(visit, DONE, fix=None)
    assert (told.state, told.flags) == (DONE, (Flag.NO_FIX,))
