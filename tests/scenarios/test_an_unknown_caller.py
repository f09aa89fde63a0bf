"""A device that nobody knows calls: it rings, and the operator finds out who it is."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"


async def test_who_it_turns_out_to_be_has_a_daughter_and_she_is_told(story: Story, wang: Operator):
    resident = await story.home("", DAUGHTER)
    incident = await story.press("9999")
    shown = await wang.sees(incident, state="waiting", home_id=None)
    assert shown["card"]["people"] == []
    await wang.done(incident, "take")
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    await wang.done(incident, "assign", resident_id=resident)
    shown = await wang.sees(incident, resident_id=resident)
    assert [person["name"] for person in shown["card"]["people"]] == ["沈玉兰"]
    story.phones.expect(DAUGHTER, "沈玉兰老人已确认安全")
    await wang.done(incident, "close", outcome="assistance", safe_by="老人", safe_where="家中")

    await story.reload()
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    again = await story.press("9999")
    assert (await wang.sees(again, state="waiting"))["resident_id"] == resident


async def test_the_duty_number_reads_which_device_it_is(story: Story):
    story.phones.expect(DUTY, "值班：未登记来电17:26紧急求助，现无坐席在岗，接警请回复1。设备9999")
    await story.press("9999")
