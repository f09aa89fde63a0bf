"""A night of a whole centre, and an empty system to go through it again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.replaying.scratch import Place, give_moved_clock
from tests.replaying.nights import WhateverComes
from tests.support.clock import HandClock
from tests.support.place import durable_databases, folder, place
from tests.support.postgres import TestDatabases
from tests.support.story import Story, open_story

__all__ = ["durable_databases", "folder", "place"]


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    """Nobody lives there yet, and nobody is on duty."""
    async with open_story(database, owner, clock) as made:
        made.phones = WhateverComes(made.phones.box, made.phones.hooks)
        yield made


@pytest.fixture
async def empty_system(databases: TestDatabases) -> AsyncIterator[Place]:
    """A database that nothing is in, whose clock can be moved."""
    dsn = await databases.clone()
    place = Place(dsn, databases.admin_dsn_of(dsn))
    await give_moved_clock(place.admin_dsn)
    yield place
    await databases.drop(dsn)
