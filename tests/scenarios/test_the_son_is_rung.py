"""The son does not answer the text: the centre rings him by itself, and only a key is an answer."""

from __future__ import annotations

import pytest

from callcenter.hotline.announcing import Announcer
from tests.support.plans import say, write_plan, write_version
from tests.support.story import Operator, Story
from tests.support.voice import Voice

SON, DAUGHTER = "+8613900000001", "+8613900000002"


@pytest.fixture
async def voice(story: Story) -> Voice:
    await story.home("1234", SON)
    voice = Voice(story)
    voice.installed()
    return voice


async def pressed(story: Story, wang: Operator) -> str:
    """And taken, so that nobody else is called."""
    story.phones.expect(SON, "发出紧急求助")
    incident = await story.press("1234")
    await wang.done(incident, "take")
    return incident


async def test_he_is_rung_after_a_minute_and_presses_1(story: Story, voice: Voice, wang: Operator):
    incident = await pressed(story, wang)
    await story.passes(58)
    assert not voice.rung
    await story.passes(4)
    [ring] = voice.rung
    assert (ring.to.number, ring.to.by_hand) == ("13900000001", False)
    voice.picks_up()
    assert "cc-contact-keys" in voice.said[0].prompts
    await story.look()
    story.phones.expect(SON, "已记录您正赶往沈玉兰老人处")
    voice.presses("1")
    await story.look()
    await story.look()
    assert await voice.calls() == [("pressed", "1", 1)]
    assert sorted(await voice.steps(incident)) == ["answered", "pressed", "rang", "reply yes"]


async def rings_after(story: Story, seconds: int | None, **of: int) -> int:
    """A plan that says so; without an owner, of the whole site."""
    owner = of or {"region": story.community.root}
    return await write_plan(story.owner, say("a"), ring_after_s=seconds, **owner)


async def test_the_plan_says_how_long_he_has_for_the_answer(
    story: Story, voice: Voice, wang: Operator
):
    await rings_after(story, 20)
    await pressed(story, wang)
    await story.passes(18)
    assert not voice.rung
    await story.passes(4)
    assert len(voice.rung) == 1


async def test_her_own_plan_goes_before_that_of_the_street_and_that_before_the_town_s(
    story: Story, voice: Voice, wang: Operator
):
    [her] = await story.owner.fetch("SELECT id FROM resident")
    await rings_after(story, 10)
    await rings_after(story, 20, region=story.community.street)
    await rings_after(story, 120, resident=her["id"])
    await pressed(story, wang)
    await story.passes(118)
    assert not voice.rung
    await story.passes(4)
    assert len(voice.rung) == 1


async def test_where_the_plan_says_never_nobody_is_rung(story: Story, voice: Voice, wang: Operator):
    await rings_after(story, 0)
    await pressed(story, wang)
    await story.passes(300)
    assert await voice.calls() == []


async def test_a_plan_that_says_nothing_leaves_it_to_the_site(
    story: Story, voice: Voice, wang: Operator
):
    """Also where the plan of a wider region says something: of two plans one holds."""
    await rings_after(story, 10)
    await rings_after(story, None, region=story.community.street)
    await pressed(story, wang)
    await story.passes(58)
    assert not voice.rung
    await story.passes(4)
    assert len(voice.rung) == 1


async def test_the_plan_that_it_runs_with_says_so_not_the_one_that_was_written_since(
    story: Story, voice: Voice, wang: Operator
):
    plan = await rings_after(story, 30)
    await pressed(story, wang)
    await story.owner.execute("UPDATE action_plan SET ring_after_s = 4 WHERE id = $1", plan)
    await write_version(story.owner, plan, 2, say("a"))
    await story.passes(28)
    assert not voice.rung
    await story.passes(4)
    assert len(voice.rung) == 1


async def test_before_anybody_has_taken_it_the_plan_that_would_hold_says_so(
    story: Story, voice: Voice, wang: Operator
):
    await rings_after(story, 10, region=story.community.street)
    story.phones.expect(SON, "发出紧急求助")
    await wang.proves(await story.press("1234"))
    await story.passes(12)
    assert len(voice.rung) == 1


async def test_a_mailbox_is_not_on_its_way(story: Story, voice: Voice, wang: Operator):
    """It is rung three times, and has never answered."""
    incident = await pressed(story, wang)
    await story.passes(62)
    for again_s in (34, 64, 300):
        voice.picks_up()
        voice.hears_all_and_says_nothing()
        await story.passes(again_s)
    assert len(voice.rung) == 3
    assert await voice.calls() == [("unanswered", None, 3)]
    assert await voice.steps(incident) == ["rang", "answered", "no_key"] * 3


@pytest.mark.parametrize(("cause", "step"), [(17, "busy"), (19, "no_answer"), (34, "failed")])
async def test_busy_and_not_answered_are_tried_again(
    cause: int, step: str, story: Story, voice: Voice, wang: Operator
):
    incident = await pressed(story, wang)
    await story.passes(62)
    voice.ends(cause)
    await story.passes(32)
    assert len(voice.rung) == 2
    assert len({each.leg for each in voice.rung}) == 2
    await story.look()
    assert await voice.steps(incident) == ["rang", step, "rang"]
    story.phones.expect(SON, "已记录您正赶往")
    voice.picks_up()
    voice.presses("1")
    await story.passes(4)
    assert (await voice.calls())[0][:2] == ("pressed", "1")


