"""A community with rounds."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core.database import Database
from tests.support.clock import HandClock
from tests.support.rounds import Rounds, found_rounds


@pytest.fixture
async def rounds(owner: asyncpg.Connection, database: Database, clock: HandClock) -> Rounds:
    """At six in the morning of a day without a run."""
    made = await found_rounds(owner, database, clock)
    made.at(6, days=1)
    return made
