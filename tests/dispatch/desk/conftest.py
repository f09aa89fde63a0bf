"""A street with people who can be sent, and dispatchers at their desks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.support.api import api_for, browser, person, sign_in
from tests.support.clock import HandClock
from tests.support.field import NOW, Field

Enter = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def enter(field: Field, clock: HandClock) -> AsyncIterator[Enter]:
    """Somebody logs in, by default a dispatcher of everything, at the time of the field's tests."""
    clock.advance((NOW - clock.now()).total_seconds())
    app = api_for(field.database, clock)
    async with AsyncExitStack() as stack:

        async def one(
            login: str = "zhou", role: str = "dispatcher", region: int | None = None
        ) -> httpx.AsyncClient:
            await person(field.owner, login, (role, region or field.community.root))
            client = await stack.enter_async_context(browser(app))
            await sign_in(client, login)
            return client

        yield one


@pytest.fixture
async def zhou(enter: Enter) -> httpx.AsyncClient:
    return await enter()
