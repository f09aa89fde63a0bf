"""The neighbouring district's seats are dead. An operator opens its alarm with a reason, helps, and its supervisor sees it."""

from __future__ import annotations

from callcenter.auth.permissions import Role
from tests.support.story import DUTY, Story

WHY = "东区坐席全部断线，老人按了求助"


async def test_an_operator_of_another_district_helps(story: Story):
    root = story.community.root
    west = await story.community.region(root, "district", "西柳区")
    wang = await story.operator("wang", region=west)
    boss = await story.operator("boss", role=Role.SUPERVISOR, on_duty=False)
    await story.home("1234")
    story.phones.expect(DUTY, "")
    incident = await story.press("1234")
    number = await story.owner.fetchval("SELECT number FROM incident")
    assert incident not in wang.board
    assert await wang.refused(incident, "take") == (404, "not_found")

    [found] = (
        await wang.client.post("/api/v1/emergency-access/find", json={"q": f"#{number}"})
    ).json()
    opened = await wang.client.post(
        "/api/v1/emergency-access", json={"incident_id": found["incident_id"], "reason": WHY}
    )
    assert opened.status_code == 200
    await story.seats.rights.run_once(story.clock.now())
    await wang.sees(incident, state="waiting")
    boss.sits_down()
    await story.sweep("emergency_access")
    [told] = boss.console.messages("emergency_access")
    assert [(one["user_name"], one["reason"]) for one in told["accesses"]] == [("wang同志", WHY)]
    assert wang.console.messages("emergency_access") == [], "it is for who watches over it"

    await wang.done(incident, "take")
    await story.passes(30 * 60)
    # Longer than a quarter of an hour: help is not cut off.
    await wang.sees(incident, state="taken", taken_by=wang.user_id)
    assert (await wang.client.get(f"/api/v1/incidents/{incident}")).status_code == 200
    await wang.done(incident, "close", outcome="test")
    await story.passes(200)
    assert (await wang.client.get(f"/api/v1/incidents/{incident}")).status_code == 404
    assert await story.entries(incident) == ["opened", "taken", "closed"]
