"""Plans over REST: written by those who may, refused with the reason and the step, every version kept, every change audited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from callcenter.core.database import Database
from tests.support.api import api_for, browser, person, sign_in, trail
from tests.support.clock import HandClock
from tests.support.community import Community

PLANS = "/api/v1/plans"
CALL = {"id": "call", "type": "call", "text": "", "whom": "resident", "next": "ask"}
ASK = {
    "id": "ask",
    "type": "question",
    "text": "要氧气吗？",
    "text_en": "Oxygen?",
    "answers": [{"text": "要", "text_en": "Yes", "next": "wait"}, {"text": "不要"}],
}
WAIT = {"id": "wait", "type": "wait", "text": "", "minutes": 10}
STEPS = [CALL, ASK, WAIT]


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def boss(
    database: Database, clock: HandClock, owner: asyncpg.Connection, community: Community
) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor of the street."""
    await person(owner, "boss", ("supervisor", community.street))
    async with browser(api_for(database, clock)) as client:
        await sign_in(client, "boss")
        yield client


async def add(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    body = {"name": "缺氧", "kinds": ["sos"], "steps": STEPS} | fields
    answer = await client.post(PLANS, json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def error_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_plan_of_a_region_and_one_of_a_resident(boss, community):
    resident = await community.resident(await community.home())
    here = await add(boss, region_id=community.street, name_en="Oxygen", kinds=["fall", "fall"])
    own = await add(boss, region_id=community.street, resident_id=resident)
    assert (here["region_id"], here["resident_id"], here["region"]) == (
        community.street,
        None,
        "榆荫街道",
    )
    assert (here["version"], here["kinds"], here["changed_by"]) == (1, ["fall"], "boss同志")
    assert (own["region_id"], own["resident"], own["resident_latin"]) == (
        None,
        "沈玉兰",
        "Shen Yulan",
    )
    assert [step["id"] for step in own["steps"]] == ["call", "ask", "wait"]
    assert own["steps"][1]["answers"][0]["text_en"] == "Yes"
    listed = (await boss.get(PLANS)).json()
    assert [line["id"] for line in listed] == [here["id"], own["id"]]
    shown = (await boss.get(f"{PLANS}/{own['id']}")).json()
    assert shown == own | {"changed_at": shown["changed_at"]}


async def test_every_version_stays_and_says_who_wrote_it(boss, community, owner):
    plan = await add(boss, region_id=community.street)
    path = f"{PLANS}/{plan['id']}"
    change = {"version": 1, "name": "缺氧（新）", "kinds": ["sos", "medical"], "steps": [WAIT]}
    changed = await boss.put(path, json=change)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["version"], changed.json()["name"]) == (2, "缺氧（新）")
    assert error_of(await boss.put(path, json=change)) == (409, "changed_meanwhile")
    versions = (await boss.get(f"{path}/versions")).json()
    assert [(v["version"], v["name"], len(v["steps"]), v["by"]) for v in versions] == [
        (2, "缺氧（新）", 1, "boss同志"),
        (1, "缺氧", 3, "boss同志"),
    ]
    written = [row for row in await trail(owner) if row[0] in ("plan_added", "plan_changed")]
    assert written == [(kind, f"plan:{plan['id']}") for kind in ("plan_added", "plan_changed")]


async def test_when_a_silent_contact_is_rung_is_kept_with_every_version(boss, community):
    plan = await add(boss, region_id=community.street, ring_after_s=90)
    assert plan["ring_after_s"] == 90
    path = f"{PLANS}/{plan['id']}"
    change = {"version": 1, "name": "缺氧", "kinds": ["sos"], "steps": [WAIT]}
    assert (await boss.put(path, json=change)).json()["ring_after_s"] is None
    await boss.put(path, json=change | {"version": 2, "ring_after_s": 0})
    versions = (await boss.get(f"{path}/versions")).json()
    assert [each["ring_after_s"] for each in versions] == [0, None, 90]


async def test_a_plan_that_cannot_be_followed_is_refused_with_every_reason_and_step(
    boss, community, owner
):
    loop = [
        {"id": "a", "type": "instruction", "text": "看", "next": "b"},
        {"id": "b", "type": "instruction", "text": "听", "next": "a"},
        {"id": "c", "type": "instruction", "text": "问"},
    ]
    body = {"name": "圈", "kinds": ["sos"], "region_id": community.street, "steps": loop}
    answer = await boss.post(PLANS, json=body)
    assert error_of(answer) == (422, "plan_refused")
    flaws = answer.json()["error"]["params"]["flaws"]
    assert [(flaw["flaw"], flaw["step"]) for flaw in flaws] == [
        ("never_reached", "c"),
        ("endless_loop", "a"),
    ]
    plan = await add(boss, region_id=community.street)
    refused = await boss.put(f"{PLANS}/{plan['id']}", json={**body, "version": 1})
    assert error_of(refused) == (422, "plan_refused")
    assert await owner.fetchval("SELECT count(*) FROM action_plan_version") == 1


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"kinds": ["heartbeat"]}, (422, "no_plan_for")),
        ({"kinds": []}, (422, "invalid")),
        ({"kinds": ["flood"]}, (422, "invalid")),
        ({"name": ""}, (422, "invalid")),
        ({"steps": []}, (422, "plan_refused")),
        ({"steps": [{**WAIT, "minutes": 0}]}, (422, "invalid")),
        ({"steps": [{**WAIT, "id": "a b"}]}, (422, "invalid")),
        ({"steps": [{**WAIT, "type": "dance"}]}, (422, "invalid")),
        ({"steps": [{**WAIT, "text": "长" * 501}]}, (422, "invalid")),
        ({"ring_after_s": -1}, (422, "invalid")),
        ({"ring_after_s": 1_801}, (422, "invalid")),
        ({"ring_after_s": 1.5}, (422, "invalid")),
        ({"region_id": None}, (422, "no_owner")),
        ({"region_id": 999_999}, (404, "not_found")),
        ({"resident_id": 999_999}, (404, "not_found")),
    ],
)
async def test_what_is_no_plan_is_refused(boss, community, owner, fields, refused):
    body = {"name": "缺氧", "kinds": ["sos"], "steps": STEPS, "region_id": community.street}
    assert error_of(await boss.post(PLANS, json=body | fields)) == refused
    assert await owner.fetchval("SELECT count(*) FROM action_plan") == 0


