"""A centre with two communities, and its auditor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from callcenter.core.database import Database
from tests.support.api import api_for, browser, person, sign_in
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
async def auditor(
    database: Database, clock: HandClock, owner: asyncpg.Connection, community: Community
) -> AsyncIterator[httpx.AsyncClient]:
    """Of the whole centre."""
    await person(owner, "shenji", ("auditor", community.root))
    async with browser(api_for(database, clock)) as client:
        await sign_in(client, "shenji")
        yield client
