"""Stories of a whole centre. A text that a story does not expect fails it, and so does one that never came."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.auth.permissions import Role
from callcenter.core.database import Database
from tests.support.clock import HandClock
from tests.support.story import Operator, Story, open_story


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    """Nobody lives there yet, and nobody is on duty."""
    async with open_story(database, owner, clock) as made:
        yield made
        await made.look()
    await made.ends()


@pytest.fixture
async def wang(story: Story) -> Operator:
    """On duty."""
    return await story.operator("wang")


@pytest.fixture
async def boss(story: Story) -> Operator:
    """A supervisor, on duty."""
    return await story.operator("boss", role=Role.SUPERVISOR)
