"""Many changes become one hint to the other processes, and none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from callcenter.core.changes import Changes
from callcenter.core.database import Database
from callcenter.core.supervisor import Supervisor
from callcenter.runtime.ground import Hint
from tests.support.waiting import until


@pytest.fixture
async def heard(database: Database) -> AsyncIterator[tuple[Hint, list[str]]]:
    """A hint of one process, and what another one hears."""
    here, there = Changes(database), Changes(database)
    hint, came = Hint(here, "incidents"), []
    await there.listen("incidents", came.append)
    async with Supervisor() as supervisor:
        supervisor.start(here.run(), name="here")
        supervisor.start(there.run(), name="there")
        supervisor.start(hint.run(), name="hint")
        await until(lambda: came == [""], "the other process listens")
        came.clear()
        yield hint, came


async def test_a_storm_of_changes_is_few_hints(heard: tuple[Hint, list[str]]):
    hint, came = heard
    for _ in range(1_000):
        hint.give()
    await until(lambda: came, "the hint")
    assert len(came) < 5


async def test_a_change_after_a_hint_is_told_again(heard: tuple[Hint, list[str]]):
    hint, came = heard
    hint.give()
    await until(lambda: len(came) == 1, "the first hint")
    hint.give()
    await until(lambda: len(came) == 2, "the second hint")


async def test_giving_waits_for_nobody(database: Database):
    hint = Hint(Changes(database), "incidents")
    hint.give()
    running = asyncio.create_task(hint.run())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
