"""The ground of a process on the test's database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from callcenter.auth.sessions import Sessions
from callcenter.runtime.ground import Ground
from callcenter.settings import Settings, load
from tests.support.clock import HandClock
from tests.support.community import Community


@pytest.fixture
async def community(owner: asyncpg.Connection) -> Community:
    return await Community.found(owner)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(environ={}, overrides={"data_dir": tmp_path})


@pytest.fixture
async def ground(settings: Settings, dsn: str, clock: HandClock) -> AsyncIterator[Ground]:
    """Its clock is moved by hand, so that what sessions remember does not run out during a test."""
    made = Ground(settings, dsn, pool_size=2)
    made.clock = clock
    made.sessions = Sessions(made.database, clock)
    yield made
    await made.database.close()
