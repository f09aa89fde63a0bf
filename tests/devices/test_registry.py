"""Who stands behind a device, and how the copy in memory follows the tables."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from callcenter.devices.callers import SourceRef
from callcenter.devices.registry import Registry
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    founded = await Community.found(owner)
    await founded.source()
    return founded


@pytest.fixture
async def registry(owner: asyncpg.Connection, community: Community) -> Registry:
    made = Registry(unseal=lambda sealed, context: sealed)
    await made.load(owner)
    return made


def dc09(registry: Registry) -> SourceRef:
    source = registry.source("dc09")
    assert source is not None
    return source


async def test_a_device_that_was_added_is_known_after_the_next_sweep(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    resident = await community.resident(home)
    await community.device("1234", home, resident)
    assert not registry.resolve(dc09(registry), "1234", clock.now()).known
    assert await registry.sweep(owner)
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert caller.subject == f"home:{home}"
    assert caller.card["people"][0]["pressed"]
    assert not await registry.sweep(owner)


async def test_a_resident_who_moved_is_shown_in_the_new_home_alone(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    old, new = await community.home(), await community.home(address="榆荫里9号楼")
    resident = await community.resident(old)
    await community.device("OLD", old)
    await community.device("NEW", new)
    await registry.sweep(owner)
    await owner.execute("UPDATE resident SET home_id = $2 WHERE id = $1", resident, new)
    await registry.sweep(owner)
    assert registry.resolve(dc09(registry), "OLD", clock.now()).people == ()
    assert len(registry.resolve(dc09(registry), "NEW", clock.now()).people) == 1


async def test_an_assignment_begins_and_ends_with_time(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    device = await community.device("1234", None)
    await owner.execute(
        "INSERT INTO device_assignment (device_id, home_id, valid_from, valid_until) VALUES ($1, $2, $3, $4)",
        device,
        home,
        clock.now() + timedelta(hours=1),
        clock.now() + timedelta(hours=2),
    )
    await registry.load(owner)
    subjects = []
    for _ in range(3):
        subjects.append(registry.resolve(dc09(registry), "1234", clock.now()).subject)
        clock.advance(3600)
    assert subjects == [f"device:{device}", f"home:{home}", f"device:{device}"]


async def test_ages_grow_on_birthdays(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    await community.resident(home)  # born on 1 March 1943
    await community.device("1234", home)
    await registry.load(owner)
    before = clock.now().replace(month=2, day=28)
    after = clock.now().replace(month=3, day=1)
    source = dc09(registry)
    ages = [registry.resolve(source, "1234", at).card["people"][0]["age"] for at in (before, after)]
    assert ages == [82, 83]


async def test_only_numbers_that_take_texts_are_recipients_in_rank_order(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    resident = await community.resident(home)
    await community.contact(resident, 1, "+861062345678")  # a landline
    await community.contact(resident, 2, "+8613900000002")
    await community.contact(resident, 3, "+8613900000003")
    await community.device("1234", home, resident)
    await registry.load(owner)
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert [contact.phone for _, contact in caller.recipients] == ["+8613900000002"]


async def test_a_couple_without_a_known_presser_has_both_first_contacts(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    for number, name in (("+8613900000001", "乔文斌"), ("+8613900000002", "陆美云")):
        await community.contact(await community.resident(home, name), 1, number)
    await community.device("1234", home)
    await registry.load(owner)
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert {contact.phone for _, contact in caller.recipients} == {
        "+8613900000001",
        "+8613900000002",
    }
    assert not any(person["pressed"] for person in caller.card["people"])


async def test_settings_are_inherited_from_the_nearest_region(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    grid = await community.region(community.street, "grid", "一网格", sms_policy=None)
    home = await community.home(region=grid)
    await community.device("1234", home)
    await registry.load(owner)
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert caller.region_path == (community.root, community.street, grid)
    assert caller.settings.sms_policy == "at_once"
    assert caller.settings.duty_numbers == ("+8613900000009",)


async def test_device_keys_are_a_live_view(
    registry: Registry, community: Community, owner: asyncpg.Connection
) -> None:
    keys = registry.keys("dc09")
    device = await community.device("1234", None)
    await owner.execute("UPDATE device SET key_sealed = $2 WHERE id = $1", device, b"k" * 16)
    await registry.sweep(owner)
    assert keys["1234"].secret == b"k" * 16
    await owner.execute("UPDATE device SET key_sealed = NULL WHERE id = $1", device)
    await registry.sweep(owner)
    assert "1234" not in keys


async def test_a_removed_device_is_unknown_again(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    device = await community.device("1234", await community.home())
    await registry.sweep(owner)
    await owner.execute("DELETE FROM device WHERE id = $1", device)
    await owner.execute("UPDATE source SET version = version + 1 WHERE name = 'dc09'")
    await registry.sweep(owner)
    assert not registry.resolve(dc09(registry), "1234", clock.now()).known
