"""A console whose sound does not run is nobody, and a pause never leaves an alarm without ears."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story


async def test_a_mute_seat_is_unmanned_until_it_sounds_again(story: Story, wang: Operator):
    await story.home("1234")
    await story.home("5678", name="王秀英")
    story.seats.hub.hear_sound(wang.seat, False)
    story.phones.expect(DUTY, "现无坐席在岗，接警请回复1")
    first = await story.press("1234")
    story.seats.hub.hear_sound(wang.seat, True)
    second = await story.press("5678")  # nobody else is told
    await wang.done(first, "take")
    await wang.done(second, "take")


async def test_whoever_pauses_alone_is_called_and_nobody_is_woken(story: Story, wang: Operator):
    await story.home("1234")
    wang.pauses("meal")
    incident = await story.press("1234")
    await wang.sees(incident, ring_to=[], marks=[])
    await wang.done(incident, "take")
    assert story.seats.hub.colleagues()[0]["state"] == "busy"
