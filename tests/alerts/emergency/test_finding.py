"""Whom an operator means beyond their regions: by exact words, and never a list."""

from __future__ import annotations

import pytest

from callcenter.alerts.emergency.finding import find_elsewhere
from callcenter.core.errors import Invalid
from tests.support.community import Community
from tests.support.districts import District, found_district


@pytest.fixture
async def east(owner) -> District:
    return await found_district(await Community.found(owner), "东榆", "+8613900000011", 40.123456)


@pytest.fixture
async def reader(database, east):
    connection = await database.connect("reader")
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "typed", ["沈东榆", "Shen 东榆", "shen 东榆", "139 0000 0011", "东榆里7号楼2单元501"]
)
async def test_a_full_name_a_number_or_an_address_finds_the_home(
    reader, east: District, typed: str
):
    [found] = await find_elsewhere(reader, typed)
    assert (found.home_id, found.label) == (east.ids["home_id"], "东榆里7号楼2单元501")
    assert str(found.incident_id) == east.ids["incident_id"], "and the alarm that rings there"


@pytest.mark.parametrize("typed", ["沈", "沈东", "139000000", "东榆里", "%", "東榆"])
async def test_a_part_of_it_finds_nobody(reader, typed: str):
    assert await find_elsewhere(reader, typed) == []


async def test_the_number_of_an_open_incident_finds_it(reader, owner, east: District):
    number = await owner.fetchval(
        "SELECT number FROM incident WHERE id = $1", east.ids["incident_id"]
    )
    for typed in (f"#{number}", str(number)):
        [found] = await find_elsewhere(reader, typed)
        assert str(found.incident_id) == east.ids["incident_id"]
    await owner.execute("UPDATE incident SET state = 'taken', taken_by = 1")
    await owner.execute("UPDATE incident SET state = 'closed', outcome = 'test', closed_at = now()")
    assert await find_elsewhere(reader, f"#{number}") == []


async def test_too_many_of_one_name_are_not_listed(reader, owner, east: District):
    community = Community(owner, east.region_id, east.region_id)
    for n in range(6):
        home = await community.home(region=east.region_id, address=f"{n}号")
        await community.resident(home, name="王芳")
    with pytest.raises(Invalid) as refused:
        await find_elsewhere(reader, "王芳")
    assert refused.value.code == "too_many_found"
