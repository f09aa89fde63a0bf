"""A file is the one that its cut names, and the chain goes on from it; and `prove` knows of every file that is not as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.core.errors import Invalid
from callcenter.proving.archive import faults_beside
from callcenter.proving.checks import chains
from callcenter.proving.facts import Span
from callcenter.proving.reading import read_facts
from tests.support.vault import NIGHT, Vault, days, two_years_in


@pytest.fixture
async def aged(database, owner, tmp_path):
    """Two months lie in the archive, one is kept."""
    vault = Vault(database, owner, tmp_path)
    await two_years_in(vault)
    await vault.age()
    yield vault
    await vault.close()


async def test_every_file_fits_its_cut(aged):
    assert [await faults_beside(aged.database, file) for file in aged.files] == [[]] * 4


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE chain_cut SET sha256 = '\\x00'", "its SHA-256 is"),
        ("UPDATE chain_cut SET to_number = 9", "its head says"),
        ("DELETE FROM chain_cut", "no cut of audit_entry_2023_02"),
        (
            "UPDATE audit_entry SET subject = 'x' FROM audit_link WHERE id = entry_id AND number = 9",
            "link 9 of the database does not go on from it",
        ),
    ],
)
async def test_a_cut_that_does_not_fit_and_a_chain_that_does_not_go_on_are_named(
    aged, owner, tampering, named
):
    [file] = [each for each in aged.files if each.name == "audit_entry_2023_02.archive"]
    await owner.execute(tampering)
    found = await faults_beside(aged.database, file)
    assert any(fault.startswith(named) for fault in found)


async def findings(aged: Vault) -> list[tuple[str, str]]:
    span = Span(aged.night - timedelta(days=1), aged.night, aged.night)
    folder = aged.folder
    facts = await read_facts(aged.database, span, folder / "spool", folder / "archive")
    line = chains(facts)
    assert line.figures["journal_archived"] == line.figures["audit_archived"] == 6
    return [(each.code, str(each.figures.get("file", ""))) for each in line.findings]


async def test_the_proof_reads_the_archive_too(aged):
    assert await findings(aged) == []
    aged.files[0].write_bytes(b"x")
    aged.files[3].unlink()
    assert await findings(aged) == [
        ("archive_gone", "journal_2023_02.archive"),
        ("archive_changed", "audit_entry_2023_01.archive"),
    ]


async def test_of_a_time_that_lies_in_the_archive_nothing_is_said(aged):
    span = Span(days(2023, 2, 1)[0], NIGHT, NIGHT)
    with pytest.raises(Invalid, match="before 2023-03-01 00:00 UTC lies in the archive"):
        await read_facts(aged.database, span, aged.folder)