async def test_of_one_owner_one_plan_is_in_force_for_a_kind(boss, community):
    first = await add(boss, region_id=community.street, kinds=["sos", "fall"])
    body = {"name": "又一个", "kinds": ["fall"], "region_id": community.street, "steps": STEPS}
    answer = await boss.post(PLANS, json=body)
    assert error_of(answer) == (409, "kind_has_plan")
    params = answer.json()["error"]["params"]
    assert (params["kind"], params["plan_id"], params["name"]) == ("fall", first["id"], "缺氧")
    draft = await add(boss, **{**body, "active": False})
    change = {**body, "version": 1, "active": True}
    path = f"{PLANS}/{draft['id']}"
    assert error_of(await boss.put(path, json=change)) == (409, "kind_has_plan")
    retired = {"version": 1, "name": "缺氧", "kinds": ["sos", "fall"], "active": False}
    await boss.put(f"{PLANS}/{first['id']}", json={**retired, "steps": STEPS})
    assert (await boss.put(path, json=change)).json()["active"] is True
    resident = await community.resident(await community.home())
    await add(boss, resident_id=resident, kinds=["fall"])


async def test_a_plan_belongs_to_those_who_write_plans_where_it_holds(
    boss, community, owner, database, clock
):
    """Not above their region, not beside it, and not to operators."""
    plan = await add(boss, region_id=community.street)
    body = {"name": "上级", "kinds": ["sos"], "steps": STEPS, "region_id": community.root}
    assert error_of(await boss.post(PLANS, json=body)) == (404, "not_found")
    await person(owner, "operator", ("operator", community.root))
    await person(owner, "admin", ("administrator", community.root))
    async with browser(api_for(database, clock)) as client:
        await sign_in(client, "operator")
        assert error_of(await client.get(PLANS)) == (403, "forbidden")
        await sign_in(client, "admin")
        assert [line["id"] for line in (await client.get(PLANS)).json()] == [plan["id"]]


async def test_a_draft_is_looked_through_and_played_without_being_written(boss, community, owner):
    async def rehearse(**more: Any) -> dict[str, Any]:
        body = {"region_id": community.street, "steps": STEPS, **more}
        answer = await boss.post(f"{PLANS}/rehearsal", json=body)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    begun = (await rehearse())["standing"]
    assert (begun["current"], begun["answers"]) == (
        "call",
        ["reached", "no_answer", "busy", "done", "declined", "skipped"],
    )
    said = [{"step": "call", "answer": "reached"}, {"step": "ask", "answer": "1"}]
    waiting = (await rehearse(said=said))["standing"]
    assert (waiting["current"], waiting["undone"]) == ("wait", ["wait"])
    assert (await rehearse(said=said, passed_min=10))["standing"]["current"] is None
    flawed = await rehearse(steps=[{**WAIT, "minutes": None}])
    assert flawed["standing"] is None
    assert flawed["flaws"] == [
        {"flaw": "no_minutes", "step": "wait", "field": "minutes", "more": ""}
    ]
    assert await owner.fetchval("SELECT count(*) FROM action_plan") == 0


async def test_the_built_in_plans_can_be_read_and_taken_as_a_beginning(boss, community):
    for number, plan in enumerate((await boss.get(f"{PLANS}/built-in")).json()):
        copied = await add(boss, **{**plan, "name": f"抄{number}", "region_id": community.street})
        assert copied["steps"] == plan["steps"]
