"""The milk round finds one door shut: she is called at once and again after twenty minutes, then it is an alarm and her daughter is
told. The day closes with an end for every stop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from callcenter.dispatch.proof import Flag
from callcenter.rounds.visit import VisitState
from tests.support.calls import Calls, open_calls
from tests.support.rounds import SIX_HUNDRED_METRES_OFF, Rounds
from tests.support.story import DUTY, Story

DAUGHTER = "+8613900000001"
STOPS = 200


@pytest.fixture
async def calls(story: Story) -> AsyncIterator[Calls]:
    async with open_calls(story) as made:
        yield made


@pytest.fixture
async def rounds(calls: Calls) -> Rounds:
    """Seven in the morning, two hundred doors, the last of them Shen Yulan's; two phones walk."""
    story = calls.story
    rounds = Rounds(story.community, story.database, story.clock)
    await rounds.walker("小周")
    await rounds.walker("小李")
    rounds.at(7, days=1)
    return rounds


@pytest.fixture
async def milk(rounds: Rounds, calls: Calls) -> int:
    milk = await rounds.round()
    await rounds.stops(milk, STOPS - 1)
    resident = await calls.story.home("1234", DAUGHTER)
    home = await rounds.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", resident)
    await rounds.stop(milk, home, STOPS, resident_id=resident)
    await rounds.look()
    return milk


async def test_one_door_of_two_hundred(rounds: Rounds, milk: int, calls: Calls):
    *others, last = [row["id"] for row in (await rounds.visits(milk)).values()]
    zhou, li = rounds.walkers
    far = await rounds.say(others[0], VisitState.DONE, zhou, fix=SIX_HUNDRED_METRES_OFF)
    assert far.flags == (Flag.FAR,)
    for place, visit in enumerate(others[1:]):
        await rounds.say(visit, VisitState.DONE, zhou if place % 2 else li)
    await rounds.say(last, VisitState.NO_ANSWER, li)

    wang = await calls.caller("wang")
    call = await wang.next()
    assert (call["item"]["kind"], call["item"]["name"]) == ("door", "沈玉兰")
    await wang.report(call, "no_answer")
    await calls.passes(19)
    assert await wang.next() is None
    await calls.passes(1)
    calls.story.phones.expect(DAUGHTER, "敲门、电话均无人应")
    calls.story.phones.expect(DUTY, "现无坐席在岗")
    await wang.report(await wang.next(), "no_answer")
    await calls.look()
    assert await calls.incidents() == [("office", "inactivity")]

    rounds.at(12)
    await rounds.look()
    assert await rounds.run_state(milk) == "closed"
    states = await rounds.states(milk)
    assert (len(states), states.count("done"), states.count("no_answer")) == (STOPS, STOPS - 1, 1)


async def test_she_answers_the_telephone_and_nobody_is_alarmed(
    rounds: Rounds, milk: int, calls: Calls
):
    *_, last = [row["id"] for row in (await rounds.visits(milk)).values()]
    await rounds.say(last, VisitState.NO_ANSWER)
    wang = await calls.caller("wang")
    await wang.report(await wang.next(), "well", note="在楼下散步")
    await calls.passes(30)
    assert await wang.next() is None
    assert await calls.incidents() == []
