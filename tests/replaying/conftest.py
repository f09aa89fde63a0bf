"""A night of a whole centre whose clock is moved along, its database's too, and an empty system to go through it again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import fields

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.replaying.scratch import Place, give_moved_clock
from tests.replaying.nights import NightStory, WhateverComes
from tests.support.clock import HandClock
from tests.support.place import durable_databases, folder, place
from tests.support.postgres import TestDatabases
from tests.support.story import open_story

__all__ = ["durable_databases", "folder", "place"]


@pytest.fixture
async def dsn(databases: TestDatabases) -> AsyncIterator[str]:
    """A database with all tables and no rows, whose clock can be moved."""
    made = await databases.clone()
    await give_moved_clock(databases.admin_dsn_of(made))
    yield made
    await databases.drop(made)


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[NightStory]:
    """Nobody lives there yet, and nobody is on duty."""
    await owner.execute("UPDATE moved.clock SET at = $1", clock.now())
    async with open_story(database, owner, clock) as made:
        night = NightStory(**{field.name: getattr(made, field.name) for field in fields(made)})
        night.phones = WhateverComes(made.phones.box, made.phones.hooks)
        yield night


@pytest.fixture
async def empty_system(databases: TestDatabases) -> AsyncIterator[Place]:
    """A database that nothing is in, whose clock can be moved."""
    made = await databases.clone()
    place = Place(made, databases.admin_dsn_of(made))
    await give_moved_clock(place.admin_dsn)
    yield place
    await databases.drop(made)
