"""Seats are manned, and nobody takes the alarm: supervisors, then the duty list, until somebody does."""

from __future__ import annotations

from callcenter.auth.permissions import Role
from tests.support.story import DUTY, Operator, Story

NIGHT = "+8613900000008"


async def on_the_list(story: Story, *numbers: str) -> None:
    await story.owner.execute("UPDATE region SET duty_numbers = $1", list(numbers))
    await story.reload()


async def test_the_supervisor_is_called_after_15_seconds_the_duty_list_after_30(
    story: Story, wang: Operator
):
    boss = await story.operator("boss", role=Role.SUPERVISOR)
    await on_the_list(story, DUTY, NIGHT)
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(14)
    assert (await boss.sees(incident, state="waiting"))["marks"] == []
    await story.passes(4)
    assert (await boss.sees(incident, escalated=2))["marks"] == ["supervisors_called"]
    await story.passes(10)
    story.phones.expect(DUTY, "至今无人接警，接警请回复1")
    await story.passes(4)
    story.phones.expect(NIGHT, "至今无人接警")
    await story.passes(62)
    assert await story.entries(incident) == ["opened", "escalated", "duty_told", "duty_told"]
    taken = await wang.done(incident, "take")
    await story.passes(120)  # nobody is texted any more
    assert taken["marks"] == ["supervisors_called", "duty_told"]
    assert (await story.entries(incident))[-1] == "taken"


async def test_whoever_takes_it_in_time_stops_what_was_to_come(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(10)
    await wang.done(incident, "take")
    await story.passes(120)
    said = await story.owner.fetchval(
        "SELECT data->'not_made' FROM timeline_entry WHERE kind = 'taken'"
    )
    assert said == ["supervisors", "duty"]


async def test_the_duty_phone_takes_it_with_a_1_and_loses_it_if_nobody_ends_it(
    story: Story, wang: Operator
):
    """Without a supervisor at a seat the list is called in their place."""
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(16)
    story.phones.expect(DUTY, "的求助由您接警。须于17:47前由坐席办结或转交")
    await story.answers(DUTY, "1")
    shown = await wang.sees(incident, state="taken")
    assert (shown["taken_by"], shown["taken_by_name"]) == (None, DUTY)
    await story.passes(1_190)
    assert await story.entries(incident) == ["opened", "duty_told", "reply"]
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(48)
    assert (await wang.sees(incident, state="waiting"))["marks"] == ["follow_late", "duty_told"]
    await wang.done(incident, "take")


async def test_who_comes_to_a_seat_takes_it_over_from_the_duty_phone(story: Story):
    await story.home("1234")
    story.phones.expect(DUTY, "现无坐席在岗，接警请回复1")
    incident = await story.press("1234")
    story.phones.expect(DUTY, "由您接警")
    await story.answers(DUTY, "1")
    wang = await story.operator("wang")
    taken = await wang.done(incident, "take")
    assert taken["taken_by"] == wang.user_id
    await wang.done(incident, "close", outcome="test")
    await story.passes(1_400)


async def test_a_no_of_the_duty_phone_calls_the_next_at_once(story: Story, wang: Operator):
    await on_the_list(story, DUTY, NIGHT)
    await story.home("1234")
    await story.press("1234")
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(16)
    story.phones.expect(NIGHT, "至今无人接警")
    await story.answers(DUTY, "2")
    await story.passes(4)
    story.phones.expect(NIGHT, "由您接警")
    await story.answers(NIGHT, "1")


async def test_the_duty_phone_that_is_too_late_is_told_who_has_it_once(
    story: Story, wang: Operator
):
    await on_the_list(story, DUTY, NIGHT)
    await story.home("1234")
    incident = await story.press("1234")
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(16)
    story.phones.expect(NIGHT, "至今无人接警")
    await story.passes(62)
    story.phones.expect(NIGHT, "由您接警")
    await story.answers(NIGHT, "1")
    story.phones.expect(DUTY, f"已由{NIGHT}接警，您不必处理")
    await story.answers(DUTY, "1")
    await story.answers(DUTY, "1")
    await story.answers(NIGHT, "1")
    await wang.done(incident, "take")
    story.restart()
    await story.passes(20)
    assert (await wang.sees(incident, state="taken"))["taken_by"] == wang.user_id


async def test_a_restart_between_the_steps_makes_each_once(story: Story, wang: Operator):
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(12)
    story.restart()
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(6)
    story.restart()
    await story.passes(50)
    await wang.done(incident, "take")
    assert await story.entries(incident) == ["opened", "duty_told", "taken"]


async def test_an_empty_list_is_said_and_not_passed_over(story: Story, wang: Operator):
    await on_the_list(story)
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(40)
    assert (await wang.sees(incident, state="waiting"))["marks"] == ["nobody_told"]
    assert await story.entries(incident) == ["opened", "escalated"]
