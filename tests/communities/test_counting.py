"""A tile for each community: who lives there, of which class, with which devices, and which alarms are open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.api import trail

TILES = "/api/v1/communities"


@pytest.fixture
async def places(community):
    """Two communities of one street, the first with a grid."""
    first = await community.region(community.street, "community", "榆荫社区")
    grid = await community.region(first, "grid", "第一网格")
    second = await community.region(community.street, "community", "柳荫社区")
    return first, grid, second


async def tiles_of(client):
    answer = await client.get(TILES)
    assert answer.status_code == 200, answer.text
    return {tile["name"]: tile for tile in answer.json()}


async def alarm(owner, community, home, region, **columns):
    values = {"state": "waiting", "class": "alarm", "mode": "real"} | columns
    await owner.execute(
        "INSERT INTO incident (id, subject, class, kind, mode, state, priority, region_id, region_path, home_id, source, card,"
        " opened_at, last_signal_at) VALUES (gen_random_uuid(), $1, $2, 'sos', $3, $4, 1, $5, $6, $7, 'dc09', '{}', now(), now())",
        f"home:{home}" + values["class"], values["class"], values["mode"], values["state"], region,
        [community.root, community.street, region], home,
    )  # fmt: skip


async def test_grids_are_counted_with_their_community_and_an_empty_one_is_shown(
    signed_in, community, places, owner
):
    first, grid, _ = places
    for region in (first, grid):
        await community.resident(await community.home(region=region))
    await owner.execute("UPDATE home SET lat = 40.2 WHERE region_id = $1", grid)
    tiles = await tiles_of(await signed_in("operator"))
    assert list(tiles) == ["柳荫社区", "榆荫社区"]
    counts = tiles["榆荫社区"]["counts"]
    assert (counts["residents"], counts["homes"]) == (2, 2)
    assert tiles["榆荫社区"]["above"] == "榆荫街道"
    assert tiles["榆荫社区"]["lat"] == pytest.approx(40.1)
    assert (tiles["柳荫社区"]["counts"]["residents"], tiles["柳荫社区"]["lat"]) == (0, None)
    assert [action for action, _ in await trail(owner)] == ["logged_in"]


async def test_who_has_moved_or_died_lives_there_no_more_and_classes_are_counted(
    signed_in, community, places, owner
):
    first, _, _ = places
    home = await community.home(region=first)
    here = await community.resident(home)
    await community.resident(home, status="deceased")
    await community.resident(home, status="moved")
    await owner.execute(
        "UPDATE resident SET welfare = '{no_family,minimum_allowance}', living = 'alone', ability = 'severe',"
        " disability = 'physical', disability_level = '2', party_joined_on = '1966-07-01' WHERE id = $1",
        here,
    )
    counts = (await tiles_of(await signed_in("operator")))["榆荫社区"]["counts"]
    assert counts["residents"] == 1
    assert {name for name, count in counts["classes"].items() if count} == {
        "no_family", "minimum_allowance", "alone", "dependent", "disabled", "high_risk", "party_member",
    }  # fmt: skip


async def test_only_real_open_alarms_count_and_a_device_that_missed_its_signs_is_silent(
    signed_in, community, places, owner, clock
):
    first, _, _ = places
    home = await community.home(region=first)
    await community.source()
    for name, heartbeat, ago in (("a", 60, 200), ("b", 60, 100), ("c", None, 9_999)):
        device = await community.device(name, home)
        await owner.execute(
            "UPDATE device SET region_id = $2, heartbeat_s = $3 WHERE id = $1",
            device,
            first,
            heartbeat,
        )
        seen = clock.now() - timedelta(seconds=ago)
        await owner.execute("INSERT INTO device_last_seen VALUES ($1, $2)", device, seen)
    await alarm(owner, community, home, first)
    await alarm(owner, community, home, first, **{"class": "technical"})
    await alarm(owner, community, await community.home(region=first), first, mode="test")
    counts = (await tiles_of(await signed_in("operator")))["榆荫社区"]["counts"]
    assert (counts["devices"], counts["silent_devices"], counts["open_alarms"]) == (3, 1, 1)


async def test_whoever_has_one_community_sees_that_one_and_a_grid_worker_the_grid(
    signed_in, community, places
):
    first, grid, second = places
    for region in places:
        await community.resident(await community.home(region=region))
    assert list(await tiles_of(await signed_in("community_worker", second))) == ["柳荫社区"]
    assert list(await tiles_of(await signed_in("grid_worker", grid))) == ["第一网格"]
    assert (await (await signed_in("official", first)).get(TILES)).status_code == 403


async def test_many_who_look_within_seconds_are_told_the_same_count(
    signed_in, community, places, clock
):
    first, _, _ = places
    client = await signed_in("operator")
    assert (await tiles_of(client))["榆荫社区"]["counts"]["homes"] == 0
    await community.home(region=first)
    assert (await tiles_of(client))["榆荫社区"]["counts"]["homes"] == 0
    clock.advance(3)
    assert (await tiles_of(client))["榆荫社区"]["counts"]["homes"] == 1
