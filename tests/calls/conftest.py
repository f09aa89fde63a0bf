"""A whole centre with call lists, its time moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from callcenter.core.database import Database
from tests.support.calls import Caller, Calls, open_calls
from tests.support.clock import HandClock
from tests.support.story import Story, open_story


@pytest.fixture
async def story(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> AsyncIterator[Story]:
    async with open_story(database, owner, clock) as made:
        yield made


@pytest.fixture
async def calls(story: Story) -> AsyncIterator[Calls]:
    async with open_calls(story) as made:
        yield made


@pytest.fixture
async def wang(calls: Calls) -> Caller:
    return await calls.caller("wang")


@pytest.fixture
async def li(calls: Calls) -> Caller:
    return await calls.caller("li")
