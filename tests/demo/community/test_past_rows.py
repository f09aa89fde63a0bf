"""The past as the board shows it: closed, with a whole timeline and a signal that opened each incident."""

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from tests.support.outbox import SHANGHAI


@pytest.fixture
async def past(database, clock, tmp_path, owner):
    """The real incidents of the invented past, oldest first."""
    await load(database, Seal.load(tmp_path), clock, tmp_path, SHANGHAI)
    return await owner.fetch("SELECT * FROM incident WHERE mode = 'real' ORDER BY number")


async def test_every_incident_has_as_many_entries_as_its_version_says(past, owner):
    rows = await owner.fetch(
        "SELECT incident_id, array_agg(number ORDER BY number) AS numbers FROM timeline_entry"
        " WHERE incident_id = ANY($1) GROUP BY 1",
        [row["id"] for row in past],
    )
    numbers = {row["incident_id"]: row["numbers"] for row in rows}
    assert numbers == {row["id"]: list(range(1, row["version"] + 1)) for row in past}


async def test_every_incident_is_closed_and_shows_who_called_from_where(past):
    assert {row["state"] for row in past} == {"closed"}
    for row in past:
        (person,) = row["card"]["people"]
        assert person["pressed"]
        assert row["subject"] == f"home:{row['home_id']}"
        assert row["opened_at"] < row["taken_at"] < row["closed_at"]


async def test_the_signal_that_opened_it_is_in_the_journal_and_says_that_it_was_never_sent(
    past, owner
):
    rows = await owner.fetch(
        "SELECT incident_id, outcome, flags, raw FROM journal WHERE source <> 'drill'"
    )
    assert {row["incident_id"] for row in rows} == {row["id"] for row in past}
    assert {(row["outcome"], *row["flags"], row["raw"]) for row in rows} == {
        ("opened", "demo_past", b"")
    }
