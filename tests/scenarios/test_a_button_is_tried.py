"""What is in test rings nowhere and tells nobody, until somebody is in need after all; and it ends by itself."""

from __future__ import annotations

from datetime import timedelta

from tests.support.story import DUTY, Operator, Story

DAUGHTER = "+8613900000001"


async def in_test(story: Story, subject: str = "device", minutes: int = 30) -> int:
    """As the office writes it down, and the registry reads it."""
    subject_id = await story.owner.fetchval(f"SELECT id FROM {subject} ORDER BY id DESC LIMIT 1")  # noqa: S608
    now = story.clock.now()
    root = story.community.root
    await story.owner.execute(
        "INSERT INTO test_period (subject, subject_id, region_id, region_path, from_at, until_at, reason, by_id, by_name)"
        " VALUES ($1, $2, $3, $4, $5, $6, '月度测试', 1, 'boss')",
        subject, subject_id, root, [root], now, now + timedelta(minutes=minutes),
    )  # fmt: skip
    await story.reload()
    return int(subject_id)


async def test_a_press_in_test_is_shown_and_nobody_is_told_however_long_it_stands(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    await in_test(story)
    incident = await story.press("1234")
    await wang.sees(incident, state="waiting", mode="test")
    await story.passes(600)
    assert await story.entries(incident) == ["opened"]


async def test_nobody_on_duty_is_told_of_a_test_either(story: Story):
    await story.home("1234", DAUGHTER)
    await in_test(story, "home")
    incident = await story.press("1234")
    await story.passes(300)
    assert await story.entries(incident) == ["opened"]


async def test_a_second_press_within_a_minute_is_real(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await in_test(story)
    incident = await story.press("1234")
    await story.passes(30)
    story.phones.expect(DAUGHTER, "沈玉兰老人17:27发出紧急求助")
    assert await story.press("1234") == incident
    await wang.sees(incident, state="waiting", mode="real", ring=2)
    assert await story.entries(incident) == ["opened", "joined"]


async def test_a_second_press_long_after_the_first_is_the_next_try(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await in_test(story)
    incident = await story.press("1234")
    await story.passes(90)
    await story.press("1234")
    await wang.sees(incident, mode="test", press_count=2, ring=1)


async def test_what_was_made_real_by_a_press_calls_the_duty_when_nobody_takes_it(story: Story):
    await story.home("1234")
    await in_test(story)
    incident = await story.press("1234")
    await story.passes(10)
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.press("1234")
    await story.passes(6)
    assert await story.entries(incident) == ["opened", "joined", "duty_told"]
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(60)


async def test_an_operator_makes_it_real_and_the_family_is_told(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await in_test(story)
    incident = await story.press("1234")
    story.phones.expect(DAUGHTER, "沈玉兰老人17:26发出紧急求助")
    shown = await wang.done(incident, "make-real")
    assert (shown["mode"], shown["state"], shown["ring"]) == ("real", "waiting", 2)
    assert await wang.refused(incident, "make-real") == (409, "already_real")


async def test_who_works_a_test_tells_nobody(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await in_test(story)
    incident = await story.press("1234")
    await wang.done(incident, "take")
    assert await wang.refused(incident, "tell-next") == (409, "in_test")
    await wang.done(incident, "close", outcome="test")


async def test_when_its_time_is_over_the_next_press_is_real(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await in_test(story, minutes=5)
    incident = await story.press("1234")
    await story.passes(320)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press("1234")
    await wang.sees(incident, mode="real", ring=2)


async def test_a_real_alarm_stays_real_while_the_region_is_put_in_test(
    story: Story, wang: Operator
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("1234")
    await in_test(story, "region")
    await story.press("1234")
    await wang.sees(incident, mode="real", press_count=2)


async def test_whoever_rings_the_office_during_a_test_is_in_need(story: Story, wang: Operator):
    resident = await story.home("1234", DAUGHTER)
    await in_test(story, "home")
    incident = await story.press("1234")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.passes(120)
    shown = await wang.opens(resident_id=resident, kind="sos")
    assert (shown["id"], shown["mode"]) == (incident, "real")
