"""A centre with two districts, and its API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from callcenter.core.database import Database
from tests.support.api import api_for, browser
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
def hints() -> list[str]:
    """Grows each time the API tells that grants have changed."""
    return []


@pytest.fixture
def app(database: Database, clock: HandClock, hints: list[str]) -> FastAPI:
    async def grants_changed() -> None:
        hints.append("grants")

    return api_for(database, clock, grants_changed=grants_changed)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as opened:
        yield opened
