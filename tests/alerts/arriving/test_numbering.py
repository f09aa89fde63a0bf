"""Numbers that were told in an outage and are not free when they are written: replaced at once, and never by one that was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.support.outage_room import OutageRoom, outage_room, server_beside
from tests.support.postgres import TestDatabases


@pytest.fixture
async def servers(
    dsn: str, databases: TestDatabases, tmp_path: Path
) -> AsyncIterator[tuple[OutageRoom, OutageRoom]]:
    """The first has lost the database, the other has not."""
    async with (
        outage_room(dsn, databases.admin_dsn_of(dsn), tmp_path) as first,
        server_beside(first, tmp_path) as second,
    ):
        first.goes_away()
        yield first, second


async def numbers(room: OutageRoom) -> dict[str, int]:
    """By who called."""
    rows = await room.owner.fetch("SELECT identifier, number FROM incident")
    return {row["identifier"]: row["number"] for row in rows}


async def come_in(room: OutageRoom, *callers: str) -> list[int]:
    """As strangers, each with an alarm of their own; the numbers that were told."""
    return [(await room.press(each)).number or 0 for each in callers]


async def test_what_others_gave_meanwhile_is_replaced_beyond_everything_that_was_told(
    servers: tuple[OutageRoom, OutageRoom],
):
    first, second = servers
    theirs = await come_in(second, *(f"there-{n}" for n in range(5)))
    told = await come_in(first, *(f"here-{n}" for n in range(12)))
    assert told[:5] == theirs
    with capture_logs() as said:
        first.comes_back()
        await first.all_written()
    assert not [each for each in said if each["event"] == "signal_refused"]
    written = await numbers(first)
    ours = [written[f"here-{n}"] for n in range(12)]
    assert ours[5:] == told[5:], "what was free stays as it was told"
    assert sorted(ours[:5]) == list(range(told[-1] + 1, told[-1] + 6))
    assert len(set(written.values())) == 17


async def test_who_calls_next_has_a_number_beyond_all_of_them(
    servers: tuple[OutageRoom, OutageRoom],
):
    first, second = servers
    await come_in(second, "there-1", "there-2")
    await come_in(first, "here-1", "here-2", "here-3")
    first.comes_back()
    await first.all_written()
    before = max((await numbers(first)).values())
    assert await come_in(first, "here-4") > [before]
    assert await come_in(second, "there-3") > [before + 1]
