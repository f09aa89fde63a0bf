"""What counts as changed: all that a snapshot did not see, and nothing else."""

from __future__ import annotations

import asyncpg

from callcenter.core.database import Database
from callcenter.devices.registry import changes
from callcenter.devices.registry.changes import Snapshot, take_snapshot
from tests.support.community import Community


class Taken:
    """Remembers the ids that were handed over."""

    def __init__(self) -> None:
        self.slices: list[list[int]] = []

    async def take(self, connection: asyncpg.Connection, ids: list[int]) -> None:
        self.slices.append(ids)

    @property
    def ids(self) -> list[int]:
        return sorted(row_id for ids in self.slices for row_id in ids)


async def homes_since(connection: asyncpg.Connection, since: Snapshot) -> list[int]:
    taken = Taken()
    await changes.each_home(connection, since, taken.take)
    return taken.ids


def test_a_snapshot_is_read_as_postgresql_writes_it():
    assert Snapshot.of("10:20:") == Snapshot("20", ())
    assert Snapshot.of("10:20:10,14") == Snapshot("20", ("10", "14"))


async def test_an_open_transaction_lets_nothing_be_read_twice(
    owner: asyncpg.Connection, community: Community, database: Database
):
    first, second = await community.home(), await community.home()
    connection = await database.connect("editor")
    async with connection.transaction():
        await connection.execute("UPDATE home SET floor = 1 WHERE id = $1", first)
        before = await take_snapshot(owner)
        await owner.execute("UPDATE home SET floor = 2 WHERE id = $1", second)
        assert await homes_since(owner, before) == [second]
        after = await take_snapshot(owner)
        assert await homes_since(owner, after) == []
    assert await homes_since(owner, after) == [first]
    assert await homes_since(owner, await take_snapshot(owner)) == []
    await connection.close()


async def test_a_home_changes_with_its_people_and_their_contacts_and_when_it_is_gone(
    owner: asyncpg.Connection, community: Community
):
    homes = [await community.home() for _ in range(4)]
    residents = [await community.resident(home) for home in homes[:2]]
    await community.contact(residents[1])
    since = await take_snapshot(owner)
    await owner.execute("UPDATE resident SET risk = 'low' WHERE id = $1", residents[0])
    await owner.execute("UPDATE contact SET rank = 5")
    await owner.execute("DELETE FROM home WHERE id = $1", homes[3])
    assert await homes_since(owner, since) == [homes[0], homes[1], homes[3]]


async def test_a_resident_without_a_home_is_no_change_of_one(
    owner: asyncpg.Connection, community: Community
):
    home = await community.home()
    kept, other = await community.resident(home), await community.resident(home)
    before = await take_snapshot(owner)
    await owner.execute(
        "UPDATE resident SET merged_into = $2, home_id = NULL WHERE id = $1", other, kept
    )
    assert await homes_since(owner, before) == []


async def test_many_changes_pass_in_slices(owner: asyncpg.Connection, community: Community):
    since = await take_snapshot(owner)
    await owner.execute(
        "INSERT INTO home (region_id, address) SELECT $1, 'x' FROM generate_series(1, $2)",
        community.street,
        2 * changes.SLICE + 1,
    )
    taken = Taken()
    assert await changes.each_home(owner, since, taken.take) == 2 * changes.SLICE + 1
    assert [len(ids) for ids in taken.slices] == [changes.SLICE, changes.SLICE, 1]


async def test_devices_and_sources_change_by_themselves(
    owner: asyncpg.Connection, community: Community
):
    kept, gone = await community.device("A", None), await community.device("B", None)
    since = await take_snapshot(owner)
    assert not await changes.any_source(owner, since)
    await owner.execute("UPDATE device SET label = 'new' WHERE id = $1", kept)
    await owner.execute("DELETE FROM device WHERE id = $1", gone)
    taken = Taken()
    await changes.each_device(owner, since, taken.take)
    assert taken.ids == [kept, gone]
    await owner.execute("UPDATE source SET retry_horizon_s = 5")
    assert await changes.any_source(owner, since)
