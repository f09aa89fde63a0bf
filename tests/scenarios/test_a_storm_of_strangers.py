"""Many devices that nobody knows call while nobody is on duty: the duty phone is not buried."""

from __future__ import annotations

from tests.support.story import DUTY, Story

DAUGHTER = "+8613900000001"


async def test_one_text_a_minute_and_the_known_home_among_them_at_once(story: Story):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DUTY, "值班：未登记来电17:26紧急求助")
    await story.press("9000")
    for n in range(9001, 9011):
        await story.press(str(n))
    story.phones.expect(DUTY, "值班：沈玉兰17:26紧急求助")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press("1234")
    story.phones.expect(DUTY, "值班：未登记来电共12起，17:26紧急求助")
    await story.passes(62)
    told = await story.owner.fetchval(
        "SELECT count(*) FROM incident WHERE 'duty_told' = ANY(marks)"
    )
    assert told == 12
