"""A device that calls before it has been read: looked up at once, and never waited for longer than a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.core.database import Database
from callcenter.devices.registry import Registry, seeking
from callcenter.devices.registry.seeking import Seeking
from tests.devices.registry.conftest import dc09
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy


@pytest.fixture
async def unread(owner: asyncpg.Connection, community: Community) -> Registry:
    """A registry that has read no home and no device; there are three of each, 1 to 3."""
    for name in "123":
        home = await community.home()
        await community.resident(home)
        await community.device(name, home)
    made = Registry(unseal=lambda sealed, context: sealed)
    await made.prepare(owner)
    return made


def known(registry: Registry, clock: HandClock) -> list[bool]:
    return [registry.resolve(dc09(registry), name, clock.now()).known for name in "123"]


@asynccontextmanager
async def seeking_behind(proxy: FlakyProxy, registry: Registry) -> AsyncIterator[Seeking]:
    """Its way to PostgreSQL leads through the proxy, and is open already."""
    database = Database(proxy.dsn)
    seeks = Seeking(registry, database)
    await seeks.open()
    await seeks.seek("dc09", ["nobody"])
    yield seeks
    await seeks.close()
    await database.close()


async def test_g3_a_device_that_has_not_been_read_is_looked_up_with_its_home(
    unread: Registry, database: Database, clock: HandClock
):
    seeks = Seeking(unread, database)
    await seeks.seek("dc09", ["1", "1", "unknown", "with\0nul", "\ud800"])
    assert known(unread, clock) == [True, False, False]
    caller = unread.resolve(dc09(unread), "1", clock.now())
    assert caller.card["people"][0]["name"] == "沈玉兰"
    assert not seeks.gave_up
    await seeks.close()


async def test_all_that_wait_are_looked_up_in_one_query(
    unread: Registry, clock: HandClock, dsn: str
):
    async with FlakyProxy.to_postgres(dsn) as proxy, seeking_behind(proxy, unread) as seeks:
        sent: list[bytes] = []
        proxy.hold("up", lambda data: bool(sent.append(data)))  # it holds nothing, and sees all
        await asyncio.gather(*(seeks.seek("dc09", [name]) for name in "1232"))
    assert known(unread, clock) == [True, True, True]
    [second] = [data for data in sent if as_element("2") in data]
    assert as_element("3") in second
    assert as_element("1") not in second


def as_element(text: str) -> bytes:
    """As it travels within an array."""
    return len(text).to_bytes(4, "big") + text.encode()


async def test_signals_of_one_device_keep_their_order(unread: Registry, dsn: str):
    async with FlakyProxy.to_postgres(dsn) as proxy, seeking_behind(proxy, unread) as seeks:
        arrived: list[int] = []

        async def arrive(number: int) -> None:
            await seeks.seek("dc09", ["2"])
            arrived.append(number)

        proxy.hold("up")
        held = asyncio.create_task(seeks.seek("dc09", ["1"]))
        await proxy.held("up")
        waiting = [asyncio.create_task(arrive(number)) for number in range(5)]
        await asyncio.sleep(0)
        proxy.release()
        await asyncio.gather(held, *waiting)
    assert arrived == [0, 1, 2, 3, 4]


async def test_g3_a_database_that_says_nothing_holds_no_alarm_for_long(
    unread: Registry, clock: HandClock, dsn: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seeking, "SEEK_S", 0.2)
    async with FlakyProxy.to_postgres(dsn) as proxy, seeking_behind(proxy, unread) as seeks:
        proxy.hold("up", only_present=True)
        with capture_logs() as logs:
            async with asyncio.timeout(5):
                await seeks.seek("dc09", ["1"])
        assert [entry["event"] for entry in logs] == ["device_not_looked_up"]
        assert seeks.gave_up
        assert known(unread, clock) == [False, False, False]
        proxy.release()
        monkeypatch.setattr(seeking, "SEEK_S", 30)
        await seeks.seek("dc09", ["1"])
    assert known(unread, clock) == [True, False, False]


async def test_g3_a_database_that_is_away_holds_no_alarm(
    unread: Registry, clock: HandClock, dsn: str
):
    async with FlakyProxy.to_postgres(dsn) as proxy, seeking_behind(proxy, unread) as seeks:
        proxy.cut()
        await seeks.seek("dc09", ["1"])
        assert known(unread, clock) == [False, False, False]
        proxy.restore()
        await seeks.seek("dc09", ["1"])
    assert known(unread, clock) == [True, False, False]


async def test_what_was_looked_up_early_follows_later_changes(
    unread: Registry,
    community: Community,
    owner: asyncpg.Connection,
    database: Database,
    clock: HandClock,
):
    seeks = Seeking(unread, database)
    await seeks.seek("dc09", ["1"])
    home = unread.resolve(dc09(unread), "1", clock.now()).home_id
    other = unread.resolve(dc09(unread), "2", clock.now()).home_id
    assert other is None
    elsewhere = await community.home(address="榆荫里9号楼")
    await owner.execute("UPDATE resident SET home_id = $1 WHERE home_id = $2", elsewhere, home)
    while await unread.fill(owner):
        pass
    await unread.sweep(owner)
    assert unread.resolve(dc09(unread), "1", clock.now()).people == ()
    await seeks.close()
