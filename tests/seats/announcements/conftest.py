"""The board of tests/seats, and people who sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from callcenter.api.application import create_api
from callcenter.core.ids import new_id
from callcenter.seats.announcements.keeping import Announcements
from tests.seats.conftest import Board
from tests.support.api import browser, context_for, person, sign_in

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def signs_in(board: Board) -> AsyncIterator[SignIn]:
    """Somebody with a role, at the root unless said otherwise."""
    ports = {Announcements: board.seats.announcements}
    app = create_api(context_for(board.database, board.clock, ports=ports))
    async with AsyncExitStack() as stack:

        async def made(login: str, role: str, region: int | None = None) -> httpx.AsyncClient:
            await person(board.owner, login, (role, region or board.community.root))
            client = await stack.enter_async_context(browser(app))
            await sign_in(client, login)
            return client

        yield made


async def announces(client: httpx.AsyncClient, words: str, **body: object) -> httpx.Response:
    """Without an id of its own it is a new one."""
    said = {"id": str(new_id()), "words": words, **body}
    return await client.post("/api/v1/announcements", json=said)
