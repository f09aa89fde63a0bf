"""The page of drills opens with a report: three presses of last week, one of them taken too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.demo.community.past_drill import began_at, listed_drill
from tests.support.outbox import SHANGHAI


@pytest.fixture
async def drilled(database, clock, tmp_path, owner):
    """What its presses opened, in their order."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    return await owner.fetch(
        "SELECT incident.*, made_at FROM drill_press JOIN incident ON incident.id = incident_id"
        " ORDER BY drill_press.number"
    )


async def test_it_is_over_since_last_week_and_all_of_it_is_closed(drilled, owner, clock):
    drill = await owner.fetchrow("SELECT * FROM drill")
    assert drill["started_at"] == began_at(clock.now(), SHANGHAI) < clock.now() - timedelta(days=5)
    assert drill["ended_at"] >= max(row["closed_at"] for row in drilled)
    for row in drilled:
        assert (row["mode"], row["state"]) == ("drill", "closed")
        assert row["subject"] == f"drill:{drill['id']}:home:{row['home_id']}"
        assert row["opened_at"] == row["made_at"]


async def test_one_is_taken_too_late_and_the_supervisors_were_called_to_it_alone(drilled, owner):
    late = [row["taken_at"] - row["opened_at"] > timedelta(seconds=20) for row in drilled]
    assert late == [False, False, True]
    called = await owner.fetch("SELECT incident_id FROM timeline_entry WHERE kind = 'escalated'")
    assert [row["incident_id"] for row in called] == [drilled[2]["id"]]


async def test_every_press_was_seen_and_heard_before_it_was_taken(drilled, owner):
    proofs = await owner.fetch("SELECT incident_id, proof, at FROM incident_proof")
    taken = {row["id"]: row["taken_at"] for row in drilled}
    assert {(row["incident_id"], row["proof"]) for row in proofs} == {
        (incident, proof) for incident in taken for proof in ("seen", "sounding")
    }
    assert all(row["at"] < taken[row["incident_id"]] for row in proofs)


async def test_timelines_are_whole_and_in_their_order(drilled, owner):
    for row in drilled:
        entries = await owner.fetch(
            "SELECT number, at FROM timeline_entry WHERE incident_id = $1 ORDER BY at", row["id"]
        )
        assert [entry["number"] for entry in entries] == list(range(1, row["version"] + 1))


def test_it_ends_after_the_last_press_is_closed():
    drill = listed_drill()
    assert drill.ended_after >= max(press.after + press.closed for press in drill.presses)
