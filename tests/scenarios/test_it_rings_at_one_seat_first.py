"""Where a region rings at one seat first: whose turn it is, and nobody waits for a seat that does not answer."""

from __future__ import annotations

from tests.support.story import DUTY, Operator, Story


async def rings_at_one(story: Story) -> None:
    await story.owner.execute("""UPDATE region SET escalation = '{"0": {"ring": "one"}}'""")
    await story.reload()


async def test_it_is_offered_in_turn_and_everybody_sees_it(story: Story, wang: Operator):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    await story.home("5678", name="王秀英")
    first, second = await story.press("1234"), await story.press("5678")
    await li.sees(first, ring_to=[wang.user_id])
    await wang.sees(second, ring_to=[li.user_id])
    taken = await li.done(first, "take")  # the queue is everybody's
    assert taken["ring_to"] == []
    await wang.done(second, "take")


async def test_without_a_proof_it_rings_everywhere_after_three_seconds(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    incident = await story.press("1234")
    await li.sees(incident, ring_to=[wang.user_id], escalated=0)
    await li.proves(incident)  # of a seat where it does not ring
    await story.passes(4)
    await li.sees(incident, ring_to=[], escalated=1)
    await wang.done(incident, "take")


async def test_with_a_proof_the_others_are_left_in_peace_until_it_is_late(
    story: Story, wang: Operator
):
    await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    incident = await story.press("1234")
    await wang.proves(incident)
    await story.passes(12)
    await wang.sees(incident, ring_to=[wang.user_id])
    story.phones.expect(DUTY, "至今无人接警")  # there is no supervisor
    await story.passes(6)
    await wang.sees(incident, ring_to=[])
    await wang.done(incident, "take")


async def test_a_seat_that_goes_is_not_waited_for(story: Story, wang: Operator):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    incident = await story.press("1234")
    await wang.proves(incident)
    wang.leaves()
    await story.look()
    await li.sees(incident, ring_to=[], escalated=1)
    await li.done(incident, "take")


async def test_a_seat_that_has_another_is_not_waited_for(story: Story, wang: Operator):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    await story.home("5678", name="王秀英")
    incident = await story.press("1234")
    other = await story.press("5678")
    await wang.proves(incident)
    await wang.done(other, "take")
    await li.sees(incident, ring_to=[], escalated=1)
    await li.done(incident, "take")


async def test_whoever_pauses_is_offered_nothing_unless_nobody_else_is_there(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    await story.home("5678", name="王秀英")
    wang.pauses("meal")
    first = await story.press("1234")
    await wang.sees(first, ring_to=[li.user_id])
    await li.done(first, "take")
    await li.done(first, "close", outcome="test")
    li.leaves()
    second = await story.press("5678")  # rings at wang: no duty phone is told
    await wang.sees(second, ring_to=[], marks=[])
    await wang.done(second, "take")


async def test_the_seat_that_had_the_home_last_is_asked_first(story: Story, wang: Operator):
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    first = await story.press("1234")
    await li.done(first, "take")
    await li.done(first, "close", outcome="test")
    await wang.sees(await story.press("1234"), ring_to=[li.user_id])
    await story.operators[0].done(
        await story.owner.fetchval("SELECT id FROM incident WHERE state = 'waiting'"), "take"
    )


async def test_whoever_is_on_the_phone_is_asked_last_and_where_all_are_it_rings_everywhere(
    story: Story, wang: Operator
):
    """An alarm of a device while calls are spoken: nobody is kept from it, and who is free has it first."""
    li = await story.operator("li")
    await rings_at_one(story)
    await story.home("1234")
    await story.home("5678", name="王秀英")
    story.seats.hub.on_the_phone = lambda: {wang.user_id}
    first = await story.press("1234")
    await wang.sees(first, ring_to=[li.user_id])
    story.seats.hub.on_the_phone = lambda: {wang.user_id, li.user_id}
    second = await story.press("5678")
    await wang.sees(second, ring_to=[])
    await story.passes(2)
    await wang.sees(first, ring_to=[])  # whom it was offered to speaks meanwhile
    await wang.done(second, "take")
    await li.done(first, "take")
