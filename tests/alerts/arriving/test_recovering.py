"""A process that begins knows what was before it, and leaves nothing on the spool that it could write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases

CLOSED = {"outcome": "emergency", "safe_by": "wife", "safe_where": "at home"}


@pytest.fixture
async def room(dsn: str, databases: TestDatabases, tmp_path: Path) -> AsyncIterator[OutageRoom]:
    async with outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as made:
        yield made


async def test_numbers_go_on_from_the_highest_though_all_are_closed_when_it_begins(
    room: OutageRoom,
):
    stored = await room.press("1")
    assert stored.incident_id is not None
    for name, sent in (("take", {}), ("close", CLOSED)):
        await room.give(stored.incident_id, room.order(name, "wang", **sent))
    await room.crash_and_start()
    room.goes_away()
    again = await room.press("1")
    assert (again.number or 0) - (stored.number or 0) == 1
    room.comes_back()
    await room.all_written()


async def test_what_no_release_can_read_keeps_its_file_beside_and_is_read_once(
    room: OutageRoom,
):
    """A ring whose signal was written before goes with the file: it says nothing by itself."""
    room.goes_away()
    spool = room.process.keeping.spool
    spool.append(orjson.dumps({"v": 9, "what": "signal"}))
    spool.append(
        orjson.dumps(
            {"v": 1, "what": "rang", "id": "0" * 32, "at": "2026-03-14T12:00:00Z", "number": 7}
        )
    )
    await room.press("1")
    await room.crash_and_start()
    assert [row["subject"] for row in await room.rows()] == ["home:1"]
    assert room.process.keeping.spool.held == 0
    assert [each.name for each in room.folder.glob("*.kept")] == ["00000001-1.kept"]
    await room.crash_and_start()
    assert len(await room.rows()) == 1
    assert [each.name for each in room.folder.glob("*.kept")] == ["00000001-1.kept"]


async def test_what_rang_by_a_clock_that_was_set_back_since_is_watched_from_now_on(
    room: OutageRoom,
):
    """It rang without the database, and is written when the time was corrected: nobody waits for that hour."""
    room.goes_away()
    await room.press("1")
    room.clock.set_wall(room.clock.now() - timedelta(hours=1))
    room.comes_back()
    await room.all_written()
    began = "SELECT max(since) <= clock_timestamp() AND count(*) > 0 FROM incident_timer"
    assert await room.owner.fetchval(began)
