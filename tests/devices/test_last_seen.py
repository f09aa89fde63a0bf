"""When a device was last heard of, from memory to its table."""

from __future__ import annotations

from datetime import datetime

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.devices.last_seen import SLICE, write_last_seen
from tests.support.clock import HandClock


async def seen(owner: asyncpg.Connection) -> dict[int, datetime]:
    rows = await owner.fetch("SELECT device_id, seen_at FROM device_last_seen")
    return {row["device_id"]: row["seen_at"] for row in rows}


async def test_what_was_heard_is_written_in_slices(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> None:
    connection = await database.connect("last-seen")
    heard = dict.fromkeys(range(2 * SLICE + 1), clock.now())
    await write_last_seen(connection, heard)
    assert heard == {}
    assert len(await seen(owner)) == 2 * SLICE + 1
    await connection.close()


async def test_an_older_word_never_replaces_a_newer(
    database: Database, owner: asyncpg.Connection, clock: HandClock
) -> None:
    connection = await database.connect("last-seen")
    earlier = clock.now()
    later = clock.advance(10)
    await write_last_seen(connection, {1: later})
    await write_last_seen(connection, {1: earlier})
    assert await seen(owner) == {1: later}
    await connection.close()


async def test_what_could_not_be_written_is_kept_for_the_next_time(
    database: Database, clock: HandClock
) -> None:
    connection = await database.connect("last-seen")
    await connection.close()
    heard = {1: clock.now()}
    with pytest.raises(asyncpg.InterfaceError):
        await write_last_seen(connection, heard)
    assert heard == {1: clock.now()}
