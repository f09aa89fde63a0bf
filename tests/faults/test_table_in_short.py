"""The faults of the table that a change is most likely to undo, one after the other on one server, under a load that leaves the machine to
others: a minute or two of every test run. `make faults` has all of them, each on a server of its own, at full load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.breaking import FAULTS, Fault, Scene, nothing
from tests.faults.counting import line
from tests.faults.rows import scene, what_comes_of
from tests.faults.storming import Load

__all__ = ["scene"]

pytestmark = [
    pytest.mark.durability,
    pytest.mark.timeout(0),  # STORY_S bounds it
    pytest.mark.xdist_group("faults in short"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of seats that were cut off
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY_S = 300.0
LASTS_S = 1.0
"""Three times what it takes until the database is found to be away."""
LOAD = Load(rate=40.0, seats=4)
CALLERS = 2_000
"""More than press in one of them."""
IN_SHORT = (
    "PostgreSQL stands still (SIGSTOP)",
    "PostgreSQL reads only",
    "PostgreSQL kill -9",
    "alarm process kill -9, three times",
    "PostgreSQL stands still, alarm process kill -9",
    "SMS gateway refuses",
    "everything kill -9 at once, spool torn",
)


@pytest.fixture
def fault() -> Fault:
    """Of which the server of this story knows before it starts: nothing."""
    return Fault(nothing)


async def test_nothing_that_was_acknowledged_is_lost_or_doubled_or_told_to_nobody(
    scene: Scene, measured: Callable[[str], None]
):
    for nth, name in enumerate(IN_SHORT):
        there = replace(scene, owner=await scene.disk.owner())
        short = replace(FAULTS[name], lasts_s=LASTS_S)
        row = await what_comes_of(name, short, there, replace(LOAD, first=nth * CALLERS))
        measured(line(row))
        assert (row.lost, row.double, row.untold) == (0, 0, 0), row
        assert row.in_journal == row.acknowledged == row.sent == row.shown, row


def test_every_fault_in_short_is_one_of_the_table_that_needs_nothing_of_its_own():
    assert all(not (f.needs or f.disks or f.clocks) for f in map(FAULTS.__getitem__, IN_SHORT))
