"""Fixtures: a centre with two streets, and clients of people signed in with different rights. Conftests import them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.application import create_api
from callcenter.communities.counting import Tallies
from callcenter.core.confined import Confines
from callcenter.core.database import Database
from callcenter.core.sealed import Seal
from callcenter.directory.handing_out import Exports
from callcenter.directory.jobs import ImportJobs
from callcenter.residents.access import DirectoryHint
from tests.support.api import browser, context_for, person, sign_in
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
def hints() -> list[str]:
    """Grows each time the API tells that the directory has changed."""
    return []


@pytest.fixture(scope="session")
def assembled() -> FastAPI:
    """The routes, put together once: that takes half a second. Each test gives them a context of its own."""
    return create_api(context_for(Database("postgresql://nowhere"), HandClock()))


@pytest.fixture
def app(
    assembled: FastAPI, database: Database, clock: HandClock, hints: list[str], tmp_path: Path
) -> FastAPI:
    async def hint() -> None:
        hints.append("directory")

    seal = Seal.load(tmp_path)
    ports = {
        Seal: seal,
        DirectoryHint: hint,
        Exports: Exports(tmp_path / "exports"),
        ImportJobs: ImportJobs(tmp_path / "imports", seal),
        Confines: Confines(),
        Tallies: Tallies(),
    }
    assembled.state.context = context_for(database, clock, ports=ports)
    return assembled


@pytest.fixture
async def elsewhere(community: Community) -> int:
    """A street in which nobody of these tests but the root's people has a grant."""
    return await community.region(community.root, "street", "槐荫街道")


@pytest.fixture
async def signed_in(app, owner, community):
    """A client of somebody with one role in 榆荫街道, or where else it is said."""
    async with AsyncExitStack() as stack:

        async def signed_in(role: str, region: int | None = None) -> httpx.AsyncClient:
            login = f"{role}{region or ''}"
            await person(owner, login, (role, region or community.street))
            client = await stack.enter_async_context(browser(app))
            await sign_in(client, login)
            return client

        yield signed_in


@pytest.fixture
async def editor(signed_in) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor of 榆荫街道."""
    return await signed_in("supervisor")


@pytest.fixture
async def operator(signed_in) -> httpx.AsyncClient:
    return await signed_in("operator")
