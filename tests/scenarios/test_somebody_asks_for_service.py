"""The green key: she is called back in time, what she wants is passed on and asked about, and her family's phones stay silent."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from callcenter.core.ids import new_id
from callcenter.devices.signals import Kind, Signal
from tests.support.story import Operator, Story

DAUGHTER = "+8613900000001"
TEN_MINUTES = 600


async def asks(story: Story, *, first: bool = True) -> str:
    """She presses the green key of her pendant; the id of the request."""
    if first:
        await story.home("1234", DAUGHTER)
    source = story.registry.source("dc09")
    assert source is not None
    pressed = str(new_id()).encode()
    signal = Signal("1234", Kind.HELP, sha256(pressed).digest(), raw=pressed)
    [stored] = await story.intake.accept(source, [signal], story.clock.now())
    await story.look()
    return str(stored.incident_id)


async def timers(story: Story) -> list[str]:
    rows = await story.owner.fetch("SELECT kind FROM incident_timer ORDER BY kind")
    return [row["kind"] for row in rows]


async def test_she_is_called_back_and_gets_her_meal(story: Story, wang: Operator):
    incident = await asks(story)
    shown = await wang.sees(incident, signal_class="service", state="waiting")
    assert (shown["marks"], shown["ring"], shown["escalated"]) == ([], 1, 0)
    await story.passes(300)
    assert await story.entries(incident) == ["opened"]

    await wang.done(incident, "take")
    await wang.done(incident, "steps", step="call_back", result="reached")
    passed = {"wanted": "meal", "note": "少盐", "passed_to": "社区食堂"}
    until = story.clock.now() + timedelta(minutes=40)
    followed = await wang.done(incident, "wanted", **passed, until=until.isoformat())
    assert (followed["state"], followed["wanted"]) == ("following", "meal")
    await story.passes(2_380)
    assert (await story.entries(incident))[-1] == "wanted"
    await story.passes(28)
    await wang.sees(incident, state="following", marks=["follow_due"])
    closed = await wang.done(incident, "close", outcome="service_done")
    assert (closed["wanted"], closed["outcome"]) == ("meal", "service_done")
    assert await story.entries(incident) == [
        "opened", "taken", "step", "wanted", "follow_up", "closed",
    ]  # fmt: skip
    await story.passes(60)
    assert await story.texts() == []


async def test_nobody_calls_back_and_it_is_due_then_late_and_the_duty_phone_sleeps(
    story: Story, wang: Operator
):
    incident = await asks(story)
    await story.passes(TEN_MINUTES - 20)
    assert await story.entries(incident) == ["opened"]
    story.restart()
    await story.passes(24)
    due = await wang.sees(incident, ring=2)
    assert due["marks"] == ["request_due"]
    await story.passes(290)
    assert await story.entries(incident) == ["opened", "request_due"]
    await story.passes(16)
    late = await wang.sees(incident, ring=3)
    assert late["marks"] == ["request_due", "request_late"]
    await story.passes(1_200)
    assert await story.entries(incident) == ["opened", "request_due", "request_due"]
    taken = await wang.done(incident, "take")
    assert taken["marks"] == []
    assert await timers(story) == ["taker_gone"]


async def test_taking_it_in_time_stops_the_reminder(story: Story, wang: Operator):
    incident = await asks(story)
    await wang.done(incident, "take")
    await story.passes(1_200)
    assert await story.entries(incident) == ["opened", "taken"]


async def test_the_region_says_how_soon(story: Story, wang: Operator):
    await story.owner.execute("UPDATE region SET service_due_s = 120")
    incident = await asks(story)
    await story.passes(128)
    assert (await wang.sees(incident, ring=2))["marks"] == ["request_due"]


async def test_asked_again_it_is_one_request_with_a_count(story: Story, wang: Operator):
    incident = await asks(story)
    assert await asks(story, first=False) == incident
    assert (await wang.sees(incident, press_count=2))["ring"] == 1
    await wang.done(incident, "take")
    await wang.done(incident, "follow", minutes=60)
    await story.passes(TEN_MINUTES)
    assert await asks(story, first=False) == incident
    shown = await wang.sees(incident, state="waiting", press_count=3)
    assert (shown["ring"], shown["taken_by"]) == (2, None)
    await story.passes(TEN_MINUTES - 20)
    assert (await wang.sees(incident, state="waiting"))["marks"] == []
    await story.passes(28)
    assert (await wang.sees(incident, ring=3))["marks"] == ["request_due"]


async def test_the_red_key_of_a_home_that_has_asked_for_service_is_a_real_alarm(
    story: Story, wang: Operator
):
    """One pendant: first the green key, then, as a dialler sends it, the red one."""
    request = await asks(story)
    await wang.done(request, "take")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    alarm = await story.press("1234")
    assert alarm != request
    shown = await wang.sees(alarm, signal_class="alarm", state="waiting", priority=1)
    assert shown["ring_to"] == []
    await wang.sees(request, state="taken", press_count=1)
    await wang.done(alarm, "take")
    assert await wang.refused(request, "raise") == (409, "home_has_incident")


async def test_the_call_shows_that_she_is_in_need(story: Story, wang: Operator):
    incident = await asks(story)
    await wang.done(incident, "take")
    assert await wang.refused(incident, "tell-next") == (409, "is_request")
    assert (await plan(wang, incident))["kind"] == "help"
    story.phones.expect(DAUGHTER, "发出紧急求助")
    raised = await wang.done(incident, "raise")
    assert (raised["signal_class"], raised["kind"], raised["state"]) == ("alarm", "sos", "taken")
    assert (raised["ring"], raised["call_back_by"]) == (2, None)
    assert (await plan(wang, incident))["kind"] == "sos"
    assert await wang.refused(incident, "close", outcome="service_done") == (422, "not_a_request")
    story.phones.expect(DAUGHTER, "已确认安全")
    await wang.done(incident, "close", outcome="emergency", safe_by="女儿", safe_where="家中")


async def test_raised_where_nobody_has_it_calls_as_any_alarm(story: Story, wang: Operator):
    incident = await asks(story)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await wang.done(incident, "raise")
    story.phones.expect("+8613900000009", "至今无人接警")
    await story.passes(16)
    await wang.done(incident, "take")


async def test_whoever_took_it_is_gone(story: Story, wang: Operator):
    incident = await asks(story)
    await wang.done(incident, "take")
    wang.leaves()
    await story.passes(90)
    assert await story.entries(incident) == ["opened", "taken", "taker_lost"]
    await story.passes(TEN_MINUTES)
    assert (await story.entries(incident))[3:] == ["request_due"]


async def plan(operator: Operator, incident: str) -> dict[str, Any]:
    answer = await operator.client.get(f"/api/v1/incidents/{incident}/plan")
    shown: dict[str, Any] = answer.json()
    return shown
