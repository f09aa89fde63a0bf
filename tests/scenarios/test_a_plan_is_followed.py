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
    await story.passes(64)
    assert (await standing(wang, incident))["current"] == "there"
    await wang.done(incident, "plan-steps", step="there", answer="2")
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
        "plan_step", "plan_step", "plan_step", "closed",
    ]  # fmt: skip
    assert (await standing(wang, incident))["undone"] == ["spare", "safe"]


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
