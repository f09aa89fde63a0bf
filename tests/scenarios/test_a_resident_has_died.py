"""The pendant of somebody who has died is pressed: it rings, and no family is texted by itself."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story

DAUGHTER, NEPHEW = "+8613900000001", "+8613900000005"


async def test_it_rings_and_nobody_is_texted(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER, status="deceased")
    incident = await story.press("1234")
    await wang.sees(incident, state="waiting")
    await story.passes(14)
    await wang.done(incident, "take")
    await story.passes(60)
    await wang.done(incident, "close", outcome="technical", note="挂件待回收")


async def test_the_duty_number_is_told_when_nobody_is_there(story: Story):
    await story.home("1234", DAUGHTER, status="deceased")
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.press("1234")


async def test_the_family_of_a_husband_who_has_died_is_not_asked_for_his_widow(
    story: Story, wang: Operator
):
    """The button of the home belongs to nobody alone; the widow's daughter cannot go."""
    husband = await story.home("", NEPHEW, name="周德海", status="deceased")
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", husband)
    widow = await story.community.resident(home)
    await story.community.contact(widow, 1, DAUGHTER)
    await story.community.device("1234", home)
    await story.reload()
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    incident = await story.press("1234")
    await story.answers(DAUGHTER, "2")
    await wang.sees(incident, version=2)


async def test_no_way_leads_to_a_text_about_the_dead(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER, NEPHEW, status="deceased")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    assert await wang.refused(incident, "tell-next") == (409, "nobody_to_tell")
    assert await wang.refused(incident, "confirm") == (409, "nobody_to_tell")
    unknown = await story.press("9999")
    await wang.done(unknown, "take")
    await wang.done(incident, "close", outcome="technical")
    await wang.done(unknown, "assign", resident_id=resident)
    await story.passes(30)


async def test_whoever_still_lives_there_presses_the_pendant_of_the_dead(
    story: Story, wang: Operator
):
    husband = await story.home("1234", NEPHEW, name="周德海", status="deceased")
    home = await story.owner.fetchval("SELECT home_id FROM resident WHERE id = $1", husband)
    widow = await story.community.resident(home)
    await story.community.contact(widow, 1, DAUGHTER)
    await story.reload()
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    await story.press("1234")
