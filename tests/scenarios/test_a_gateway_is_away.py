"""No text leaves for twelve minutes: the alarm's text is too old by then, the all-clear is not."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"


async def test_the_alarm_text_expires_and_the_all_clear_still_goes_out(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    await story.phones.box.leave()
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="老人", safe_where="家中", note=""
    )
    await story.passes(12 * 60)
    assert await story.texts() == [("alarm_raised", "expired"), ("safe_closed", "queued")]
    await story.phones.box.come()
    story.phones.expect(DAUGHTER, "沈玉兰老人已确认安全，现在家中")
    await story.passes(40)
    assert await story.texts() == [("alarm_raised", "expired"), ("safe_closed", "delivered")]


async def test_a_gateway_that_is_back_in_time_brings_the_alarm(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await story.phones.box.leave()
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await story.passes(60)
    await story.phones.box.come()
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.passes(40)
