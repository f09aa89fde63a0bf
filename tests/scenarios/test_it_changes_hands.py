"""Given back, handed over, taken over: at every moment somebody has it or it rings (G9)."""

from __future__ import annotations

from tests.support.story import Operator, Story


async def test_a_supervisor_gives_it_to_another_with_a_reason_and_it_rings_there(
    story: Story, wang: Operator, boss: Operator
):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    given = {"to_user": li.user_id}
    assert await li.refused(incident, "reassign", reason="我来", **given) == (
        403,
        "needs_supervisor",
    )
    assert await boss.refused(incident, "reassign", **given) == (422, "reason_needed")
    await boss.done(incident, "reassign", reason="王敏下班", **given)
    for operator in (wang, li):
        await operator.sees(incident, state="taken", taken_by=li.user_id, ring=2)
    assert await wang.refused(incident, "release") == (403, "not_the_taker")
    await story.passes(120)
    await li.done(incident, "close", outcome="test")


async def test_a_supervisor_takes_it_over_and_the_timeline_says_from_whom(
    story: Story, wang: Operator, boss: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await boss.done(incident, "take")
    await wang.sees(incident, taken_by=boss.user_id)
    said = "SELECT data->>'taken_from' FROM timeline_entry WHERE kind = 'taken' ORDER BY number"
    assert [row[0] for row in await story.owner.fetch(said)] == [None, "wang同志"]


async def test_what_is_offered_stays_with_its_taker_until_the_colleague_takes_it(
    story: Story, wang: Operator
):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "offer", to_user=li.user_id)
    await li.sees(incident, taken_by=wang.user_id, offered_to=li.user_id)
    await li.done(incident, "decline")
    await story.passes(300)
    await wang.sees(incident, state="taken", taken_by=wang.user_id, offered_to=None)
    await wang.done(incident, "offer", to_user=li.user_id)
    await li.done(incident, "take")
    await wang.sees(incident, taken_by=li.user_id, offered_to=None)


async def test_that_nobody_was_reached_is_no_end_that_one_operator_decides(
    story: Story, wang: Operator, boss: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="no_answer")
    ends = {"outcome": "nobody_reached", "note": "三次无人接听"}
    assert await wang.refused(incident, "close", **ends) == (403, "needs_supervisor")
    await boss.done(incident, "close", **ends)
