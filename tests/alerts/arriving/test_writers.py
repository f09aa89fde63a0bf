"""The lane's writers when connections break: whatever was under way is written once, and the writers go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256

import asyncpg
import pytest

from callcenter.alerts.arriving.intake import Intake
from callcenter.core.database import Database
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.registry import Registry
from callcenter.devices.signals import Kind, Signal
from tests.alerts.conftest import ShownBoard
from tests.support.away import keeping_somewhere
from tests.support.clock import HandClock
from tests.support.community import Community
from tests.support.flaky_proxy import FlakyProxy
from tests.support.reading import read_whole


def press(identifier: str, nth: int = 1) -> Signal:
    raw = f"{identifier}:{nth}".encode()
    return Signal(identifier, Kind.SOS, sha256(raw).digest(), raw)


@dataclass
class Lines:
    """An intake behind a proxy."""

    intake: Intake
    proxy: FlakyProxy
    source: SourceRef
    clock: HandClock
    supervisor: Supervisor

    def accept(self, *signals: Signal) -> asyncio.Task[list[str]]:
        async def wait() -> list[str]:
            settled = await self.intake.accept(self.source, signals, self.clock.now())
            return [item.outcome.value for item in settled]

        return asyncio.create_task(wait())


@pytest.fixture
async def lines(dsn: str, owner: asyncpg.Connection, clock: HandClock) -> AsyncIterator[Lines]:
    community = await Community.found(owner)
    await community.source()
    registry = Registry(unseal=lambda sealed, context: sealed)
    async with FlakyProxy.to_postgres(dsn) as proxy:
        database = Database(proxy.dsn)
        connection = await database.connect("load")
        await read_whole(registry, connection)
        await connection.close()
        source = registry.source("dc09")
        assert source is not None
        board = ShownBoard()
        keeping = keeping_somewhere(board, clock)
        intake = Intake(
            database, registry, clock, board, texts_written=lambda: None, keeping=keeping
        )
        async with Supervisor() as supervisor:
            intake.start(supervisor)
            yield Lines(intake, proxy, source, clock, supervisor)
        await database.close()


async def test_a_cut_under_load_settles_every_signal_once(lines: Lines, owner: asyncpg.Connection):
    await lines.accept(press("warm"))
    waits = [lines.accept(press(f"{n}")) for n in range(100)]
    await asyncio.sleep(0)
    lines.proxy.cut()
    waits += [lines.accept(press(f"{n}")) for n in range(100, 200)]
    lines.proxy.restore()
    outcomes = [outcome for wait in waits for outcome in await wait]
    assert outcomes == ["opened"] * 200
    assert await owner.fetchval("SELECT count(*) FROM journal") == 201


async def test_a_signal_that_waits_for_a_lock_survives_a_cut_and_is_written_once(
    lines: Lines, owner: asyncpg.Connection
):
    """It has been handed to the patient writer when the connection of its batch breaks: only one of them writes it."""
    await lines.accept(press("locked-a"), press("locked-b"))
    await owner.execute("SET idle_in_transaction_session_timeout = 0")
    async with owner.transaction():
        await owner.execute("SELECT 1 FROM incident FOR UPDATE")
        lines.proxy.hold("up", lambda data: b"locked-b" in data and b"locked-a" not in data)
        both = lines.accept(press("locked-a", 2), press("locked-b", 2))
        await lines.proxy.held("up", 20)
        lines.proxy.cut()
        lines.proxy.restore()
    assert await both == ["joined", "joined"]
    rows = await owner.fetch("SELECT press_count, version FROM incident")
    assert [tuple(row) for row in rows] == [(2, 2)] * 2
    assert await lines.accept(press("after")) == ["opened"]
