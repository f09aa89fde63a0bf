"""A second press of a home joins what is open, and tells only who does not know yet."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def test_it_joins_and_nobody_hears_twice(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await story.passes(14)
    assert await story.press("1234") == incident
    shown = await wang.sees(incident, press_count=2)
    assert (shown["state"], shown["ring"]) == ("waiting", 1)


async def test_it_tells_whoever_has_become_the_first_contact(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await story.owner.execute("UPDATE contact SET rank = 2 WHERE resident_id = $1", resident)
    await story.community.contact(resident, 1, SON)
    await story.reload()
    story.phones.expect(SON, "发出紧急求助")
    assert await story.press("1234") == incident


async def test_it_tells_the_duty_number_when_everybody_has_left_meanwhile(
    story: Story, wang: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    wang.leaves()
    story.phones.expect(DUTY, "现无坐席在岗")
    assert await story.press("1234") == incident
    await story.passes(40)
    shown = await story.owner.fetchrow("SELECT state, ring, taken_by FROM incident")
    assert tuple(shown) == ("waiting", 2, None)


async def test_it_rings_at_its_taker_and_takes_back_what_was_only_followed(
    story: Story, wang: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await story.press("1234")
    await wang.sees(incident, state="taken", ring=2, press_count=2)
    await wang.done(incident, "follow")
    await story.press("1234")
    await wang.sees(incident, state="waiting", ring=3, taken_by=None)


async def test_after_the_end_it_is_a_new_incident_of_which_the_daughter_is_told(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    first = await story.press("1234")
    await wang.done(first, "take")
    story.phones.expect(DAUGHTER, "办结")
    await wang.done(first, "close", outcome="mistaken_press", note="坐到按钮上了")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    assert await story.press("1234") != first
