"""The pendant of somebody who has died is pressed: it rings, and no family is texted by itself."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"


async def test_it_rings_and_nobody_is_texted(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER, status="deceased")
    incident = await story.press("1234")
    await wang.sees(incident, state="waiting")
    await story.passes(60)
    await wang.done(incident, "take")
    await wang.done(incident, "close", outcome="technical", note="挂件待回收")


async def test_the_duty_number_is_told_when_nobody_is_there(story: Story):
    await story.home("1234", DAUGHTER, status="deceased")
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.press("1234")
