"""A fact that ends on a day to come is gone from the resident on that day, by itself and once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from callcenter.records.lapsing import LapsedFacts

A_DAY_S = 86_400


@pytest.fixture
async def lapsed(database):
    made = LapsedFacts(database, ZoneInfo("Asia/Shanghai"))
    yield made
    await made.connections.close()


async def test_an_allowance_until_friday_is_gone_on_friday(editor, community, owner, clock, lapsed):
    body = {"home_id": await community.home(), "name": "沈玉兰", "effective_on": "2026-01-01"}
    who = (await editor.post("/api/v1/residents", json=body)).json()["id"]
    allowance = {
        "kind": "welfare",
        "value": "minimum_allowance",
        "from_day": "2026-03-01",
        "until_day": "2026-03-15",
    }
    class_for_good = {"kind": "welfare", "value": "no_family", "from_day": "2026-03-01"}
    path = f"/api/v1/residents/{who}/past/facts"
    answer = await editor.post(path, json={"put": [allowance, class_for_good]})
    assert answer.status_code == 200, answer.text

    async def shown():
        return await owner.fetchval("SELECT welfare FROM resident")

    await lapsed.run_once(clock.now())
    assert await shown() == ["minimum_allowance", "no_family"]
    clock.advance(A_DAY_S)
    assert await lapsed.run_once(clock.now()) == 0
    assert await shown() == ["no_family"]
    version = await owner.fetchval("SELECT version FROM resident")
    clock.advance(A_DAY_S)
    await lapsed.run_once(clock.now())
    assert await owner.fetchval("SELECT version FROM resident") == version
    assert (
        await owner.fetchval("SELECT count(*) FROM resident_fact WHERE withdrawn_at IS NOT NULL")
        == 0
    )


async def test_a_disability_and_a_membership_until_a_day_are_gone_on_it(
    editor, community, owner, clock, lapsed
):
    body = {"home_id": await community.home(), "name": "沈玉兰", "effective_on": "2026-01-01"}
    who = (await editor.post("/api/v1/residents", json=body)).json()["id"]
    until = {"from_day": "2026-03-01", "until_day": "2026-03-15"}
    facts = [
        {"kind": "disability", "value": "physical", "level": "2"} | until,
        {"kind": "party_member", "value": "member"} | until,
    ]
    await editor.post(f"/api/v1/residents/{who}/past/facts", json={"put": facts})

    async def shown():
        row = await owner.fetchrow(
            "SELECT disability, disability_level, party_joined_on FROM resident"
        )
        return [str(each) for each in row]

    await lapsed.run_once(clock.now())
    assert await shown() == ["physical", "2", "2026-03-01"]
    clock.advance(A_DAY_S)
    await lapsed.run_once(clock.now())
    assert await shown() == ["None", "", "None"]
