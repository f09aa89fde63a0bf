"""The days of tracks: made ahead, and gone when they are older than they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from callcenter.adjustable.current import Site
from callcenter.dispatch.positions.parts import TrackParts, days_ahead, kept_from
from tests.dispatch.positions.conftest import Staffed


def test_a_day_goes_when_its_last_moment_is_old_enough() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert kept_from(now, 30) == date(2026, 3, 1)
    assert days_ahead(now) == [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)]


async def test_ways_are_kept_for_thirty_days_and_then_gone(staffed: Staffed) -> None:
    parts = TrackParts(staffed.database, Site())
    fang = await staffed.on_duty()
    first = staffed.clock.now()
    await staffed.is_at(fang)  # before there is a part for this day

    assert await parts.run_once(first) == 0
    staffed.clock.advance(60)
    await staffed.is_at(fang)
    of_part = await staffed.owner.fetchval("SELECT count(*) FROM staff_track_2026_03_14")
    await parts.run_once(first + timedelta(days=30))
    kept = len(await staffed.way(fang))
    await parts.run_once(first + timedelta(days=31))
    await parts.connections.close()

    assert (of_part, kept, await staffed.way(fang)) == (2, 2, [])
    assert await staffed.owner.fetchval("SELECT to_regclass('staff_track_2026_03_14')") is None


async def test_the_server_can_change_no_way_and_drop_no_day_of_today(staffed: Staffed) -> None:
    fang = await staffed.on_duty()
    await staffed.is_at(fang)
    connection = await staffed.database.connect("test")
    try:
        for statement in ("DELETE FROM staff_track", "UPDATE staff_track SET lat = 0"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("SELECT drop_track_parts(current_date + 1)")
    finally:
        await connection.close()
