"""A centre with its API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from callcenter.core.database import Database
from tests.support.api import api_for, browser
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def client(database: Database, clock: HandClock) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(api_for(database, clock)) as opened:
        yield opened
