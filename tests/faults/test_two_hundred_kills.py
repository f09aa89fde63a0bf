"""The alarm process, then the office, dies two hundred times at instants of chance, while alarms pour in (G1, G5)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.faults.breaking import Fault, Scene, nothing
from tests.faults.counting import line, row_of
from tests.faults.rows import all_recognised, all_told, scene
from tests.faults.storming import Load, storming
from tests.support.server import Server
from tests.support.waiting import until

__all__ = ["scene"]

pytestmark = [
    pytest.mark.durability,
    pytest.mark.timeout(0),  # STORY_S bounds it
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of seats that were cut off
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY_S = 900.0
KILLS = int(os.environ.get("KILLS", "200"))
LOAD = Load(rate=25.0, seats=4)
"""Little enough that ten minutes of it are a board that somebody could have."""


@pytest.fixture
def fault() -> Fault:
    """Nothing is broken but by the kills."""
    return Fault(nothing)


@pytest.mark.parametrize("name", ["alarm", "office"])
async def test_g1_whatever_is_killed_at_any_instant_nothing_is_lost_or_doubled(
    name: str, scene: Scene, measured: Callable[[str], None]
):
    server, chance = scene.disk.server, random.Random(int(os.environ.get("KILLS_SEED", "1")))
    async with storming(server, scene.disk.site.operators, LOAD) as made:
        await until(lambda: len(made.shown) > 10, "a start", 30)
        killed = {0}
        for _ in range(KILLS):
            await until(lambda: server.process(name) not in killed, f"another {name}", 30)
            await asyncio.sleep(chance.uniform(0.0, 1.5))  # the instant of chance
            killed.add(kill(server, name))
        ended = time.monotonic()
        await until(lambda: made.is_calm, "everything to be written", 60)
        recovered_s = time.monotonic() - ended
    await all_told(made, scene.box)
    await all_recognised(made, scene.owner)
    row = await row_of(f"{name} kill -9, {KILLS} times", made, scene.owner, recovered_s, scene.box)
    await scene.owner.close()
    measured(line(row))
    assert (row.lost, row.double, row.untold) == (0, 0, 0)
    assert row.in_journal == row.acknowledged == row.sent == row.shown


def kill(server: Server, name: str) -> int:
    """Whatever it is doing; its process id."""
    pid = server.process(name)
    with suppress(ProcessLookupError):  # it had just ended by itself
        os.kill(pid, signal.SIGKILL)
    return pid
