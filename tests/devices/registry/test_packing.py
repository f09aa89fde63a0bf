"""What PostgreSQL packs is what is unpacked, also where its types hold more than Python's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import asyncpg

from callcenter.devices.registry.packing import (
    DEVICES,
    HOMES,
    card,
    device_id_of,
    unpack_device,
    unpack_home,
    unpack_numbers,
)
from tests.support.community import Community

TODAY = date(2026, 3, 1)


async def packed(owner: asyncpg.Connection, select: str) -> Any:
    return await owner.fetchrow(select)


async def test_a_home_comes_back_with_its_people_and_whom_to_text(
    owner: asyncpg.Connection, community: Community
):
    home = await community.home()
    await owner.execute(
        "UPDATE home SET access_note = E'密码 \"1\\\\2\"\\n', building_id = $1",
        await owner.fetchval(
            "INSERT INTO building (region_id, estate, name, name_en, floors, footprint)"
            " VALUES ($1, '榆荫里', '7号楼', 'Building 7', 6, '[]') RETURNING id",
            community.street,
        ),
    )
    resident = await community.resident(home)
    refuses = await community.contact(resident, 1, "+8613900000001")
    contact = await community.contact(resident, 2, "+8613900000002")
    await community.contact(resident, 3, "+862162345678")
    await owner.execute("UPDATE contact SET sms_consent = false WHERE rank = 1")
    await owner.execute("UPDATE resident SET phone = '+862161234567'")
    row = await packed(owner, HOMES)
    assert row["residents"] == [resident]
    unpacked = unpack_home(row["record"])
    [person] = unpacked.people
    assert (person.name, person.birth_date, person.hazards) == (
        "沈玉兰",
        date(1943, 3, 1),
        ("抗凝药",),
    )
    assert [(each.contact_id, each.phone) for each in person.recipients] == [
        (contact, "+8613900000002")
    ]
    assert [(each.contact_id, each.phone, each.rank) for each in unpack_numbers(row["record"])] == [
        (None, "+862161234567", None),
        (refuses, "+8613900000001", 1),
        (contact, "+8613900000002", 2),
        (contact + 1, "+862162345678", 3),
    ]
    shown = card(unpacked, None, resident, TODAY)
    assert (shown["building"], shown["access_note"]) == ("7号楼", '密码 "1\\2"\n')
    assert (shown["people"][0]["age"], shown["people"][0]["pressed"]) == (83, True)
    assert (unpacked.lat, unpacked.lng) == (40.0, 104.0)


async def test_an_empty_home_has_nobody(owner: asyncpg.Connection, community: Community):
    await community.home()
    row = await packed(owner, HOMES)
    assert (row["residents"], unpack_home(row["record"]).people) == ([], ())


async def test_g3_dates_and_positions_beyond_python_cost_no_alarm(
    owner: asyncpg.Connection, community: Community
):
    home = await community.home()
    await community.resident(home)
    await owner.execute("UPDATE home SET lat = 'NaN', lng = 'Infinity'")
    await owner.execute("UPDATE resident SET birth_date = '0044-03-15 BC'")
    unpacked = unpack_home((await packed(owner, HOMES))["record"])
    assert (unpacked.lat, unpacked.lng) == (None, None)
    assert unpacked.people[0].birth_date is None


async def test_a_device_comes_back_with_its_assignments_in_order(
    owner: asyncpg.Connection, community: Community
):
    homes = [await community.home() for _ in range(3)]
    device = await community.device("1234", None)
    later = datetime(2026, 1, 1, 12, 30, 0, 123456, tzinfo=UTC)
    await owner.execute(
        "INSERT INTO device_assignment (device_id, home_id, valid_from, valid_until)"
        " VALUES ($1, $3, $5, 'infinity'), ($1, $2, '2020-01-01Z', NULL), ($1, $4, '-infinity', $5)",
        device,
        *homes,
        later,
    )
    row = await packed(owner, DEVICES)
    assert device_id_of(row["record"]) == device
    assert set(row["homes"]) == set(homes)
    assignments = unpack_device(row["record"]).assignments
    assert [each.home_id for each in assignments] == [homes[2], homes[0], homes[1]]
    assert [each.valid_until for each in assignments] == [later, None, None]
    assert assignments[2].valid_from == later
    assert [each.holds(later) for each in assignments] == [False, True, True]
