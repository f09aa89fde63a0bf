"""The field's processors share a few connections: none of them may want a second while it holds one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callcenter.core.database import Database
from callcenter.runtime.field import field_processors
from tests.support.clock import HandClock
from tests.support.outbox import SHANGHAI
from tests.support.sealing import SEAL

NOW = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("nth", range(11))
async def test_each_gets_along_with_one_connection(database: Database, nth: int):
    narrow = Database(database.dsn, role=None, pool_size=1)
    processors = field_processors(narrow, SEAL, HandClock(NOW), SHANGHAI)
    await processors[nth].run_once(NOW)
    await narrow.close()
    assert len(processors) == 11, "one parameter for each"
