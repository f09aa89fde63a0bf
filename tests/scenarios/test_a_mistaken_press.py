"""She sat on the button: the daughter need not come."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"


async def test_whoever_was_told_learns_that_it_was_a_mistake(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="reached", note="坐到按钮上了")
    story.phones.expect(DAUGHTER, "已回电核实为误按，老人平安，您不必前往")
    await wang.done(incident, "close", outcome="mistaken_press")
    await wang.sees(incident, state="closed", outcome="mistaken_press")


async def test_where_nobody_was_told_nobody_hears_of_its_end(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "close", outcome="mistaken_press", note="坐到按钮上了")
    await story.passes(60)
