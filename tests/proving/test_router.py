"""A supervisor asks for a proof of some days, reads it in words, and files it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from callcenter.core.ids import new_id
from callcenter.proving.running import Proofs
from tests.support.api import api_for, browser, person, sign_in, trail
from tests.support.community import Community


@pytest.fixture
async def community(owner) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def proofs(database, clock, tmp_path: Path) -> AsyncIterator[Proofs]:
    made = Proofs(database, clock, tmp_path / "spool")
    yield made
    await made.connections.close()


@pytest.fixture
async def boss(
    database, clock, owner, community: Community, proofs: Proofs
) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor of the street."""
    await person(owner, "boss", ("supervisor", community.street))
    async with browser(api_for(database, clock, ports={Proofs: proofs})) as client:
        await sign_in(client, "boss")
        yield client


def wanted(community: Community, **more: object) -> dict[str, object]:
    days = {"from_day": "2026-03-14", "to_day": "2026-03-14"}
    return {"id": str(new_id()), "region_id": community.street, **days, **more}


async def test_days_are_proved_and_read_in_words(boss, owner, community, proofs):
    body = wanted(community)
    asked = await boss.post("/api/v1/proofs", json=body)
    assert (asked.status_code, asked.json()["since"]) == (202, "2026-03-13T16:00:00Z")
    again = await boss.post("/api/v1/proofs", json=body)
    assert again.json()["id"] == body["id"]
    refused = await boss.post("/api/v1/proofs", json=wanted(community))
    assert refused.json()["error"]["code"] == "proof_running"
    assert (await boss.get(f"/api/v1/proofs/{body['id']}/page")).status_code == 404
    await owner.execute(
        "INSERT INTO heard_count (process_id, source, since, until, settled, liveness, refused, garbage)"
        " VALUES ($1, 'dc09', '2026-03-14 01:00+00', '2026-03-14 02:00+00', 3, 0, 0, 0)",
        new_id(),
    )
    await proofs.work_off()
    shown = (await boss.get(f"/api/v1/proofs/{body['id']}", params={"lang": "en"})).json()
    assert shown["clean"] is False
    received = shown["lines"][0]
    assert received["title"] == "Every signal received has an outcome"
    assert "3 signals" in received["findings"][0]["said"]
    page = await boss.get(f"/api/v1/proofs/{body['id']}/page", params={"lang": "zh-CN"})
    assert "运行证明" in page.text
    assert page.headers["content-disposition"] == 'attachment; filename="proof-20260314.html"'
    [listed] = (await boss.get("/api/v1/proofs")).json()
    assert listed["clean"] is False
    assert [action for action, _ in await trail(owner)][1:] == ["proof_asked", *["proof_seen"] * 2]


@pytest.mark.parametrize(
    "days",
    [
        {"from_day": "2026-03-14", "to_day": "2026-03-13"},
        {"from_day": "2026-03-01", "to_day": "2026-04-01"},
    ],
)
async def test_no_days_and_too_many_days_are_refused(boss, community, days):
    refused = await boss.post("/api/v1/proofs", json=wanted(community, **days))
    assert refused.json()["error"]["code"] == "days_wrong"


async def test_what_was_asked_for_above_is_read_there(boss, owner, community, proofs):
    refused = await boss.post("/api/v1/proofs", json=wanted(community, region_id=community.root))
    assert refused.status_code == 404
    run = new_id()
    await owner.execute(
        "INSERT INTO proof_run (id, since, until, asked_at, asked_by_name, region_path) VALUES ($1, now(), now(), now(), 'x', $2)",
        run,
        [community.root],
    )
    assert (await boss.get("/api/v1/proofs")).json() == []
    assert (await boss.get(f"/api/v1/proofs/{run}")).status_code == 404
