"""The primary PostgreSQL is lost or put away and its synchronous standby promoted, while alarms come in: nothing that was
acknowledged is lost or doubled, and everything rings meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callcenter.core.database import Database
from tests.faults.counting import HEAD, line, row_of
from tests.faults.storming import Load, storming
from tests.support.replicas import Node, replicated_place
from tests.support.waiting import until

pytestmark = pytest.mark.durability

LOAD = Load(rate=150.0, seats=4)
"""Two servers of PostgreSQL and ours share the machine."""
AWAY_S = 3.0
"""From the loss of the primary to the promotion: what whoever watches over PostgreSQL needs."""


def killed_and_fenced(primary: Node) -> None:
    primary.kill()


def stopped_in_order(primary: Node) -> None:
    primary.stop()


def cut_off(primary: Node) -> None:
    """Nobody can fence it, and whoever is connected to it hears nothing."""
    primary.freeze()


@pytest.mark.parametrize("leave", [killed_and_fenced, stopped_in_order, cut_off])
async def test_the_standby_is_promoted_while_alarms_come_in(
    folder: Path, leave: Callable[[Node], None], measured: Callable[[str], None]
):
    async with replicated_place(folder) as (place, pair):
        server = await place.serve()
        async with storming(server, place.site.operators, LOAD) as made:
            await until(lambda: len(made.shown) > 100, "a start", 30)
            lost_at = time.monotonic()
            await asyncio.to_thread(leave, pair.primary)
            await asyncio.sleep(AWAY_S)
            promoted_at = time.monotonic()
            await pair.standby.promote()
            ready_at = time.monotonic()
            await until(lambda: bool(server.events("alarms_stored_again")), "the new primary", 60)
            stored_s = time.monotonic() - ready_at
            await until(lambda: made.is_calm, "everything to be written", 60)
            written_s = time.monotonic() - ready_at
        database = Database(place.dsn, role=None)
        owner = await database.connect("counts")
        row = await row_of(leave.__name__, made, owner, written_s)
        await owner.close()
        await database.close()
        measured(f"\n{HEAD}\n{line(row)}")
        measured(
            f"away {promoted_at - lost_at:.1f} s, promoted in {ready_at - promoted_at:.2f} s, stored again "
            f"{stored_s:.2f} s and all written {written_s:.2f} s after that"
        )
        assert (row.lost, row.double) == (0, 0)
        assert row.in_journal == row.acknowledged == row.sent == row.shown


async def test_alarms_ring_while_the_primary_waits_for_a_standby_that_is_gone(
    folder: Path, measured: Callable[[str], None]
):
    """Nothing is committed on one disk alone, until somebody has decided that one disk must do."""
    async with replicated_place(folder) as (place, pair):
        server = await place.serve()
        async with storming(server, place.site.operators, LOAD) as made:
            await until(lambda: len(made.shown) > 100, "a start", 30)
            pair.standby.kill()
            await asyncio.sleep(AWAY_S)
            assert not made.is_calm
            await pair.primary.waits_for("")
            decided_at = time.monotonic()
            await until(lambda: made.is_calm, "everything to be written", 60)
            written_s = time.monotonic() - decided_at
        row = await row_of("standby gone", made, place.site.owner, written_s)
        measured(f"\n{HEAD}\n{line(row)}")
        assert (row.lost, row.double) == (0, 0)
        assert row.in_journal == row.acknowledged == row.sent == row.shown
