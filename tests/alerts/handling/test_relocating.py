"""A home is moved to another region, or its region to another place, while its alarm is open."""

from __future__ import annotations

import pytest

from callcenter.alerts.entries import Relocated
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.handling.relocating import Relocating
from tests.alerts.conftest import Desk


@pytest.fixture(autouse=True)
async def home(desk: Desk) -> int:
    home = await desk.community.home()
    await desk.community.source()
    await desk.community.device("1234", home, await desk.community.resident(home))
    await desk.reload()
    return home


@pytest.fixture
async def west(desk: Desk) -> int:
    return await desk.community.region(desk.community.root, "street", "西柳街道")


async def move(desk: Desk, home: int, region: int) -> None:
    await desk.owner.execute("UPDATE home SET region_id = $2 WHERE id = $1", home, region)


async def taken(desk: Desk, taker: int) -> None:
    await desk.owner.execute(
        "UPDATE incident SET state = 'taken', taken_by = $1, taken_by_name = '王敏', taken_at = $2",
        taker,
        desk.clock.now(),
    )


async def test_g8_an_open_incident_follows_its_home(
    desk: Desk, bench: Workbench, home: int, west: int
):
    root, street = desk.community.root, desk.community.street
    incident = (await desk.press()).incident_id
    await move(desk, home, west)
    await Relocating(bench).run_once(desk.clock.now())
    change = desk.board.changes[-1]
    assert list(change.region_path) == [root, west]
    assert [entry.data for entry in change.entries] == [Relocated(from_path=(root, street))]
    row = await desk.owner.fetchrow("SELECT region_id, region_path, state, ring FROM incident")
    assert tuple(row) == (west, [root, west], "waiting", 2)
    assert await desk.entries(incident) == ["opened", "relocated"]


async def test_one_that_is_where_it_should_be_and_one_that_is_over_stay(
    desk: Desk, bench: Workbench, home: int, west: int
):
    incident = (await desk.press()).incident_id
    await Relocating(bench).run_once(desk.clock.now())
    await taken(desk, 7)
    await desk.owner.execute(
        "UPDATE incident SET state = 'closed', outcome = 'test', closed_at = $1", desk.clock.now()
    )
    await move(desk, home, west)
    await Relocating(bench).run_once(desk.clock.now())
    assert await desk.entries(incident) == ["opened"]


async def test_a_device_without_a_home_is_followed_into_its_new_region(
    desk: Desk, bench: Workbench, west: int
):
    device = await desk.community.device("7777", None)
    await desk.reload()
    incident = (await desk.press("7777")).incident_id
    await desk.owner.execute("UPDATE device SET region_id = $2 WHERE id = $1", device, west)
    await Relocating(bench).run_once(desk.clock.now())
    found = await desk.owner.fetchval("SELECT region_id FROM incident WHERE id = $1", incident)
    assert found == west


async def test_an_unknown_caller_follows_its_region(desk: Desk, bench: Workbench, west: int):
    root, street = desk.community.root, desk.community.street
    incident = (await desk.press("9999")).incident_id
    await desk.owner.execute(
        "UPDATE incident SET region_id = $1, region_path = $2", street, [root, street]
    )
    await desk.owner.execute(
        "UPDATE region SET path = $2 WHERE id = $1", street, [root, west, street]
    )
    await Relocating(bench).run_once(desk.clock.now())
    assert await desk.entries(incident) == ["opened", "relocated"]
    assert list(desk.board.changes[-1].region_path) == [root, west, street]


@pytest.mark.parametrize("state", ["taken", "following"])
async def test_g9_a_taker_who_sees_it_no_more_gives_it_back_and_it_rings(
    desk: Desk, bench: Workbench, home: int, west: int, state: str
):
    taker = await desk.community.user("wang", region=desk.community.street)
    await desk.press()
    await taken(desk, taker)
    await desk.owner.execute(
        "UPDATE incident SET state = $1, follow_due_at = last_signal_at", state
    )
    await move(desk, home, west)
    await Relocating(bench).run_once(desk.clock.now())
    row = await desk.owner.fetchrow("SELECT state, taken_by, ring, marks FROM incident")
    assert tuple(row) == ("waiting", None, 2, ["taker_lost"])


async def test_a_taker_who_sees_it_there_keeps_it(
    desk: Desk, bench: Workbench, home: int, west: int
):
    taker = await desk.community.user("wang")  # of the root
    await desk.press()
    await taken(desk, taker)
    await move(desk, home, west)
    await Relocating(bench).run_once(desk.clock.now())
    row = await desk.owner.fetchrow("SELECT state, taken_by, ring FROM incident")
    assert tuple(row) == ("taken", taker, 1)


async def test_an_alarm_for_a_home_that_has_just_been_merged_becomes_that_of_the_one_kept(
    desk: Desk, bench: Workbench, home: int
):
    kept = await desk.community.home(address="七号楼二单元501室")
    resident = await desk.community.resident(kept)
    other = await desk.owner.fetchval("SELECT id FROM resident WHERE home_id = $1", home)
    await desk.owner.execute("UPDATE home SET merged_into = $2 WHERE id = $1", home, kept)
    await desk.owner.execute(
        "UPDATE resident SET merged_into = $2, home_id = NULL WHERE id = $1", other, resident
    )
    incident = (await desk.press()).incident_id  # the registry has not heard of it
    assert incident is not None
    await desk.owner.execute("UPDATE incident SET resident_id = $1", other)
    await Relocating(bench).run_once(desk.clock.now())
    row = await desk.owner.fetchrow("SELECT home_id, resident_id, state FROM incident")
    assert tuple(row) == (kept, resident, "waiting")
    assert await desk.entries(incident) == ["opened"]
