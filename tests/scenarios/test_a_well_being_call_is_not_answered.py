"""Nobody answers the morning call, three times: it becomes an alarm of that home, and only then is the family told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.calls import Calls, open_calls
from tests.support.story import DUTY, Story

DAUGHTER = "+8613900000001"
UNTIL_HALF_PAST_NINE = 16 * 60 + 4


@pytest.fixture
async def calls(story: Story) -> AsyncIterator[Calls]:
    async with open_calls(story) as made:
        yield made


@pytest.fixture
async def listed(calls: Calls) -> int:
    """Shen Yulan, 83 and alone, is called every morning."""
    list_id = await calls.list(name="平安电话")
    await calls.plan(list_id, await calls.story.home("1234", DAUGHTER))
    await calls.passes(UNTIL_HALF_PAST_NINE)
    return list_id


async def test_three_times_without_an_answer_become_an_alarm(calls: Calls, listed: int):
    wang = await calls.caller("wang")
    for pause in (15, 60):
        await wang.report(await wang.next(), "no_answer")
        await calls.passes(pause - 1)
        assert await wang.next() is None
        await calls.passes(1)
    assert await calls.incidents() == []
    calls.story.phones.expect(DUTY, "现无坐席在岗")
    await wang.report(await wang.next(), "no_answer", note="电话通着")
    await calls.look()
    assert await calls.states(listed) == ["escalated"]
    assert await calls.incidents() == [("office", "inactivity")]


async def test_whoever_answers_the_second_time_is_well_and_nobody_is_told(
    calls: Calls, listed: int
):
    wang = await calls.caller("wang")
    await wang.report(await wang.next(), "no_answer")
    await calls.passes(15)
    await wang.report(await wang.next(), "well")
    await calls.passes(120)
    assert await calls.states(listed) == ["done"]
    assert await calls.incidents() == []


async def test_who_needs_help_rings_at_every_seat_and_the_family_is_told(calls: Calls, listed: int):
    operator = await calls.story.operator("li")
    wang = await calls.caller("wang")
    calls.story.phones.expect(DAUGHTER, "发出紧急求助")
    await wang.report(await wang.next(), "needs_help", note="摔倒了起不来")
    await calls.look()
    incident = str(await calls.story.owner.fetchval("SELECT id FROM incident"))
    shown = await operator.sees(incident, state="waiting", kind="sos")
    assert shown["card"]["people"][0]["name"] == "沈玉兰"


async def test_an_office_that_died_after_the_report_has_lost_nothing(calls: Calls, listed: int):
    """The report and what it raises are one transaction; whoever opens it lives in another process."""
    wang = await calls.caller("wang")
    await wang.report(await wang.next(), "needs_help")
    calls.story.phones.expect(DAUGHTER, "发出紧急求助")
    calls.story.phones.expect(DUTY, "现无坐席在岗")
    await calls.signals.run_once(calls.story.clock.now())
    await calls.story.look()
    assert await calls.incidents() == [("office", "sos")]


async def test_a_morning_without_a_server_is_shown_as_missed_and_nobody_is_alarmed(
    calls: Calls, listed: int
):
    await calls.passes(24 * 60 + 5 * 60)
    assert await calls.states(listed) == ["missed", "missed"]
    assert await calls.incidents() == []
