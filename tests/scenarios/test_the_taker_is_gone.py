"""The console of an incident's taker is gone: after a minute it waits again, for everybody to see."""

from __future__ import annotations

from tests.support.story import Operator, Story


async def test_it_waits_again_after_a_minute_marked_and_nobody_is_texted(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    wang.leaves()
    await story.passes(55)
    await li.sees(incident, state="taken", ring=1)
    await story.passes(9)
    await li.sees(incident, state="waiting", taken_by=None, ring=2, marks=["taker_lost"])
    assert await story.entries(incident) == ["opened", "taken", "taker_lost"]
    await li.done(incident, "take")


async def test_a_taker_who_is_back_in_time_keeps_it(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    wang.leaves()
    await story.passes(50)
    wang.sits_down()
    await story.passes(60)
    await wang.sees(incident, state="taken", ring=1)


async def test_somebody_whose_console_is_silent_is_gone_too(story: Story, wang: Operator):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    wang.falls_silent()
    await story.passes(72)
    await li.sees(incident, state="waiting", marks=["taker_lost"])
