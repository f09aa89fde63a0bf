"""Who an operator says it is: found in memory, whoever the number belongs to."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from callcenter.devices.callers import Chosen, Match, Whose
from callcenter.devices.registry import Registry
from callcenter.hotline.identifying import identified
from tests.hotline.test_call import CALL, NOW
from tests.support.community import Community
from tests.support.reading import read_whole

NEIGHBOUR = Match(whose=Whose.ORGANISATION, name="社区食堂", region_id=1, organisation_id=4)


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


async def test_anybody_who_is_in_the_records_and_nobody_else(
    owner: asyncpg.Connection, community: Community
):
    home = await community.home()
    resident = await community.resident(home)
    contact = await community.contact(resident, phone="+8613900000001")
    hospital = await owner.fetchval(
        "INSERT INTO organisation (kind, name, region_id, phone) VALUES ('department', '榆荫卫生院', $1, '+8631188886666') RETURNING id",
        community.street,
    )
    registry = Registry(unseal=lambda sealed, context: sealed)
    await read_whole(registry, owner)

    def who(whose: Whose, **ids: int) -> Match | None:
        return identified(Chosen(whose, **ids), CALL, registry, NOW)

    elder = who(Whose.RESIDENT, resident_id=resident)
    assert elder is not None
    assert (elder.whose, elder.resident_id, elder.home_id) == (Whose.RESIDENT, resident, home)
    daughter = who(Whose.CONTACT, contact_id=contact, home_id=home)
    assert daughter is not None
    assert (daughter.whose, daughter.contact_id, daughter.of) == (Whose.CONTACT, contact, elder.name)  # fmt: skip
    assert who(Whose.RESIDENT, resident_id=resident + 1000) is None
    assert who(Whose.CONTACT, contact_id=contact + 1000, home_id=home) is None
    assert who(Whose.DEVICE, device_id=1000) is None
    assert who(Whose.STAFF, staff_id=1000) is None
    house = who(Whose.ORGANISATION, organisation_id=hospital)
    assert house is not None
    assert (house.whose, house.name, house.organisation_id) == (Whose.ORGANISATION, "榆荫卫生院", hospital)  # fmt: skip
    assert who(Whose.ORGANISATION, organisation_id=hospital + 1000) is None


async def test_one_of_those_who_have_the_number_is_as_the_screen_showed_them():
    registry = Registry(unseal=lambda sealed, context: sealed)
    call = replace(CALL, matches=(NEIGHBOUR,))
    chosen = Chosen(Whose.ORGANISATION, organisation_id=4)
    assert identified(chosen, call, registry, NOW) == NEIGHBOUR
    assert identified(chosen, CALL, registry, NOW) is None
