"""The copy in memory follows the tables, and the tables follow what was heard."""

from __future__ import annotations

from callcenter.devices.refreshing import Directory, LastSeen
from callcenter.devices.registry import Registry
from tests.support.community import Community
from tests.support.reading import read_whole


async def test_a_change_of_the_tables_is_known_after_a_turn(database, owner, clock):
    community = await Community.found(owner)
    registry = Registry(lambda sealed, context: sealed)
    await read_whole(registry, owner)
    directory = Directory(registry, database, interval_s=2.0)
    street = await community.region(community.root, "street", "新街道")
    await directory.run_once(clock.now())
    assert registry.region_path(street) == (community.root, street)
    await directory.connections.close()


async def test_what_was_heard_is_written_and_nothing_is_asked_while_nothing_was(
    database, owner, clock
):
    heard = {1: clock.now()}
    last_seen = LastSeen(heard, database)
    await last_seen.run_once(clock.now())
    assert heard == {}
    assert await owner.fetchval("SELECT seen_at FROM device_last_seen") == clock.now()
    await last_seen.connections.close()
