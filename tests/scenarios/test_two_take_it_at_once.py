"""Two operators take the same alarm in the same moment: one has it, the other reads who."""

from __future__ import annotations

import asyncio

from tests.support.story import DUTY, Operator, Story

NIGHT = "+8613900000008"


async def test_one_wins_and_the_other_is_told_who(story: Story, wang: Operator):
    li = await story.operator("li")
    await story.home("1234")
    incident = await story.press("1234")
    answers = await asyncio.gather(wang.do(incident, "take"), li.do(incident, "take"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    [late] = [answer.json()["error"] for answer in answers if answer.status_code == 409]
    assert late["code"] == "taken_by_other"
    assert late["params"] == {"user_id": won["taken_by"], "name": won["taken_by_name"]}
    for operator in (wang, li):
        await operator.sees(incident, state="taken", taken_by=won["taken_by"])
    assert await story.entries(incident) == ["opened", "taken"]


async def test_a_seat_and_the_duty_phone_the_seat_has_it(story: Story, wang: Operator):
    await story.home("1234")
    story.phones.expect(DUTY, "至今无人接警")
    incident = await story.press("1234")
    await story.passes(16)
    await wang.done(incident, "take")
    story.phones.expect(DUTY, "您不必处理")
    await story.answers(DUTY, "1")
    await wang.sees(incident, state="taken", taken_by=wang.user_id)
    assert await story.entries(incident) == ["opened", "duty_told", "taken", "reply"]


async def test_of_two_duty_phones_the_first_has_it_and_both_answers_stand_there(
    story: Story, wang: Operator
):
    await story.owner.execute("UPDATE region SET duty_numbers = $1", [DUTY, NIGHT])
    await story.home("1234")
    for phone in (DUTY, NIGHT):
        story.phones.expect(phone, "至今无人接警")
    incident = await story.press("1234")
    await story.passes(78)
    story.phones.expect(NIGHT, "由您接警")
    story.phones.expect(DUTY, "您不必处理")
    await story.phones.answer(NIGHT, "1")
    await story.phones.answer(DUTY, "1")
    await story.look()
    shown = await wang.sees(incident, state="taken")
    assert shown["taken_by_name"] == NIGHT
    taken = "SELECT data->>'takes' FROM timeline_entry WHERE kind = 'reply' ORDER BY number"
    assert [row[0] for row in await story.owner.fetch(taken)] == ["true", "false"]
    await wang.done(incident, "take")
    await story.passes(120)
