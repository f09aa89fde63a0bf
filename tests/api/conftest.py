"""A centre with its API and a few routes that go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.application import create_api, with_context
from callcenter.core.database import Database
from tests.api.mishaps import hooks, router as mishaps
from tests.support.api import browser, context_for
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture(scope="session")
def with_mishaps() -> FastAPI:
    nowhere = context_for(Database("postgresql://nowhere"), HandClock())
    return create_api(nowhere, routers=[mishaps, hooks])


@pytest.fixture
def app(with_mishaps: FastAPI, database: Database, clock: HandClock) -> FastAPI:
    return with_context(with_mishaps, context_for(database, clock))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as opened:
        yield opened
