"""Who stands behind a device, and how the copy in memory follows the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from callcenter.devices.registry import Registry
from callcenter.devices.registry.reading import SLICE
from tests.devices.registry.conftest import dc09
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.reading import read_whole


async def test_a_repeat_is_one_for_as_long_as_the_source_says_else_its_format(
    owner: asyncpg.Connection, community: Community
):
    await owner.execute(
        "INSERT INTO source (name, kind, region_id, retry_horizon_s)"
        " VALUES ('slow', 'dc09', $1, 300), ('usual', 'dc09', $1, NULL), ('phones', 'http_json', $1, NULL)",
        community.root,
    )
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    found = [registry.source(name) for name in ("slow", "usual", "phones")]
    assert [each.retry_horizon_s for each in found if each] == [300, 60, 86_400]


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


async def test_a_device_is_known_in_small_letters_and_in_capitals(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    device = await community.device("Ep-0001x", home)
    await registry.sweep(owner)
    for written in ("Ep-0001x", "EP-0001X", "ep-0001x"):
        assert registry.resolve(dc09(registry), written, clock.now()).device_id == device
        assert registry.device_id("dc09", written) == device
    assert registry.device_id("dc09", "ep-0002x") is None


async def test_a_device_that_calls_before_it_was_read_is_known_in_any_letters(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    device = await community.device("Ep-0001x", await community.home())
    await registry.prepare(owner)
    await registry.find_devices(owner, "dc09", ["EP-0001x"])
    assert registry.device_id("dc09", "eP-0001x") == device


async def test_g8_devices_that_differ_in_capitals_alone_never_call_for_each_other(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    one = await community.device("ep-1", await community.home())
    two = await community.device("EP-1", await community.home(address="榆荫里9号楼"))
    await registry.sweep(owner)
    assert registry.device_id("dc09", "ep-1") == one
    assert registry.device_id("dc09", "EP-1") == two
    await owner.execute("DELETE FROM device_assignment WHERE device_id = $1", one)
    await owner.execute("DELETE FROM device WHERE id = $1", one)
    await registry.sweep(owner)
    assert registry.device_id("dc09", "EP-1") == two


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
    await read_whole(registry, owner)
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
    await read_whole(registry, owner)
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
    await read_whole(registry, owner)
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert [contact.phone for _, contact in caller.recipients] == ["+8613900000002"]


async def test_a_couple_without_a_known_presser_has_both_first_contacts(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    for number, name in (("+8613900000001", "乔文斌"), ("+8613900000002", "陆美云")):
        await community.contact(await community.resident(home, name), 1, number)
    await community.device("1234", home)
    await read_whole(registry, owner)
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
    await read_whole(registry, owner)
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
    assert keys["1234"].encrypted_only is None
    await owner.execute("UPDATE device SET encrypted_only = true")
    await registry.sweep(owner)
    assert keys["1234"].encrypted_only is True
    await owner.execute("UPDATE device SET key_sealed = NULL WHERE id = $1", device)
    await registry.sweep(owner)
    assert "1234" not in keys


async def test_a_removed_device_is_unknown_again(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    device = await community.device("1234", await community.home())
    await registry.sweep(owner)
    await owner.execute("DELETE FROM device WHERE id = $1", device)
    assert await registry.sweep(owner)
    assert not registry.resolve(dc09(registry), "1234", clock.now()).known


async def test_alarms_of_the_first_slice_are_known_before_all_is_read(
    community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    await owner.execute(
        "INSERT INTO home (region_id, address) SELECT $1, 'x' FROM generate_series(1, $2)",
        community.street,
        SLICE,
    )
    home = await community.home()
    device = await community.device("1234", home)
    await owner.execute("UPDATE device SET key_sealed = $2 WHERE id = $1", device, b"k" * 16)
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    assert registry.keys("dc09")["1234"].secret == b"k" * 16
    assert registry.source("dc09") is not None
    known = []
    while await registry.fill(owner):
        assert not registry.complete
        known.append(registry.resolve(dc09(registry), "1234", clock.now()).known)
    assert registry.complete
    assert known == [False, False, False, True]
    assert registry.resolve(dc09(registry), "1234", clock.now()).home_id == home


async def test_what_changes_while_all_is_read_is_found_by_the_sweep(
    community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    old, new = await community.home(), await community.home(address="榆荫里9号楼")
    resident = await community.resident(old)
    moved, gone = await community.device("MOVED", old), await community.device("GONE", old)
    registry = Registry(unseal=lambda sealed, context: sealed)
    await read_whole(registry, owner)
    await registry.prepare(owner)
    assert await registry.fill(owner)  # the homes
    await owner.execute("UPDATE resident SET home_id = $2 WHERE id = $1", resident, new)
    assert await registry.fill(owner)
    assert await registry.fill(owner)  # the devices
    await owner.execute(
        "UPDATE device_assignment SET home_id = $1 WHERE device_id = $2", new, moved
    )
    await owner.execute("UPDATE device SET version = version + 1 WHERE id = $1", moved)
    await owner.execute("DELETE FROM device WHERE id = $1", gone)
    assert not await registry.fill(owner)
    assert await registry.sweep(owner)
    caller = registry.resolve(dc09(registry), "MOVED", clock.now())
    assert (caller.home_id, [person.resident_id for person in caller.people]) == (new, [resident])
    left = registry.home_caller(old, None, clock.now())
    assert left is not None
    assert left.people == ()
    assert not registry.resolve(dc09(registry), "GONE", clock.now()).known
    assert not await registry.sweep(owner)


async def test_a_home_is_found_when_it_is_asked_for_before_its_turn(
    community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    home = await community.home()
    resident = await community.resident(home)
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    assert registry.home_caller(home, None, clock.now()) is None
    await registry.find_home(owner, home)
    found = registry.home_caller(home, None, clock.now())
    assert found is not None
    assert found.resident_id == resident
    await registry.find_home(owner, None)
    await registry.find_home(owner, 4711)
    assert registry.home_caller(4711, None, clock.now()) is None


async def test_a_changed_source_reads_no_device_again(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    await community.device("1234", await community.home())
    await registry.sweep(owner)
    before = registry.resolve(dc09(registry), "1234", clock.now())
    await owner.execute("UPDATE source SET retry_horizon_s = 5")
    assert await registry.sweep(owner)
    assert dc09(registry).retry_horizon_s == 5
    assert registry.resolve(dc09(registry), "1234", clock.now()) is before


async def test_a_changed_region_holds_for_the_next_alarm(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
) -> None:
    await community.device("1234", await community.home())
    await registry.sweep(owner)
    assert registry.resolve(dc09(registry), "1234", clock.now()).settings.hotline == "0999-8012349"
    await owner.execute("UPDATE region SET hotline = '12349'")
    assert await registry.sweep(owner)
    assert registry.resolve(dc09(registry), "1234", clock.now()).settings.hotline == "12349"


async def test_people_grow_older_at_the_midnight_of_their_own_place(
    owner: asyncpg.Connection, community: Community
) -> None:
    """Born on 1 March: in Shanghai that day begins at 16:00 UTC of the day before."""
    home = await community.home()
    await community.device("1234", home, await community.resident(home))
    registry = Registry(lambda sealed, context: sealed, ZoneInfo("Asia/Shanghai"))
    await read_whole(registry, owner)

    def age_at(moment: datetime) -> int:
        age: int = registry.resolve(dc09(registry), "1234", moment).card["people"][0]["age"]
        return age

    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert [age_at(midnight - timedelta(seconds=1)), age_at(midnight)] == [82, 83]
