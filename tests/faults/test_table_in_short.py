"""The faults of the table that a change is most likely to undo, under a load that leaves the machine to others: three minutes of every
test run. `make faults` has all of them, at full load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.breaking import FAULTS, Fault, Scene
from tests.faults.counting import line
from tests.faults.rows import fault, scene, what_comes_of
from tests.faults.storming import Load

__all__ = ["fault", "scene"]

pytestmark = [
    pytest.mark.durability,
    pytest.mark.timeout(0),  # STORY_S bounds it
    pytest.mark.xdist_group("faults in short"),  # one after the other
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of seats that were cut off
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY_S = 240.0
LOAD = Load(rate=40.0, seats=4)
LASTS_S = 2.0
IN_SHORT = (
    "PostgreSQL stands still (SIGSTOP)",
    "PostgreSQL reads only",
    "PostgreSQL kill -9",
    "no connection to PostgreSQL left",
    "alarm process kill -9, three times",
    "office process kill -9",
    "everything kill -9 at once, spool torn",
    "PostgreSQL stands still, alarm process kill -9",
    "SMS gateway refuses",
    "twenty consoles frozen",
)


@pytest.mark.parametrize("fault", IN_SHORT, indirect=True)
async def test_nothing_that_was_acknowledged_is_lost_or_doubled_or_told_to_nobody(
    fault: Fault, scene: Scene, measured: Callable[[str], None], request: pytest.FixtureRequest
):
    name = request.node.callspec.params["fault"]
    row = await what_comes_of(name, replace(fault, lasts_s=LASTS_S), scene, LOAD)
    measured(line(row))
    assert (row.lost, row.double, row.untold) == (0, 0, 0)
    assert row.in_journal == row.acknowledged == row.sent == row.shown


def test_every_fault_in_short_is_one_of_the_table():
    assert set(IN_SHORT) <= set(FAULTS)
