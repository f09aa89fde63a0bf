"""The rest is read while alarms are served, and read on where a lost database broke it off."""

from __future__ import annotations

import asyncpg
import pytest

from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.devices.registry import Registry
from callcenter.devices.registry.filling import Filling
from tests.devices.registry.conftest import dc09
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy


def shown() -> str:
    return metrics.exposition().decode()


async def test_it_fills_until_the_registry_is_complete(
    community: Community, owner: asyncpg.Connection, database: Database, clock: HandClock
):
    await community.device("1234", await community.home())
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    assert "callcenter_registry_complete 0.0" in shown()
    told: list[bool] = []
    filling = Filling(registry, database, on_complete=lambda: told.append(registry.complete))
    while await filling.run_once(clock.now()):
        pass
    assert told == [True]
    assert "callcenter_registry_complete 1.0" in shown()
    assert registry.resolve(dc09(registry), "1234", clock.now()).known
    assert await filling.run_once(clock.now()) == 0
    assert told == [True]


async def test_a_lost_database_breaks_it_off_and_it_reads_on(
    community: Community, owner: asyncpg.Connection, clock: HandClock, dsn: str
):
    await community.device("1234", await community.home())
    registry = Registry(unseal=lambda sealed, context: sealed)
    await registry.prepare(owner)
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        filling = Filling(registry, database, on_complete=lambda: None)
        assert await filling.run_once(clock.now())
        proxy.cut()
        with pytest.raises(Unavailable):
            await filling.run_once(clock.now())
        assert not registry.complete
        proxy.restore()
        while await filling.run_once(clock.now()):
            pass
        await database.close()
    assert registry.resolve(dc09(registry), "1234", clock.now()).known
