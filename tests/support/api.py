"""The API as a browser meets it: a running application on the test's database, people with a log-in, signed-in clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from callcenter.api.application import create_api
from callcenter.auth.guards import CSRF_HEADER, Context
from callcenter.auth.sessions import Sessions
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from tests.support.community import LONG_AGO

ORIGIN = "http://centre.test"
PASSWORD = "correct horse battery staple"
_CHEAP_HASH = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


async def _nobody() -> None:
    """Nobody is told of changed grants."""


def context_for(
    database: Database,
    clock: Clock,
    *,
    demo: bool = False,
    grants_changed: Callable[[], Awaitable[None]] = _nobody,
    ports: dict[type, object] | None = None,
) -> Context:
    """What the runtime would hand over."""
    return Context(
        database=database,
        clock=clock,
        sessions=Sessions(database, clock),
        secure_cookies=False,
        build="test",
        demo=demo,
        exercise=False,
        site_timezone="Asia/Shanghai",
        grants_changed=grants_changed,
        ports=ports or {},
    )


def api_for(database: Database, clock: Clock, **parts: Any) -> FastAPI:
    """The application as the runtime builds it; `parts` go to `context_for`."""
    return create_api(context_for(database, clock, **parts))


@asynccontextmanager
async def browser(app: FastAPI, address: str = "10.0.0.7") -> AsyncIterator[httpx.AsyncClient]:
    """A client with a cookie jar of its own that comes from `address`."""
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD) -> Any:
    """Log in; later unsafe requests of this client carry its token. Answers with `GET /me`."""
    answer = await client.post("/api/v1/login", json={"login": login, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers[CSRF_HEADER] = answer.json()["csrf_token"]
    return answer.json()


async def person(owner: asyncpg.Connection, login: str, *grants: tuple[str, int]) -> int:
    """Somebody with the password `PASSWORD` and the given (role, region id)."""
    user_id: int = await owner.fetchval(
        "INSERT INTO app_user (login, name, name_en, password_hash, created_at)"
        " VALUES ($1, $2, $1, $3, $4) RETURNING id",
        login,
        f"{login}同志",
        _CHEAP_HASH,
        LONG_AGO,
    )
    for role, region_id in grants:
        await owner.execute(
            "INSERT INTO role_grant (user_id, role, region_id) VALUES ($1, $2, $3)",
            user_id,
            role,
            region_id,
        )
    return user_id


async def trail(owner: asyncpg.Connection, *columns: str) -> list[tuple[Any, ...]]:
    """The audit trail, oldest first."""
    names = ", ".join(columns or ("action", "subject"))
    rows = await owner.fetch(f"SELECT {names} FROM audit_entry ORDER BY id")  # noqa: S608
    return [tuple(row) for row in rows]
