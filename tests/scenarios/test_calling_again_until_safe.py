"""O5: telephoned again and again until the person is safe in hospital."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"


async def followed(story: Story, wang: Operator, minutes: int) -> str:
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="ambulance_called", result="done", tell_contacts=False)
    await wang.done(incident, "follow", minutes=minutes)
    return incident


async def test_it_is_time_to_call_again_and_again_until_the_hospital_confirms(
    story: Story, wang: Operator
):
    incident = await followed(story, wang, 10)
    await story.passes(560)
    assert await story.entries(incident) == ["opened", "taken", "step", "following"]
    await story.passes(48)
    shown = await wang.sees(incident, state="following", ring=2)
    assert shown["marks"] == ["follow_due"]
    await wang.done(incident, "steps", step="contact_called", result="no_answer")
    again = await wang.done(incident, "follow", minutes=20)
    assert again["marks"] == []
    await story.passes(1_100)
    story.phones.expect(DAUGHTER, "已确认安全")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="市一院急诊", safe_where="市第一医院"
    )
    await story.passes(600)


async def test_who_forgets_to_call_again_loses_it_to_everybody(story: Story, wang: Operator):
    li = await story.operator("li")
    incident = await followed(story, wang, 5)
    await story.passes(590)
    assert (await li.sees(incident, state="following"))["taken_by"] == wang.user_id
    await story.passes(24)
    shown = await li.sees(incident, state="waiting")
    assert shown["marks"] == ["follow_late"]
    taken = await li.done(incident, "take")
    assert taken["marks"] == []
    story.phones.expect(DAUGHTER, "已办结")
    await li.done(incident, "close", outcome="test")


async def test_whoever_has_gone_home_is_not_waited_for(story: Story, wang: Operator):
    """Nobody at all sits there when it is time: the duty list."""
    incident = await followed(story, wang, 5)
    wang.leaves()
    await story.passes(280)
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(40)
    assert (await story.entries(incident))[-2:] == ["follow_up", "duty_told"]
    story.phones.expect(DUTY, "由您接警")
    await story.answers(DUTY, "1")