async def test_a_no_by_key_is_a_no_by_text(story: Story, voice: Voice, wang: Operator):
    """The next contact is asked, as after a text."""
    [home] = await story.owner.fetch("SELECT id FROM resident")
    await story.community.contact(home["id"], 2, DAUGHTER)
    await story.reload()
    incident = await pressed(story, wang)
    await story.passes(62)
    voice.picks_up()
    story.phones.expect(DAUGHTER, "请问您能去现场吗？")
    voice.presses("2")
    await story.passes(4)
    assert "reply no" in await voice.steps(incident)


async def test_who_answers_by_text_is_not_rung(story: Story, voice: Voice, wang: Operator):
    incident = await pressed(story, wang)
    await story.passes(40)
    assert await voice.calls() == [("due", None, 0)]
    story.phones.expect(SON, "已记录您正赶往沈玉兰老人处")
    await story.answers(SON, "1")
    await story.passes(60)
    assert not voice.rung
    assert await voice.calls() == [("withdrawn", None, 0)]
    assert await voice.steps(incident) == ["reply yes"]


async def test_who_answers_by_text_while_it_rings_is_let_go(
    story: Story, voice: Voice, wang: Operator
):
    incident = await pressed(story, wang)
    await story.passes(62)
    story.phones.expect(SON, "已记录您正赶往沈玉兰老人处")
    await story.answers(SON, "1")
    await story.look()
    assert voice.hung_up == {voice.leg}
    await story.look()
    assert await voice.calls() == [("withdrawn", None, 1)]
    assert "withdrawn" in await voice.steps(incident)


async def test_nobody_is_rung_about_what_is_over(story: Story, voice: Voice, wang: Operator):
    incident = await pressed(story, wang)
    await story.passes(40)
    await wang.done(incident, "steps", step="call_back", result="reached")
    story.phones.expect(SON, "核实为误按")
    await wang.done(incident, "close", outcome="mistaken_press")
    await story.passes(60)
    assert not voice.rung


async def test_who_was_reached_needs_nobody_to_be_rung(story: Story, voice: Voice, wang: Operator):
    incident = await pressed(story, wang)
    await wang.done(incident, "steps", step="call_back", result="reached")
    await story.passes(100)
    assert not await voice.calls()


async def test_for_who_was_reached_and_needs_an_ambulance_he_is_rung(
    story: Story, voice: Voice, wang: Operator
):
    incident = await pressed(story, wang)
    await wang.done(incident, "steps", step="call_back", result="reached")
    story.phones.expect(SON, "120")
    await wang.done(incident, "steps", step="ambulance_called", result="done")
    await story.passes(62)
    assert [ring.to.number for ring in voice.rung] == ["13900000001"]


async def test_without_an_exchange_nobody_is_rung(story: Story, voice: Voice, wang: Operator):
    voice.is_there = False
    incident = await pressed(story, wang)
    await story.passes(100)
    assert not voice.rung
    voice.is_there = True
    await story.look()
    assert len(voice.rung) == 1
    assert (await voice.steps(incident))[:1] in ([], ["rang"])


async def test_a_server_that_dies_in_the_middle_has_lost_the_attempt_and_the_next_is_made(
    story: Story, voice: Voice, wang: Operator
):
    incident = await pressed(story, wang)
    await story.passes(62)
    first = voice.leg
    story.restart()
    voice.announcer = Announcer()
    voice.installed()
    await story.passes(10)
    assert len(voice.rung) == 1
    await voice.lease_is_over()
    await story.passes(34)
    assert voice.leg != first
    assert (await voice.steps(incident))[:3] == ["rang", "lost", "rang"]


async def test_two_servers_ring_him_once(story: Story, voice: Voice, wang: Operator):
    other = Voice(story)
    other.installed()
    await pressed(story, wang)
    await story.passes(90)
    assert len(voice.rung) + len(other.rung) == 1


async def test_an_answer_that_comes_after_its_lease_counts(
    story: Story, voice: Voice, wang: Operator
):
    """The server stood still; another has given the attempt up meanwhile."""
    incident = await pressed(story, wang)
    await story.passes(62)
    voice.picks_up()
    still = story.processors
    other = Voice(story)
    story.restart()
    other.installed()
    await voice.lease_is_over()
    await story.passes(4)
    assert (await voice.calls())[0] == ("due", None, 1)
    story.processors = still
    story.phones.expect(SON, "已记录您正赶往沈玉兰老人处")
    voice.presses("1")
    await story.passes(4)
    assert await voice.calls() == [("pressed", "1", 1)]
    assert "reply yes" in await voice.steps(incident)


async def test_a_drill_rings_nobody(story: Story, voice: Voice, wang: Operator):
    incident = await pressed(story, wang)
    await story.owner.execute(
        "UPDATE sms_message SET state = 'drill' WHERE reference = $1::uuid", incident
    )
    await story.passes(100)
    assert not await voice.calls()
