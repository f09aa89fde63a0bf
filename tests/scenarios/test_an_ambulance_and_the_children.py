"""O4: 120 is called, and her children are told. B7: they are told where she is once she is safe there."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER, SON, NEIGHBOUR = "+8613900000001", "+8613900000002", "+8613900000003"
CALLED = {"step": "ambulance_called", "result": "done", "reference": "120-0417"}


async def test_every_child_who_knows_of_the_alarm_reads_that_120_is_coming_and_then_where_she_is(
    story: Story, wang: Operator
):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    await story.home("1234", DAUGHTER, SON)
    for child in (DAUGHTER, SON):
        story.phones.expect(child, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="no_answer")
    for child in (DAUGHTER, SON):
        story.phones.expect(child, "17:26已呼叫120前往住处")
    await wang.done(incident, "steps", **CALLED)
    await wang.done(incident, "follow", minutes=30)
    await wang.done(incident, "steps", step="help_arrived", result="done")
    for child in (DAUGHTER, SON):
        story.phones.expect(child, "已确认安全，现在市第一医院")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="120急救员", safe_where="市第一医院"
    )
    assert await story.entries(incident) == [
        "opened",
        "taken",
        "step",
        "step",
        "following",
        "step",
        "closed",
    ]


async def test_who_is_told_later_is_asked_to_go_and_learns_the_end_too(
    story: Story, wang: Operator
):
    """One by one: the neighbour never hears of it."""
    await story.home("1234", DAUGHTER, SON, NEIGHBOUR)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    story.phones.expect(DAUGHTER, "已呼叫120")
    await wang.done(incident, "steps", **CALLED)
    story.phones.expect(SON, "请问您能去现场吗")
    await wang.done(incident, "tell-next")
    story.phones.expect(SON, "已记录您正赶往")
    await story.answers(SON, "1")
    for told in (DAUGHTER, SON):
        story.phones.expect(told, "已确认安全，现在市第一医院")
    await wang.done(incident, "close", outcome="emergency", safe_by="沈峰", safe_where="市第一医院")
    await story.passes(400)
