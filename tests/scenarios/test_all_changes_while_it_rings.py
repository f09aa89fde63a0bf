"""Nobody takes the alarm, and meanwhile everything around it changes: its region, the duty list, the policy, the day, the family.
Somebody is called all the same, and nobody twice for the same step.
"""

from __future__ import annotations

import pytest

from callcenter.regions.policies import EscalationPolicy, stored_policies
from tests.support.story import DUTY, Operator, Story

NIGHT, WEST = "+8613900000008", "+8613900000007"
DAUGHTER, SON = "+8613900000001", "+8613900000002"
UNTAKEN, DESERTED = "至今无人接警", "现无坐席在岗"


async def duty_list(story: Story, *numbers: str, region: int | None = None) -> None:
    await story.owner.execute(
        "UPDATE region SET duty_numbers = $2 WHERE id = $1",
        region or story.community.root,
        list(numbers),
    )
    await story.reload()


async def test_its_home_is_moved_to_a_region_with_a_duty_list_of_its_own(
    story: Story, wang: Operator
):
    """Whoever was told of it there has nothing to do with it any more; nobody sits in the west."""
    west = await story.community.region(story.community.root, "street", "西柳街道")
    await duty_list(story, WEST, region=west)
    post = await story.operator("post", region=story.community.street)
    wang.leaves()
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(16)
    story.phones.expect(WEST, DESERTED)
    await story.owner.execute("UPDATE home SET region_id = $1", west)
    await story.reload()
    await story.passes(6)
    assert await story.entries(incident) == ["opened", "duty_told", "relocated", "duty_told"]
    assert await post.refused(incident, "take") == (404, "not_found")
    story.phones.expect(WEST, "由您接警")
    await story.answers(WEST, "1")


async def test_the_duty_list_is_emptied_after_its_first_number_was_told_and_filled_again(
    story: Story, wang: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(16)
    await duty_list(story)
    await story.passes(64)
    assert (await wang.sees(incident, state="waiting"))["marks"] == ["nobody_told"]
    await duty_list(story, NIGHT)
    story.phones.expect(NIGHT, UNTAKEN)
    await story.passes(6)
    assert (await wang.sees(incident, state="waiting"))["marks"] == ["duty_told"]
    await wang.done(incident, "take")


@pytest.mark.parametrize(("duty_s", "quiet_s"), [(15, 6), (90, 70)])
async def test_the_policy_is_edited_while_it_rings(
    story: Story, wang: Operator, boss: Operator, duty_s: int, quiet_s: int
):
    """Its supervisor is called at 15 s; the duty list when the new policy says, counted from the ring."""
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(8)
    policy = stored_policies({0: EscalationPolicy(duty_s=duty_s)})
    await story.owner.execute("UPDATE region SET escalation = $1", policy)
    await story.reload()
    await story.passes(quiet_s)
    assert "duty_told" not in await story.entries(incident)
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(duty_s - quiet_s + 1)
    await wang.done(incident, "take")


async def test_an_alarm_of_yesterday_calls_nobody_until_somebody_presses_again(
    story: Story, wang: Operator
):
    """All servers were away for the night, and nobody had taken it."""
    await story.home("1234")
    incident = await story.press("1234")
    story.clock.advance(86_400)
    for nightly in (
        "incident_timer SET since = since - interval '1 day', due_at = due_at - interval '1 day'",
        "incident_watch SET looked_at = looked_at - interval '1 day'",
    ):
        await story.owner.execute(f"UPDATE {nightly}")
    story.restart()
    await story.passes(60)
    assert await story.entries(incident) == ["opened", "escalated"]
    await story.press("1234")
    await wang.sees(incident, state="waiting", ring=2, marks=[])
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(16)
    story.phones.expect(DUTY, "由您接警")
    await story.answers(DUTY, "1")


async def test_the_daughter_is_struck_off_the_list_after_she_was_told(story: Story, wang: Operator):
    """Her answer counts; the chain goes on to whoever is left."""
    await story.home("1234", DAUGHTER, SON)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    await story.owner.execute("DELETE FROM contact WHERE phone = $1", DAUGHTER)
    await story.reload()
    story.phones.expect(SON, "请问您能去现场吗")
    await story.passes(192)
    story.phones.expect(DAUGHTER, "已记录您正赶往")
    await story.answers(DAUGHTER, "1")
    assert await story.entries(incident) == ["opened", "taken", "told", "reply"]
    await story.passes(400)


@pytest.mark.parametrize("words", ["1？", "好的", "1号楼"])
async def test_a_duty_phone_that_says_anything_but_a_plain_yes_has_not_taken_it(
    story: Story, wang: Operator, words: str
):
    await duty_list(story, DUTY, NIGHT)
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(16)
    await story.answers(DUTY, words)
    await wang.sees(incident, state="waiting")
    story.phones.expect(NIGHT, UNTAKEN)
    await story.passes(62)
    await wang.done(incident, "take")


async def test_a_duty_phone_that_cannot_calls_the_next_at_once_and_twice_is_once(
    story: Story, wang: Operator
):
    await duty_list(story, DUTY, NIGHT)
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, UNTAKEN)
    await story.passes(16)
    story.phones.expect(NIGHT, UNTAKEN)
    for _ in range(2):
        await story.phones.answer(DUTY, "不去")
    await story.passes(6)
    await wang.done(incident, "take")


async def test_two_children_answer_at_once_and_each_is_heard_once(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET contact_policy = 'all_at_once'")
    await story.home("1234", DAUGHTER, SON)
    for phone in (DAUGHTER, SON):
        story.phones.expect(phone, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    for phone in (DAUGHTER, SON):
        story.phones.expect(phone, "已记录您正赶往")
        await story.phones.answer(phone, "1")
        await story.phones.answer(phone, "1")
    await story.look()
    assert await story.entries(incident) == ["opened", "taken", "reply", "reply"]
