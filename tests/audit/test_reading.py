"""An auditor reads the trail of the granted regions, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.audit.trail import record
from tests.support.api import person, sign_in


@pytest.fixture
async def written(database, owner, community, clock):
    """Looks in two districts, and a try to log in that belongs to none."""
    east = await community.region(community.root, "district", "东区")
    west = await community.region(community.root, "district", "西区")
    async with database.transaction() as session:
        for number, region in enumerate((east, west, east)):
            await record(
                session,
                at=clock.advance(60),
                principal_id=number,
                action="profile_seen",
                subject=f"home:{number}",
                region_ids=(community.root, region),
            )
        await record(
            session,
            at=clock.advance(60),
            principal_id=None,
            action="login_failed",
            subject="user:unknown",
        )
    return east, west


async def subjects(client, **query) -> list[str]:
    answer = await client.get("/api/v1/audit", params=query)
    assert answer.status_code == 200, answer.text
    return [
        entry["subject"]
        for entry in answer.json()["entries"]
        if entry["action"] not in ("logged_in", "trail_read")
    ]


async def test_an_auditor_of_a_district_reads_what_concerns_the_district(client, owner, written):
    await person(owner, "shenji", ("auditor", written[0]))
    await sign_in(client, "shenji")
    assert await subjects(client) == ["home:2", "home:0"]


async def test_the_auditor_of_the_whole_centre_also_reads_what_has_no_place(
    client, owner, written, community
):
    await person(owner, "shenji", ("auditor", community.root))
    await sign_in(client, "shenji")
    assert await subjects(client) == ["user:unknown", "home:2", "home:1", "home:0"]


async def test_the_trail_is_searched_by_person_subject_action_and_time(
    client, owner, written, community, clock
):
    await person(owner, "shenji", ("auditor", community.root))
    await sign_in(client, "shenji")
    assert await subjects(client, user_id=1) == ["home:1"]
    assert await subjects(client, subject="home:2") == ["home:2"]
    assert await subjects(client, action="login_failed") == ["user:unknown"]
    minutes_ago = clock.now() - timedelta(minutes=2)
    assert await subjects(client, until=minutes_ago.isoformat()) == ["home:0"]
    assert await subjects(client, since=minutes_ago.isoformat()) == [
        "user:unknown",
        "home:2",
        "home:1",
    ]


async def test_the_trail_is_read_page_by_page(client, owner, written):
    await person(owner, "shenji", ("auditor", written[0]))
    await sign_in(client, "shenji")
    query: dict[str, object] = {"action": "profile_seen", "limit": 1}
    first = (await client.get("/api/v1/audit", params=query)).json()
    assert [entry["subject"] for entry in first["entries"]] == ["home:2"]
    second = (await client.get("/api/v1/audit", params=query | {"before": first["before"]})).json()
    assert [entry["subject"] for entry in second["entries"]] == ["home:0"]
    assert second["before"] is None


@pytest.mark.parametrize("role", ["operator", "supervisor", "administrator", "official"])
async def test_nobody_else_reads_the_trail(client, owner, community, role):
    await person(owner, "linlan", (role, community.root))
    await sign_in(client, "linlan")
    assert (await client.get("/api/v1/audit")).status_code == 403
