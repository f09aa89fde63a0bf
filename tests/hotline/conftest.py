"""A whole centre with a hotline, its time moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from tests.support.clock import HandClock
from tests.support.hotline import Hotline, Worker, open_hotline
from tests.support.story import Story, open_story


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    async with open_story(database, owner, clock) as made:
        yield made


@pytest.fixture
async def hotline(story: Story) -> AsyncIterator[Hotline]:
    async with open_hotline(story) as made:
        yield made


@pytest.fixture
async def wang(hotline: Hotline) -> Worker:
    return await hotline.worker("wang")
