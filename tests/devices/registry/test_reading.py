"""The copy in memory while it is read again, or cannot be: no device is forgotten meanwhile, no alarm fails."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.devices.callers import SourceRef
from callcenter.devices.registry import Registry
from tests.devices.registry.conftest import dc09
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy
from tests.support.reading import read_whole


def open_unless_broken(sealed: bytes, context: str) -> bytes:
    if sealed.startswith(b"broken"):
        raise Invalid("cannot be opened", code="seal_broken")
    return sealed


@pytest.fixture
async def registry(owner: asyncpg.Connection, community: Community) -> Registry:
    await community.device("1234", await community.home())
    await owner.execute("UPDATE device SET key_sealed = $1", b"k" * 16)
    made = Registry(open_unless_broken)
    await read_whole(made, owner)
    return made


async def test_one_key_that_cannot_be_opened_hides_no_other_device(
    registry: Registry, community: Community, owner: asyncpg.Connection, clock: HandClock
):
    bad = await community.device("BAD", await community.home())
    await community.device("GOOD", await community.home())
    await owner.execute("UPDATE device SET key_sealed = 'broken' WHERE id = $1", bad)
    await owner.execute("UPDATE source SET hmac_key_id = 'x', hmac_secret_sealed = 'broken'")
    await registry.sweep(owner)
    assert all(
        registry.resolve(dc09(registry), name, clock.now()).known
        for name in ("1234", "BAD", "GOOD")
    )
    assert set(registry.keys("dc09")) == {"1234"}


async def test_no_device_is_unknown_while_all_are_read_again(
    registry: Registry, owner: asyncpg.Connection, clock: HandClock, dsn: str
):
    """Nor when the database goes away in the middle of it."""
    keys = registry.keys("dc09")
    await owner.execute("UPDATE device SET version = version + 1")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        connection = await database.connect("sweep")
        proxy.hold("up", lambda data: b"FROM device" in data and b"key_sealed" in data)
        sweep = asyncio.create_task(registry.sweep(connection))
        await proxy.held("up")
        assert registry.resolve(dc09(registry), "1234", clock.now()).known
        assert "1234" in keys
        proxy.cut()
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await sweep
        connection.terminate()
        await database.close()
    assert registry.resolve(dc09(registry), "1234", clock.now()).known
    assert "1234" in keys


async def test_a_slow_sweep_does_not_put_back_what_a_faster_one_has_read(
    registry: Registry, owner: asyncpg.Connection, clock: HandClock, dsn: str
):
    await owner.execute("UPDATE home SET address = 'the second address'")
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        connection = await database.connect("sweep")
        proxy.hold("down", lambda data: b"the second address" in data)
        slow = asyncio.create_task(registry.sweep(connection))
        await proxy.held("down")
        await owner.execute("UPDATE home SET address = 'the third address'")
        fast = asyncio.create_task(registry.sweep(owner))
        await asyncio.wait((fast,), timeout=0.5)  # the faster one may come first, or has to wait
        proxy.release()
        await asyncio.gather(slow, fast)
        connection.terminate()
        await database.close()
    caller = registry.resolve(dc09(registry), "1234", clock.now())
    assert caller.card["address"] == "the third address"


async def test_g3_a_caller_of_a_region_that_is_not_known_yet_rings_at_the_root(
    registry: Registry, community: Community, clock: HandClock
):
    source = SourceRef("new", "http", region_id=4711)
    caller = registry.resolve(source, "9", clock.now())
    assert caller.region_path == (community.root,)
    assert not caller.known
