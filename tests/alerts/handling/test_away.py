"""What operators do while the database is away is written in the order in which they did it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from callcenter.alerts.incident import Incident
from callcenter.core.errors import Unavailable
from callcenter.devices.signals import Kind
from tests.support.outage_room import OutageRoom, outage_room
from tests.support.postgres import TestDatabases


@pytest.fixture
async def room(databases: TestDatabases, tmp_path: Path) -> AsyncIterator[OutageRoom]:
    dsn = await databases.clone()
    async with outage_room(dsn, tmp_path / "spool") as made:
        yield made
    await databases.drop(dsn)


async def given(room: OutageRoom, name: str, **sent: object) -> Incident:
    [held] = list(room.process.keeping.incidents)
    answer = await room.give(held.incident.id, room.order(name, "wang", **sent))
    assert isinstance(answer, Incident), answer
    return answer


async def test_a_request_that_becomes_an_alarm_is_written_as_it_was_worked(room: OutageRoom):
    """It changes its class, and with it the line in which its presses wait."""
    room.goes_away()
    await room.press("1", Kind.HELP)
    await given(room, "take")
    assert (await given(room, "raise")).signal_class == "alarm"
    await given(room, "note", text="她站不起来")
    room.comes_back()
    await room.all_written()
    kinds = await room.owner.fetch("SELECT kind FROM timeline_entry ORDER BY number")
    assert [row["kind"] for row in kinds] == ["opened", "taken", "raised", "note"]


async def test_what_needs_more_than_memory_has_waits(room: OutageRoom):
    room.goes_away()
    await room.press("9999")
    [held] = list(room.process.keeping.incidents)
    answer = await room.give(held.incident.id, room.order("assign", "wang", resident_id=1))
    assert isinstance(answer, Unavailable)
    assert answer.code == "waits_for_database"
    room.comes_back()
    await room.all_written()
