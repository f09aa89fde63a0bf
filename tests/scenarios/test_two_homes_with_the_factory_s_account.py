"""Two panels that nobody has set up call themselves 0000, as the factory does: an operator sees that two homes call."""

from __future__ import annotations

from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"
HERE, THERE = "10.0.0.1", "10.0.0.2"


async def test_each_address_is_a_call_of_its_own(story: Story, wang: Operator):
    first = await story.press("0000", peer=HERE)
    second = await story.press("0000", peer=THERE)
    assert first != second
    for incident, peer in ((first, HERE), (second, THERE)):
        shown = await wang.sees(incident, state="waiting", press_count=1)
        assert (shown["identifier"], shown["card"]["peer"]) == ("0000", peer)
    assert await story.press("0000", peer=HERE) == first


async def test_the_very_same_bytes_from_another_address_are_no_repeat(story: Story, wang: Operator):
    """Both begin to count at 0001 when they are switched on, and the frame has no time in it."""
    first = await story.press("1AC", peer=HERE)
    second = await story.press("1AC", peer=THERE, again=True)
    assert first != second
    await wang.sees(second, state="waiting", press_count=1)
    assert await story.press("1AC", peer=HERE, again=True) == first
    await wang.sees(first, press_count=1)


async def test_who_one_of_them_is_says_nothing_of_the_other(story: Story, wang: Operator):
    resident = await story.home("", DAUGHTER)
    for account in ("0000", "4711"):
        first = await story.press(account, peer=HERE)
        second = await story.press(account, peer=THERE)
        await wang.done(first, "take")
        story.phones.expect(DAUGHTER, "发出紧急求助")
        await wang.done(first, "assign", resident_id=resident)
        story.phones.expect(DAUGHTER, "已确认安全")
        await wang.done(first, "close", outcome="assistance", safe_by="老人", safe_where="家中")
        await story.reload()
        assert await story.press(account, peer=THERE) == second
        shown = await wang.sees(second, press_count=2)
        assert shown["home_id"] is None


async def test_a_panel_whose_home_is_known_calls_from_wherever_it_is(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234", peer=HERE)
    assert await story.press("1234", peer=THERE) == incident
    assert (await wang.sees(incident, press_count=2))["card"].get("peer") is None
