"""A county becomes a district on the first of a month: entered before, withdrawn before, and right on that day by itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from callcenter.directory.codes_to_come import CodesToCome

SHANGHAI = ZoneInfo("Asia/Shanghai")
OLD, NEW, OTHER = "620999001000", "621002001000", "621003001000"


@pytest.fixture
async def clockwork(database):
    made = CodesToCome(database, SHANGHAI)
    yield made
    await made.connections.close()


@pytest.fixture
async def admin(signed_in, community):
    return await signed_in("administrator", community.root)


@pytest.fixture
def give(admin):
    async def give(region: int, code: str | None, day: str | None = None) -> str:
        said = {"code": code, "code_from": day}
        answer = await admin.patch(f"/api/v1/regions/{region}", json=said)
        return answer.json()["error"]["code"] if answer.is_error else answer.json()["code"] or ""

    return give


async def codes(admin, region):
    found = (await admin.get(f"/api/v1/regions/{region}/codes")).json()
    return [(one["code"], one["from_day"], one["until_day"]) for one in found]


async def test_it_holds_from_its_day_without_anybody_doing_anything(
    admin, give, community, owner, clockwork, clock
):
    street = community.street
    assert await give(street, OLD, "2025-01-01") == OLD
    assert await give(street, NEW, "2026-04-01") == OLD
    planned = [(NEW, "2026-04-01", None), (OLD, "2025-01-01", "2026-04-01")]
    assert await codes(admin, street) == planned
    read = await owner.fetchval("SELECT sum(version) FROM source")

    async def today_at(*moment: int) -> str:
        await clockwork.run_once(datetime(*moment, tzinfo=SHANGHAI))
        return (await admin.get(f"/api/v1/regions/{street}")).json()["code"]

    assert await today_at(2026, 3, 31, 23, 59) == OLD
    assert await owner.fetchval("SELECT sum(version) FROM source") == read
    assert await today_at(2026, 4, 1, 0, 1) == NEW
    assert await codes(admin, street) == planned
    [changed] = (await admin.get(f"/api/v1/regions/{street}/changes")).json()[:1]
    assert changed["after"] == {"code": NEW, "code_from": "2026-04-01"}


async def test_it_can_be_withdrawn_before(admin, give, community):
    street = community.street
    await give(street, OLD, "2025-01-01")
    await give(street, NEW, "2026-04-01")
    assert await give(street, OTHER, "2026-05-01") == "code_to_come"
    path = f"/api/v1/regions/{street}/codes/to-come"
    assert (await admin.delete(path)).status_code == 204
    assert await codes(admin, street) == [(OLD, "2025-01-01", None)]
    assert (await admin.delete(path)).status_code == 404
    assert await give(street, OTHER, "2026-05-01") == OLD


async def test_a_change_before_it_holds_until_its_day(admin, give, community):
    street = community.street
    await give(street, OLD, "2025-01-01")
    await give(street, NEW, "2026-04-01")
    assert await give(street, OTHER, "2026-02-01") == OTHER
    assert await codes(admin, street) == [
        (NEW, "2026-04-01", None),
        (OTHER, "2026-02-01", "2026-04-01"),
        (OLD, "2025-01-01", "2026-02-01"),
    ]


async def test_two_regions_change_their_codes_with_each_other(
    admin, give, community, elsewhere, owner, clockwork
):
    street = community.street
    await give(street, OLD, "2025-01-01")
    await give(elsewhere, NEW, "2025-01-01")
    assert await give(street, NEW, "2026-04-01") == "code_taken"
    assert await give(elsewhere, OTHER, "2026-04-01") == NEW
    assert await give(street, NEW, "2026-04-01") == OLD
    # What another one is promised cannot be kept back.
    taken = await admin.delete(f"/api/v1/regions/{elsewhere}/codes/to-come")
    assert taken.json()["error"]["code"] == "code_taken"
    await clockwork.run_once(datetime(2026, 4, 1, 0, 1, tzinfo=SHANGHAI))
    rows = await owner.fetch("SELECT id, code FROM region WHERE code IS NOT NULL")
    assert {row["id"]: row["code"] for row in rows} == {street: NEW, elsewhere: OTHER}


async def test_only_a_region_that_is_there_has_one(admin, give, community):
    assert await give(community.street, None, "2026-04-01") == "code_day"
    new = {"parent_id": community.root, "level": "street", "name": "柳荫", "code": NEW}
    answer = await admin.post("/api/v1/regions", json=new | {"code_from": "2026-04-01"})
    assert answer.json()["error"]["code"] == "code_day"
