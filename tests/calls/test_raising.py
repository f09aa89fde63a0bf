"""What a call brought to light is opened by the alarm process, once, whoever dies in between."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from callcenter.calls.raising import ByIntake, CallSignals, Said
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.ids import new_id
from tests.support.calls import Calls
from tests.support.story import DUTY


@pytest.fixture
async def waiting(calls: Calls, owner: asyncpg.Connection) -> UUID:
    """A call of Shen Yulan's home was not answered; nobody has opened it yet."""
    resident = await calls.story.home("1234")
    home = await owner.fetchval("SELECT home_id FROM resident WHERE id = $1", resident)
    signal = new_id()
    await owner.execute(
        "INSERT INTO call_signal (id, item_id, home_id, resident_id, region_id, kind, text, created_at)"
        " VALUES ($1, 1, $2, $3, $4, 'inactivity', '平安电话 · 多次无人接听', $5)",
        signal,
        home,
        resident,
        calls.story.community.street,
        calls.story.clock.now(),
    )
    calls.story.phones.expect(DUTY, "无坐席在岗")
    return signal


async def test_it_rings_like_an_alarm_of_that_home(calls: Calls, owner, waiting: UUID):
    await calls.look()
    row = await owner.fetchrow("SELECT * FROM call_signal")
    incident = await owner.fetchrow("SELECT * FROM incident")
    assert row["incident_id"] == incident["id"]
    assert incident["subject"] == f"home:{row['home_id']}"
    assert incident["source"] == "office"
    assert incident["kind"] == "inactivity"
    assert "沈玉兰" in str(incident["card"])
    journal = await owner.fetchrow("SELECT * FROM journal")
    assert (journal["source"], journal["text"]) == ("office", "平安电话 · 多次无人接听")
    await calls.look()
    assert await owner.fetchval("SELECT count(*) FROM journal") == 1
    told = "SELECT data->>'called' FROM timeline_entry WHERE kind = 'opened'"
    assert await owner.fetchval(told) is None, "nobody has called"


async def test_two_alarm_processes_open_it_once(calls: Calls, owner, waiting: UUID):
    held = HeldConnections(calls.story.database, "another", 1)
    other = CallSignals(held, ByIntake(calls.story.intake, calls.story.registry))
    now = calls.story.clock.now()
    await asyncio.gather(other.run_once(now), calls.signals.run_once(now))
    await calls.look()
    assert await owner.fetchval("SELECT press_count FROM incident") == 1
    await held.close()


async def test_a_process_that_died_after_opening_it_opens_nothing_else(
    calls: Calls, owner, waiting: UUID
):
    await calls.look()
    await owner.execute("UPDATE call_signal SET raised_at = NULL, incident_id = NULL")
    calls.story.clock.advance(3_600)
    await calls.look()
    assert await owner.fetchval("SELECT press_count FROM incident") == 1
    assert await owner.fetchval("SELECT incident_id IS NOT NULL FROM call_signal")


class _Away:
    """A port that cannot store anything now."""

    async def open(self, connection: asyncpg.Connection, said: Said, now: datetime) -> UUID | None:
        raise Unavailable("The database does not write.")


async def test_one_that_can_never_be_opened_keeps_no_other_waiting(
    calls: Calls, owner, waiting: UUID
):
    await owner.execute("ALTER TABLE call_signal DROP CONSTRAINT ck_call_signal_kind_known")
    await owner.execute(
        "INSERT INTO call_signal (id, item_id, home_id, resident_id, region_id, kind, text, created_at)"
        " SELECT gen_random_uuid(), 2, home_id, resident_id, region_id, 'newer', text, created_at - interval '1 hour'"
        " FROM call_signal"
    )
    await calls.look()
    assert await owner.fetchval("SELECT count(*) FROM incident") == 1


async def test_what_cannot_be_stored_waits(calls: Calls, owner, waiting: UUID):
    held = HeldConnections(calls.story.database, "another", 1)
    assert await CallSignals(held, _Away()).run_once(calls.story.clock.now()) == 0
    assert await owner.fetchval("SELECT raised_at FROM call_signal") is None
    await calls.look()
    assert await owner.fetchval("SELECT raised_at FROM call_signal") is not None
    await held.close()
