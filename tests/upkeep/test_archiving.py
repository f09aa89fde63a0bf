"""Old months go into the archive, and every row that is kept or archived proves itself as before."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
import pytest

from callcenter.alerts.chained import JOURNAL, TIMELINE
from callcenter.audit.archived import faults_in, header_of
from callcenter.audit.chain import Fault
from callcenter.audit.cuts import cuts_of
from callcenter.upkeep import archiving
from tests.support.vault import LEDGERS, NIGHT, Vault, an_id, days, two_years_in


@pytest.fixture
async def vault(database, owner, tmp_path):
    made = Vault(database, owner, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def two_years(vault) -> Vault:
    await two_years_in(vault)
    assert await vault.wrong() == []
    return vault


async def test_what_is_older_than_it_is_kept_goes_and_the_chain_goes_on(two_years, owner):
    await two_years.age()
    assert [each.name for each in two_years.files] == [
        "audit_entry_2023_01.archive", "audit_entry_2023_02.archive", "journal_2023_01.archive", "journal_2023_02.archive",
    ]  # fmt: skip
    assert (
        await owner.fetchval("SELECT min(at) FROM audit_entry WHERE action = 'profile_seen'")
        == days(2026, 6, 1)[0]
    )
    assert await owner.fetchval("SELECT min(stored_at) FROM journal") == days(2026, 6, 1)[0]
    assert await two_years.wrong() == await two_years.wrong(JOURNAL) == []
    for file in two_years.files:
        assert list(faults_in(file, two_years.seal)) == []
    # Of what comes before the first row that is kept, not even a link is left.
    assert await owner.fetchval("SELECT min(number) FROM journal_link") == 5
    await two_years.write(datetime(2026, 11, 27, tzinfo=UTC))
    await two_years.link()
    assert await two_years.wrong() == []


async def test_the_trail_says_what_went_and_by_which_file(two_years, owner, database):
    await two_years.age()
    said = await owner.fetch(
        "SELECT detail FROM audit_entry WHERE action = 'ledger_archived' ORDER BY id"
    )
    connection = await database.connect("auditor")
    cuts = [cut for each in LEDGERS.values() for cut in await cuts_of(connection, each)]
    await connection.close()
    assert {row["detail"]["sha256"] for row in said} == {cut.sha256.hex() for cut in cuts}
    assert [(row["detail"]["kind"], row["detail"]["rows"]) for row in said] == [
        ("journal", 3), ("journal", 3), ("audit", 3), ("audit", 3),
    ]  # fmt: skip


async def test_a_row_that_is_not_as_it_was_linked_is_not_taken_out_of_sight(two_years, owner):
    await owner.execute(
        "UPDATE audit_entry SET subject = 'x' FROM audit_link WHERE id = entry_id AND number = 2"
    )
    await two_years.age()
    assert not (two_years.folder / "archive" / "audit_entry_2023_01.archive").exists()
    assert await two_years.wrong() == [(2, Fault.CHANGED)]


async def test_an_open_incident_keeps_its_month(two_years, owner):
    incident = an_id(datetime(2023, 1, 2, tzinfo=UTC), 99)
    await owner.execute(
        """
        INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, source, card, opened_at, last_signal_at)
        VALUES ($1, 'home:1', 'alarm', 'sos', 1, 1, '{1}', 'dc09', '{}', $2, $2)
        """,
        incident,
        NIGHT,
    )
    await owner.execute(
        "UPDATE journal SET incident_id = $1 WHERE stored_at < '2023-02-01'", incident
    )
    await owner.execute("TRUNCATE journal_link")
    await two_years.link()
    await two_years.age()
    assert "journal_2023_01.archive" not in [each.name for each in two_years.files]
    assert await owner.fetchval("SELECT count(*) FROM journal WHERE stored_at < '2023-02-01'") == 3
    assert await two_years.wrong(JOURNAL) == []


async def test_a_row_without_a_link_keeps_its_month(vault):
    await vault.write(*days(2023, 1, 2))
    await vault.age()
    assert vault.files == []


async def test_nothing_goes_by_day(two_years):
    two_years.night = NIGHT.replace(hour=12)
    await two_years.age()
    assert two_years.files == []


async def test_a_month_that_gets_a_row_after_it_went_has_a_second_file(two_years):
    await two_years.age()
    await two_years.write(days(2023, 1, 1)[0])
    await two_years.link()
    await two_years.age()
    assert "audit_entry_2023_01_again.archive" in [each.name for each in two_years.files]
    assert await two_years.wrong() == []


async def test_whoever_is_cut_off_over_a_file_begins_it_anew(two_years, monkeypatch):
    monkeypatch.setattr(archiving, "PAGE", 2)
    await two_years.archiving.run_once(NIGHT)
    await two_years.archiving.run_once(NIGHT)
    assert two_years.files == []
    await two_years.archiving.close()
    two_years.archiving = two_years.another("office 2")
    await two_years.age()
    assert len(two_years.files) == 4
    assert await two_years.wrong() == []
    for file in two_years.files:
        assert list(faults_in(file, two_years.seal)) == []


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT take_ledger_part('audit', 'audit_entry_2023_01')",
        "SELECT take_ledger_part('audit', 'audit_entry_2026_11')",
        "SELECT take_ledger_part('texts', 'sms_message')",
        "DELETE FROM chain_cut",
        "UPDATE chain_cut SET rows = 0",
        "SELECT make_ledger_part('incident', '2026-01-01Z')",
    ],
)
async def test_the_server_cannot_take_a_part_whose_cut_is_not_written(two_years, database, asked):
    connection = await database.connect("server")
    try:
        with pytest.raises(
            (
                asyncpg.CheckViolationError,
                asyncpg.InsufficientPrivilegeError,
                asyncpg.InvalidParameterValueError,
            )
        ):
            await connection.execute(asked)
    finally:
        await connection.close()
    assert await two_years.wrong() == []


async def case(owner, state: str) -> None:
    """An incident of long ago with two entries, and one entry more of lately where it is open."""
    at = days(2023, 1, 1)[0]
    await owner.execute(
        """
        INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, source, card, opened_at,
                              last_signal_at, outcome, closed_at, taken_by)
        VALUES ($1, 'home:1', 'alarm', 'sos', $3, 1, 1, '{1}', 'dc09', '{}', $2, $2, 'test', $2, 7)
        """,
        an_id(at, 1),
        at,
        state,
    )
    await owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind, data) VALUES ($1, 1, $2, 'opened', '{}'), ($1, 2, $2, 'closed', '{}')",
        an_id(at, 1),
        at,
    )


@pytest.mark.parametrize(
    ("state", "files"), [("closed", ["timeline_entry_2023_01.archive"]), ("taken", [])]
)
async def test_the_timeline_of_a_closed_incident_goes_and_the_incident_stays(
    vault, owner, state, files
):
    await case(owner, state)
    await vault.write()
    await vault.link()
    await vault.age()
    assert [each.name for each in vault.files] == files
    assert await vault.wrong(TIMELINE) == []
    assert await owner.fetchval("SELECT count(*) FROM timeline_entry") == (0 if files else 2)
    assert await owner.fetchval("SELECT count(*) FROM incident") == 1
    for file in vault.files:
        assert list(faults_in(file, vault.seal)) == []
        assert header_of(file).rows == 2
