"""The daughter answers 2: the next contact is asked, in the order of the list, until one says yes."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER, SON, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"


async def test_the_next_is_asked_until_one_goes(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER, SON, NEIGHBOUR)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    story.phones.expect(SON, "请问您能去现场吗？能去回复1，不能回复2，我们将找下一位")
    await story.answers(DAUGHTER, "2")
    story.phones.expect(NEIGHBOUR, "请问您能去现场吗？")
    await story.answers(SON, "不能去")
    story.phones.expect(NEIGHBOUR, "已记录您正赶往沈玉兰老人处")
    await story.answers(NEIGHBOUR, "1")
    await wang.sees(incident, version=4)
    assert await story.entries(incident) == ["opened", "reply", "reply", "reply"]


async def test_when_the_last_one_cannot_go_nobody_else_is_asked(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await story.answers(DAUGHTER, "2")
    await story.passes(14)
    await wang.sees(incident, state="waiting", version=2)


async def test_a_delivered_text_is_no_answer(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER, SON)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await story.passes(10)
    await wang.sees(incident, state="waiting", version=1)
