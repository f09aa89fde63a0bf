"""The copy of the directory in memory: what a sweep brings, and what an alarm meets while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.devices.registry import Caller, Registry
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy


@dataclass
class Copy:
    """A registry that has read a street with one home, by way of a proxy."""

    registry: Registry
    community: Community
    proxy: FlakyProxy
    database: Database
    clock: HandClock
    home: int
    resident: int
    device: int

    async def sweep(self) -> bool:
        connection = await self.database.connect("sweep")
        try:
            return await self.registry.sweep(connection)
        finally:
            connection.terminate()

    def caller(self, identifier: str = "1234") -> Caller:
        source = self.registry.source("dc09")
        assert source is not None
        return self.registry.resolve(source, identifier, self.clock.now())


@pytest.fixture
async def copy(dsn: str, owner: asyncpg.Connection, clock: HandClock) -> AsyncIterator[Copy]:
    community = await Community.found(owner)
    home = await community.home()
    resident = await community.resident(home)
    await community.contact(resident)
    await community.source()
    device = await community.device("1234", home, resident)
    registry = Registry(unseal=lambda sealed, context: sealed)
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        connection = await database.connect("load")
        await registry.load(connection)
        await connection.close()
        yield Copy(registry, community, proxy, database, clock, home, resident, device)
        await database.close()


async def test_a_changed_home_is_read_again(copy: Copy):
    await copy.community.owner.execute("UPDATE home SET door = '502'")
    assert await copy.sweep()
    assert copy.caller().card["door"] == "502"
    assert not await copy.sweep()


@pytest.mark.parametrize("table", ["home", "device"])
async def test_g3_an_alarm_in_the_middle_of_a_sweep_still_knows_its_home(copy: Copy, table: str):
    """The rows of the changed home or device are on their way while the alarm comes in."""
    await copy.community.owner.execute(f"UPDATE {table} SET region_id = region_id")  # noqa: S608
    query = f"FROM {table} ".encode()
    copy.proxy.hold("up", lambda data: query in data and b"ANY($1)" in data)
    sweep = asyncio.create_task(copy.sweep())
    await copy.proxy.held("up")
    copy.registry.forget_validity()
    caller = copy.caller()
    copy.proxy.release()
    await sweep
    assert (caller.subject, caller.known) == (f"home:{copy.home}", True)


async def test_a_sweep_that_was_cut_off_is_made_again(copy: Copy):
    await copy.community.owner.execute("UPDATE home SET door = '502'")
    copy.proxy.hold("up", lambda data: b"changed_xid >= xid" in data)
    sweep = asyncio.create_task(copy.sweep())
    await copy.proxy.held("up")
    copy.proxy.cut()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await sweep
    copy.proxy.restore()
    await copy.sweep()
    assert copy.caller().card["door"] == "502"


async def test_a_changed_duty_number_is_read_though_nothing_else_changed(copy: Copy):
    await copy.community.owner.execute("UPDATE region SET duty_numbers = '{+8613900000010}'")
    assert await copy.sweep()
    assert copy.caller().settings.duty_numbers == ("+8613900000010",)
    assert not await copy.sweep()


async def test_a_new_region_is_known_before_anybody_lives_there(copy: Copy):
    region = await copy.community.region(copy.community.root, "street", "新街道")
    await copy.sweep()
    assert copy.registry.region_path(region) == (copy.community.root, region)
