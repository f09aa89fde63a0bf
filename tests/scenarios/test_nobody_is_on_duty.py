"""No seat is manned: the duty number is told at once, and again until somebody takes the alarm."""

from __future__ import annotations

from tests.support.story import DUTY, Story

DAUGHTER = "+8613900000001"


async def test_the_duty_number_is_texted_again_each_minute_also_by_the_next_process(story: Story):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    story.phones.expect(DUTY, "值班：沈玉兰17:26紧急求助，现无坐席在岗，接警请回复1")
    incident = await story.press("1234")
    await story.passes(30)
    story.restart()
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(60)
    assert await story.entries(incident) == ["opened", "duty_told"]


async def test_who_leaves_while_it_rings_leaves_it_to_the_duty_number(story: Story):
    wang = await story.operator("wang")
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(4)
    wang.leaves()
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(4)
    story.restart()
    await story.passes(40)
    assert await story.entries(incident) == ["opened", "duty_told"]


async def test_who_comes_later_sees_that_the_duty_number_knows(story: Story):
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    wang = await story.operator("wang")
    taken = await wang.done(incident, "take")
    assert taken["marks"] == ["duty_told"]
    await wang.done(incident, "close", outcome="mistaken_press", note="坐到按钮上了")
    await story.passes(60)


async def test_what_the_duty_phone_writes_back_stands_on_the_incident(story: Story):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    story.phones.expect(DUTY, "由您接警")
    await story.answers(DUTY, "马上到")
    assert await story.entries(incident) == ["opened", "reply"]


async def test_what_comes_back_while_nobody_is_there_is_told_again(story: Story):
    wang = await story.operator("wang", on_duty=False)
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    story.phones.expect(DUTY, "现无坐席在岗")
    await wang.done(incident, "release")
    await story.press("1234")
    await story.passes(40)
    assert await story.entries(incident) == ["opened", "taken", "released", "duty_told", "joined"]


async def test_what_its_taker_lost_is_told_again(story: Story):
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    wang = await story.operator("wang")
    await wang.done(incident, "take")
    await story.passes(4)
    wang.leaves()
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(90)
    assert await story.entries(incident) == ["opened", "taken", "taker_lost", "duty_told"]


async def test_a_press_while_nobody_follows_any_more_is_told_again(story: Story):
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    wang = await story.operator("wang")
    await wang.done(incident, "take")
    await wang.done(incident, "follow")
    wang.leaves()
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.press("1234")
    await story.passes(40)
    assert (await story.entries(incident))[-2:] == ["joined", "duty_told"]


async def test_what_comes_back_to_a_seat_is_no_matter_of_the_duty_number(story: Story):
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("1234")
    wang = await story.operator("wang")
    await wang.done(incident, "take")
    await wang.done(incident, "release")
    await story.passes(14)
    assert (await wang.sees(incident, state="waiting"))["marks"] == []
