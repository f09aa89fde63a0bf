"""A street, whoever works there, and their phones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from callcenter.api.application import create_api
from callcenter.core.database import Database
from callcenter.core.sealed import Seal
from tests.support.api import browser, context_for, person, sign_in
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.field import NOW, Field
from tests.support.phones import InHand


@pytest.fixture
async def field(database, owner) -> Field:
    return Field(database, owner, await Community.found(owner))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def seal(tmp_path) -> Seal:
    return Seal.load(tmp_path)


@pytest.fixture(scope="session")
def assembled() -> FastAPI:
    return create_api(context_for(Database("postgresql://nowhere"), HandClock()))


@pytest.fixture
def app(assembled: FastAPI, database, clock, seal) -> FastAPI:
    assembled.state.context = context_for(database, clock, ports={Seal: seal})
    return assembled


@pytest.fixture
async def hand(app: FastAPI, field: Field) -> AsyncIterator[Callable[[], Awaitable[InHand]]]:
    """A new phone, which nobody has let in yet."""
    async with AsyncExitStack() as stack:

        async def hand() -> InHand:
            return InHand(field, await stack.enter_async_context(browser(app)))

        yield hand


@pytest.fixture
async def desk(app: FastAPI, field: Field, owner) -> AsyncIterator[httpx.AsyncClient]:
    """A dispatcher of the street."""
    await person(owner, "desk", ("dispatcher", field.community.street))
    async with browser(app) as client:
        await sign_in(client, "desk")
        yield client
