"""B5: the children are told one by one or all at once, as the region or the resident has it."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER, SON, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"
SEVEN = [f"+861390000010{n}" for n in range(7)]
ASKED = "请问您能去现场吗"


async def test_all_are_told_with_the_alarm_and_nobody_is_left_to_ask(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    await story.home("1234", DAUGHTER, SON, NEIGHBOUR)
    for phone in (DAUGHTER, SON, NEIGHBOUR):
        story.phones.expect(phone, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await story.answers(SON, "2")
    await story.passes(192)
    assert await story.entries(incident) == ["opened", "taken", "reply"]


async def test_one_resident_may_want_it_otherwise(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    resident = await story.home("1234", DAUGHTER, SON)
    await story.owner.execute(
        "UPDATE resident SET contact_policy = 'one_by_one' WHERE id = $1", resident
    )
    await story.reload()
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press("1234")


async def test_no_more_than_five_texts_the_others_are_asked_later(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    await story.home("1234", *SEVEN)
    for phone in SEVEN[:5]:
        story.phones.expect(phone, "发出紧急求助")
    await wang.done(await story.press("1234"), "take")
    story.phones.expect(SEVEN[5], ASKED)
    await story.passes(192)


async def test_who_did_not_agree_to_texts_gets_none_and_a_number_gets_one(
    story: Story, wang: Operator
):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    await story.home("1234", DAUGHTER, SON, DAUGHTER)
    await story.owner.execute("UPDATE contact SET sms_consent = false WHERE phone = $1", SON)
    await story.reload()
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press("1234")


async def test_she_is_called_as_her_family_calls_her(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER)
    await story.owner.execute("UPDATE resident SET salutation = '沈老师' WHERE id = $1", resident)
    await story.reload()
    story.phones.expect(DAUGHTER, "沈老师")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    story.phones.expect(DAUGHTER, "已记录您正赶往沈老师处")
    await story.answers(DAUGHTER, "1")
    await wang.done(incident, "steps", step="call_back", result="reached")
    story.phones.expect(DAUGHTER, "沈老师")
    await wang.done(incident, "close", outcome="mistaken_press")
