"""Paths stay right, however the tree is changed."""

import pytest

from callcenter.core.errors import Conflict, NotFound
from callcenter.regions.upkeep import add_region, find_region, move_region, root_region


async def add(session, parent, name):
    return await add_region(session, parent, level="community", name=name, name_en=name)


async def test_there_is_one_root_and_it_is_made_when_missing(database):
    async with database.transaction() as session:
        root = await root_region(session)
        assert (root.path, root.level) == ([root.id], "root")
        assert (await root_region(session)).id == root.id


async def test_a_moved_region_takes_everything_below_along(database, owner):
    async with database.transaction() as session:
        root = await root_region(session)
        east, west = await add(session, root, "east"), await add(session, root, "west")
        middle = await add(session, east, "middle")
        leaf = await add(session, middle, "leaf")
        await move_region(session, middle, west)
        assert middle.path == [root.id, west.id, middle.id]
    assert await owner.fetchval("SELECT path FROM region WHERE id = $1", leaf.id) == [
        root.id,
        west.id,
        middle.id,
        leaf.id,
    ]


async def test_a_region_never_lies_below_itself(database):
    async with database.transaction() as session:
        root = await root_region(session)
        above = await add(session, root, "above")
        below = await add(session, above, "below")
        for moved, parent, code in (
            (above, below, "region_ring"),
            (above, above, "region_ring"),
            (root, above, "root_region"),
        ):
            with pytest.raises(Conflict) as caught:
                await move_region(session, moved, parent)
            assert caught.value.code == code


async def test_a_region_that_is_not_there_is_said_to_be_missing(database):
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await find_region(session, 404)
