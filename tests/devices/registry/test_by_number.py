"""Who has a number: from the records as they lie in memory, and what is so no longer is not said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from hypothesis import given, strategies as st

from callcenter.devices.callers import Chosen, Match, Whose
from callcenter.devices.registry import Registry
from callcenter.devices.registry.by_number import ByNumber, digits_of
from tests.support.community import Community
from tests.support.reading import read_whole

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAUGHTER = "+8613900000001"
ELDER = "+8631187654321"
KEY = "+8613912345678"


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(1, 5))))
def test_the_columns_hold_what_a_dictionary_would(steps: list[tuple[bool, int, int]]):
    held, plain = ByNumber(), dict[int, set[int]]()
    for puts, nth, owner in steps:
        number = nth * 4093  # all of one shard
        (held.put if puts else held.drop)(number, owner)
        owners = plain.setdefault(number, set())
        (owners.add if puts else owners.discard)(owner)
    for number, owners in plain.items():
        found = list(held.of(number))
        assert (set(found), len(found)) == (owners, len(owners))


def test_a_number_takes_some_twenty_bytes():
    held = ByNumber()
    for nth in range(200_000):
        held.put(8613_000_000_000 + nth * 4_999, nth)
    assert held.bytes_held < 200_000 * 24


@pytest.mark.parametrize(
    ("text", "digits"),
    [(KEY, 8613912345678), ("", None), ("13912345678", None), ("+", None), ("+0861", None), ("+" + "9" * 16, None), ("+１３", None)],
)  # fmt: skip
def test_only_whole_numbers_are_looked_for(text: str, digits: int | None):
    assert digits_of(text) == digits


async def test_residents_contacts_and_devices_are_found_by_their_numbers(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    home = await community.home()
    resident = await community.resident(home)
    contact = await community.contact(resident, phone=DAUGHTER)
    await owner.execute(
        "UPDATE resident SET phone = $2, second_phone = $3 WHERE id = $1", resident, ELDER, KEY
    )
    device = await community.device("77", home, resident)
    await owner.execute("UPDATE device SET sim = '139 1234 5678' WHERE id = $1", device)
    await read_whole(registry, owner)

    [daughter] = registry.holders(DAUGHTER, NOW)
    assert (daughter.whose, daughter.contact_id, daughter.resident_id, daughter.home_id) == (
        Whose.CONTACT, contact, resident, home,
    )  # fmt: skip
    assert (daughter.name, daughter.relation, daughter.of) == ("沈岚", "女儿", "沈玉兰")
    [elder] = registry.holders(ELDER, NOW)
    assert (elder.whose, elder.name, elder.lat, elder.address) == (
        Whose.RESIDENT, "沈玉兰", 40.0, "榆荫里7号楼2单元501",
    )  # fmt: skip
    key, second = registry.holders(KEY, NOW)
    assert (key.whose, key.device_id, key.home_id, key.of) == (
        Whose.DEVICE, device, home, "沈玉兰",
    )  # fmt: skip
    assert second.whose is Whose.RESIDENT
    caller = registry.device_caller(device, NOW)
    assert caller is not None
    assert (caller.subject, caller.device_id, caller.resident_id) == (
        f"home:{home}", device, resident,
    )  # fmt: skip


async def test_a_number_that_was_given_back_is_nobodys(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    home = await community.home()
    resident = await community.resident(home)
    contact = await community.contact(resident, phone=DAUGHTER)
    device = await community.device("77", home)
    await owner.execute("UPDATE device SET sim = $2 WHERE id = $1", device, KEY)
    await read_whole(registry, owner)
    await owner.execute("UPDATE contact SET phone = '+8613900000009' WHERE id = $1", contact)
    await owner.execute("UPDATE device SET sim = '' WHERE id = $1", device)
    await registry.sweep(owner)
    assert (registry.holders(DAUGHTER, NOW), registry.holders(KEY, NOW)) == ([], [])
    [moved] = registry.holders("+8613900000009", NOW)
    assert moved.contact_id == contact


async def test_two_who_share_a_number_stand_side_by_side(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    homes = [await community.home(), await community.home(address="榆荫里8号楼")]
    for home in homes:
        await community.contact(await community.resident(home), phone=DAUGHTER)
    await read_whole(registry, owner)
    assert [each.home_id for each in registry.holders(DAUGHTER, NOW)] == homes


async def test_staff_come_and_go_with_the_sweep(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    def add(name: str, until: object) -> object:
        return owner.execute(
            "INSERT INTO staff (name, phone, region_id, kinds, active_from, active_until)"
            " VALUES ($1, $2, $3, '{grid_worker}', '2020-01-01', $4)",
            name, KEY, community.street, until,
        )  # fmt: skip

    await add("周敏", None)
    await add("走了的人", (NOW - timedelta(days=999)).date())
    assert await registry.sweep(owner)
    [staff] = registry.holders(KEY, NOW)
    assert (staff.whose, staff.name, staff.region_id) == (
        Whose.STAFF, "周敏", community.street,
    )  # fmt: skip
    await owner.execute("UPDATE staff SET active_until = '2021-01-01'")
    assert await registry.sweep(owner)
    assert registry.holders(KEY, NOW) == []
    assert not await registry.sweep(owner)


async def test_organisations_come_and_go_with_the_sweep_behind_whoever_works_there(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    for table, name in (("organisation", "榆荫卫生院"), ("staff", "周敏")):
        kinds = (
            ("kind", "'provider'")
            if table == "organisation"
            else ("kinds, active_from", "'{}', '2020-01-01'")
        )
        await owner.execute(
            f"INSERT INTO {table} (name, phone, region_id, {kinds[0]}) VALUES ($1, $2, $3, {kinds[1]})",  # noqa: S608 - names of this test
            name, KEY, community.street,
        )  # fmt: skip
    assert await registry.sweep(owner)
    works, hospital = registry.holders(KEY, NOW)
    assert (works.whose, hospital.whose) == (Whose.STAFF, Whose.ORGANISATION)
    assert (hospital.name, hospital.relation, hospital.home_id) == ("榆荫卫生院", "provider", None)
    assert not await registry.sweep(owner)
    await owner.execute("UPDATE organisation SET until_day = '2021-01-01'")
    assert await registry.sweep(owner)
    assert registry.holders(KEY, NOW) == [works]


async def test_before_everything_is_read_a_number_is_looked_up_by_itself(
    owner: asyncpg.Connection, community: Community
):
    home, other = await community.home(), await community.home(address="榆荫里8号楼")
    await community.contact(await community.resident(home), phone=DAUGHTER)
    device = await community.device("77", other)
    await owner.execute("UPDATE device SET sim = '(+86) 139-1234-5678' WHERE id = $1", device)
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    assert registry.holders(DAUGHTER, NOW) == registry.holders(KEY, NOW) == []
    for number in (DAUGHTER, KEY, "+8613999999999"):
        await registry.find_number(owner, number)
    assert [each.home_id for each in registry.holders(DAUGHTER, NOW)] == [home]
    assert [each.home_id for each in registry.holders(KEY, NOW)] == [other]
    await read_whole(registry, owner)
    assert [each.home_id for each in registry.holders(DAUGHTER, NOW)] == [home]


async def test_somebody_is_known_by_their_id_as_well(
    owner: asyncpg.Connection, community: Community, registry: Registry
):
    """Whom an operator says it is need not have the number."""
    home = await community.home()
    resident = await community.resident(home)
    contact = await community.contact(resident, phone=DAUGHTER)
    device = await community.device("77", home, resident)
    await read_whole(registry, owner)

    def known(whose: Whose, **ids: int) -> Match | None:
        return registry.known_as(Chosen(whose, **ids), NOW)

    elder = known(Whose.RESIDENT, resident_id=resident)
    assert elder is not None
    assert (elder.name, elder.home_id, elder.address) == ("沈玉兰", home, "榆荫里7号楼2单元501")
    daughter = known(Whose.CONTACT, home_id=home, contact_id=contact)
    assert daughter is not None
    assert (daughter.name, daughter.of) == ("沈岚", "沈玉兰")
    pendant = known(Whose.DEVICE, device_id=device)
    assert pendant is not None
    assert (pendant.home_id, pendant.device_id) == (home, device)
    for whose in Whose:
        assert known(whose) is None
        assert (
            known(
                whose,
                home_id=10**9,
                resident_id=10**9,
                contact_id=10**9,
                device_id=10**9,
                staff_id=10**9,
                organisation_id=10**9,
            )
            is None
        )
