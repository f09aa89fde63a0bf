"""What was asked for on the page is worked off by the office, once, and whatever became of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from callcenter.core.ids import new_id
from callcenter.proving.running import LONGEST, UNREADABLE, Proofs


@pytest.fixture
async def proofs(database, clock, tmp_path: Path) -> AsyncIterator[Proofs]:
    made = Proofs(database, clock, tmp_path / "spool")
    yield made
    await made.connections.close()


async def asked(owner, clock) -> UUID:
    run = new_id()
    await owner.execute(
        "INSERT INTO proof_run (id, since, until, asked_at, asked_by_name, region_path) VALUES ($1, $2, $3, $3, 'shenji', '{1}')",
        run,
        clock.now() - timedelta(days=1),
        clock.now(),
    )
    return run


async def outcome(owner, run: UUID) -> Any:
    return await owner.fetchrow("SELECT * FROM proof_run WHERE id = $1", run)


async def test_it_is_worked_off_once_and_kept(proofs, owner, clock):
    run = await asked(owner, clock)
    assert await proofs.work_off() is True
    assert await proofs.work_off() is False
    row = await outcome(owner, run)
    assert (row["ended_at"], row["failure"]) == (clock.now(), None)
    assert row["result"]["clean"] is True


async def test_whoever_died_over_it_is_followed_by_another(proofs, owner, clock):
    run = await asked(owner, clock)
    await owner.execute("UPDATE proof_run SET lease_until = $1", clock.now() + LONGEST)
    assert await proofs.work_off() is False
    clock.advance(LONGEST.total_seconds() + 1)
    assert await proofs.work_off() is True
    assert (await outcome(owner, run))["result"] is not None


async def test_what_cannot_be_read_is_said(proofs, owner, clock):
    run = await asked(owner, clock)
    await owner.execute("ALTER TABLE heard_count DROP COLUMN garbage")
    assert await proofs.work_off() is True
    assert (await outcome(owner, run))["failure"] == UNREADABLE
