"""The table of faults (docs/faults.md): for each what was pressed, acknowledged, written, shown, told, doubled and lost while it lasted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.breaking import FAULTS, Fault, Scene
from tests.faults.counting import HEAD, Row, line
from tests.faults.rows import fault, scene, what_comes_of
from tests.faults.storming import Load

__all__ = ["fault", "scene"]

pytestmark = [
    pytest.mark.durability,
    pytest.mark.timeout(0),  # STORY_S bounds it
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets of seats that were cut off
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY_S = 240.0
LOAD = Load(rate=float(os.environ.get("FAULTS_RATE", "300")))
"""Presses a second: fewer where the machine has other work."""


@pytest.fixture(scope="module")
def table() -> list[Row]:
    return []


@pytest.mark.parametrize("fault", FAULTS, indirect=True)
async def test_nothing_that_was_acknowledged_is_lost_or_doubled(
    fault: Fault,
    scene: Scene,
    table: list[Row],
    measured: Callable[[str], None],
    request: pytest.FixtureRequest,
):
    row = await what_comes_of(request.node.callspec.params["fault"], fault, scene, LOAD)
    table.append(row)
    write(table)
    measured(line(row))
    for each in scene.disk.server.events("process_given_up"):
        measured(f"given up: {each['name']}, {each['reason']}")
    assert (row.lost, row.double) == (0, 0)
    assert row.in_journal == row.acknowledged == row.sent
    assert row.shown == row.sent
    assert row.untold == 0


def write(table: list[Row]) -> None:
    """With FAULTS_TABLE the table is written to that file, as far as it has come."""
    if file := os.environ.get("FAULTS_TABLE"):
        Path(file).write_text("\n".join([HEAD, *map(line, table)]) + "\n")
