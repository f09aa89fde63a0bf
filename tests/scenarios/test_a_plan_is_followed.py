"""He has oxygen at home and a plan of his own: the steps lead the operator, waits end by themselves, and what was left out is
shown at the end.
"""

from __future__ import annotations

from typing import Any

from callcenter.alerts.plans.plan import Whom
from tests.support.plans import ask, call, retry, say, text, wait, write_plan, write_version
from tests.support.story import Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"
PLAN = (
    call("back", "ask", "again"),
    retry("again", "back", 1, "ambulance"),
    ask("ask", ("喘得厉害", "ambulance"), ("机器停了", "spare")),
    call("ambulance", "text", whom=Whom.AMBULANCE),
    say("spare", "text", text="换备用氧气瓶"),
    text("text", "wait"),
    wait("wait", 10, "there"),
    ask("there", ("到了", "safe"), ("没有", "longer")),
    retry("longer", "wait", 1, "safe"),
    say("safe", text="记录谁确认平安"),
)


async def standing(operator: Operator, incident: str) -> dict[str, Any]:
    answer = await operator.client.get(f"/api/v1/incidents/{incident}/plan")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()["standing"]
    return shown


async def test_his_own_plan_leads_from_the_call_to_the_end(story: Story, wang: Operator):
    resident = await story.home("A102", DAUGHTER, SON, name="贺长林")
    plan = await write_plan(story.owner, *PLAN, resident=resident)
    await write_plan(story.owner, say("everybodys"), region=story.community.root)
    story.phones.expect(DAUGHTER, "发出紧急求助")
    incident = await story.press("A102")
    await wang.done(incident, "take")
    await write_version(story.owner, plan, 2, say("changed_meanwhile"))

    await wang.done(incident, "steps", step="call_back", result="no_answer")
    assert (await standing(wang, incident))["current"] == "back"
    await wang.done(incident, "steps", step="call_back", result="reached")
    await wang.done(incident, "plan-steps", step="ask", answer="2")
    await wang.done(incident, "plan-steps", step="spare", answer="skipped")
    story.phones.expect(SON, "能去现场请回复1")
    await wang.done(incident, "tell-next")
    assert (await standing(wang, incident))["current"] == "wait"

    await story.passes(9 * 60)
    story.restart()
    assert (await standing(wang, incident))["current"] == "wait"
    assert (await wang.sees(incident, state="taken"))["ring"] == 1
    await story.passes(64)
    assert (await standing(wang, incident))["current"] == "there"
    rung = await wang.sees(incident, ring=2)
    assert (rung["marks"], rung["taken_by"]) == (["plan_due"], wang.user_id)
    await story.passes(600)  # once is enough: it sounds until somebody acts
    await wang.done(incident, "plan-steps", step="there", answer="2")
    assert (await wang.sees(incident, marks=[]))["ring"] == 2
    again = await standing(wang, incident)
    assert (again["current"], again["round"]) == ("wait", 3)
    await wang.done(incident, "plan-steps", step="wait")
    await wang.done(incident, "plan-steps", step="there", answer="1")
    assert (await standing(wang, incident))["undone"] == ["spare", "safe"]

    story.phones.expect(DAUGHTER, "已确认安全")
    story.phones.expect(SON, "已确认安全")
    await wang.done(
        incident, "close", outcome="emergency", safe_by="女儿，已到场", safe_where="家中"
    )
    assert await story.entries(incident) == [
        "opened", "taken", "step", "step", "plan_step", "plan_step", "told",
        "plan_waited", "plan_step", "plan_step", "plan_step", "closed",
    ]  # fmt: skip
    assert (await standing(wang, incident))["undone"] == ["spare", "safe"]


async def test_a_wait_that_is_passed_over_rings_no_more(story: Story, wang: Operator):
    await story.home("A104")
    await write_plan(
        story.owner, wait("first", 5, "look"), say("look"), region=story.community.root
    )
    incident = await story.press("A104")
    await wang.done(incident, "take")
    await wang.done(incident, "plan-steps", step="first")
    await story.passes(320)
    assert await story.entries(incident) == ["opened", "taken", "plan_step"]


async def test_a_step_that_is_taken_back_waits_again(story: Story, wang: Operator):
    await story.home("A106")
    await write_plan(
        story.owner, wait("first", 5, "look"), say("look"), region=story.community.root
    )
    incident = await story.press("A106")
    await wang.done(incident, "take")
    await wang.done(incident, "plan-steps", step="first")
    await wang.done(incident, "plan-steps", step="first", answer="back")
    await story.passes(290)
    assert (await wang.sees(incident, state="taken"))["marks"] == []
    await story.passes(24)
    await wang.sees(incident, ring=2, marks=["plan_due"])


async def test_a_wait_from_the_very_beginning_rings_for_whoever_has_it_then(
    story: Story, wang: Operator
):
    """The one who took it went home; it is followed, and comes back to everybody."""
    await story.home("A105")
    await write_plan(
        story.owner, wait("first", 5, "look"), say("look"), region=story.community.root
    )
    incident = await story.press("A105")
    await wang.done(incident, "take")
    await wang.done(incident, "follow", minutes=60)
    wang.leaves()
    li = await story.operator("li")
    await story.passes(280)
    story.restart()
    await story.passes(28)
    shown = await li.sees(incident, state="waiting")
    assert shown["marks"] == ["taker_lost", "plan_due"]
    await li.done(incident, "take")
    await li.done(incident, "plan-steps", step="look")
    await li.done(incident, "close", outcome="test")
    await story.passes(60)


async def test_a_plan_that_nobody_follows_keeps_nobody_from_closing(story: Story, wang: Operator):
    await story.home("A103")
    incident = await story.press("A103")
    await wang.done(incident, "take")
    await wang.done(incident, "close", outcome="test")
    await wang.sees(incident, state="closed")


async def test_whoever_is_named_later_brings_a_plan_of_their_own(story: Story, wang: Operator):
    """An unknown pendant: the operator hears that it is her."""
    resident = await story.home("", name="梁淑贞")
    own = await write_plan(story.owner, say("neighbour"), resident=resident)
    incident = await story.press("7777")
    await wang.done(incident, "take")
    assert (await standing(wang, incident))["current"] == "call"
    await wang.done(incident, "assign", resident_id=resident)
    shown = (await wang.client.get(f"/api/v1/incidents/{incident}/plan")).json()
    assert (shown["plan_id"], shown["standing"]["current"]) == (own, "neighbour")
    await wang.done(incident, "plan-steps", step="neighbour")
    await wang.done(incident, "close", outcome="assistance")
