"""What joins an open alarm is not always the same key again: the gravest kind heads it, and news rings."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"
SOS, SMOKE, NOBODY_KNOWS = "QA", "FA", "ZZ"


async def test_the_key_after_a_code_that_nobody_knows(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    incident = await story.press("1234", NOBODY_KNOWS)
    await wang.sees(incident, kind="unknown", ring=1)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    assert await story.press("1234", SOS) == incident
    shown = await wang.sees(incident, kind="sos", ring=2, state="waiting")
    assert shown["kinds"] == ["unknown", "sos"]


async def test_smoke_after_the_key_is_no_second_press(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234", SOS)
    await story.press("1234", SMOKE)
    shown = await wang.sees(incident, kind="smoke", ring=2, press_count=2)
    assert shown["kinds"] == ["sos", "smoke"]
    assert (await wang.detail(incident))["entries"][-1]["data"]["kind"] == "smoke"
    await story.press("1234", SMOKE)
    await wang.sees(incident, ring=2, press_count=3)  # it rings already
