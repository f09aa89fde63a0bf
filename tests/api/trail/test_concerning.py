"""A family asks who has looked at their mother: every look at her is told, and none at anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from callcenter.audit.trail import record
from callcenter.core.ids import new_id

DAY = timedelta(days=1)
MOVED_ON = datetime(2026, 2, 1, tzinfo=UTC)


@asynccontextmanager
async def on(owner: asyncpg.Connection, day: datetime) -> AsyncIterator[None]:
    """Whatever is written in the block holds from this day."""
    today = MOVED_ON.date().isoformat()
    said = {"today": today, "day": f"{day:%Y-%m-%d}", "at": str(MOVED_ON), "source": "api"}
    async with owner.transaction():
        for name, value in said.items():
            await owner.execute("SELECT set_config('callcenter.' || $1, $2, true)", name, value)
        yield


@pytest.fixture
async def homes(community, owner):
    """Her old home, where others live since February, and her new one."""
    old, new = await community.home(), await community.home(address="榆荫里9号楼1单元101")
    async with on(owner, MOVED_ON - 9 * DAY):
        mother = await community.resident(old)
    async with on(owner, MOVED_ON):
        await owner.execute("UPDATE resident SET home_id = $2 WHERE id = $1", mother, new)
    return mother, old, new


@pytest.fixture
def write(database, community):
    async def look(action: str, subject: str, at: datetime, regions=None, **detail: object) -> None:
        async with database.transaction() as session:
            await record(
                session,
                at=at,
                principal_id=7,
                action=action,
                subject=subject,
                region_ids=regions or (community.root, community.street),
                detail=detail,
            )

    return look


async def told(auditor, resident: int) -> list[str]:
    answer = await auditor.get("/api/v1/audit", params={"resident_id": resident})
    assert answer.status_code == 200, answer.text
    return [f"{each['action']} {each['subject']}" for each in reversed(answer.json()["entries"])]


async def test_looks_at_her_at_her_homes_and_in_lists_are_told(auditor, homes, write):
    mother, old, new = homes
    before, after = MOVED_ON - DAY, MOVED_ON + DAY
    await write("resident_seen", f"resident:{mother}", before)
    await write("profile_seen", f"home:{old}", before)
    await write("profile_seen", f"home:{new}", after)
    await write("residents_searched", "residents", after, ids=[mother, mother + 1])
    await write("incidents_listed", "incidents", after, home_ids=[new])
    await write("homes_searched", "homes", after, ids=[new])
    await write("plans_listed", "plans", after, resident_ids=[mother])
    assert await told(auditor, mother) == [
        f"resident_seen resident:{mother}",
        f"profile_seen home:{old}",
        f"profile_seen home:{new}",
        "residents_searched residents",
        "incidents_listed incidents",
        "homes_searched homes",
        "plans_listed plans",
    ]


async def test_looks_at_others_are_not(auditor, homes, write):
    mother, old, new = homes
    before, after = MOVED_ON - DAY, MOVED_ON + DAY
    await write("resident_seen", f"resident:{mother + 1}", after)
    await write("profile_seen", f"home:{old}", after)  # others live there by then
    await write("profile_seen", f"home:{new}", before)
    await write("incidents_listed", "incidents", after, home_ids=[old])
    await write("residents_searched", "residents", after, ids=[mother + 1])
    await write("devices_searched", "devices", after, ids=[mother, new])
    assert await told(auditor, mother) == []


async def test_an_incident_at_her_home_is_told_while_she_lived_there(
    auditor, homes, write, owner, community
):
    mother, old, _ = homes
    for at in (MOVED_ON - DAY, MOVED_ON + DAY):
        incident = new_id()
        await owner.execute(
            "INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, source, card,"
            " opened_at, last_signal_at, state, outcome, closed_at)"
            " VALUES ($1, $2, 'alarm', 'sos', 1, $3, $4, $5, 'dc09', '{}', $6, $6, 'closed', 'test', $6)",
            incident,
            f"home:{old}",
            community.street,
            [community.root, community.street],
            old,
            at,
        )
        await write("card_pushed", f"incident:{incident}", at)
    assert len(await told(auditor, mother)) == 1


async def test_a_file_with_everybody_of_her_street_is_told_and_one_of_another_is_not(
    auditor, homes, write, community
):
    mother, _, _ = homes
    other = await community.region(community.root, "street", "槐荫街道")
    at = MOVED_ON + DAY
    root, street = community.root, community.street
    await write("residents_exported", "residents", at, regions=(root, street))
    await write("residents_exported", "residents", at, regions=(root, other))
    await write("residents_exported", "residents", at, regions=(root,))
    assert await told(auditor, mother) == ["residents_exported residents"] * 2


async def test_that_somebody_asked_the_trail_about_her_is_told_the_next_time(auditor, homes):
    mother, _, _ = homes
    assert await told(auditor, mother) == []
    assert await told(auditor, mother) == [f"trail_read resident:{mother}"]
