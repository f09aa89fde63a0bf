"""The chain begins behind what lies in the archive, and whoever tampers with rows, links or cuts is named."""

from __future__ import annotations

import pytest

from callcenter.audit.chain import Fault
from callcenter.audit.checking import check_trail
from tests.support.vault import Vault, two_years_in


@pytest.fixture
async def aged(database, owner, tmp_path):
    """Two months lie in the archive, one is kept."""
    vault = Vault(database, owner, tmp_path)
    await two_years_in(vault)
    await vault.age()
    yield vault
    await vault.close()


async def test_the_page_begins_at_the_cut(aged, database):
    connection = await database.connect("auditor")
    found = await check_trail(connection, 1, None)
    await connection.close()
    assert (found.first, found.last, found.broken) == (5, 9, None)


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE audit_entry SET subject = 'x' FROM audit_link WHERE id = entry_id AND number = 5", [(5, Fault.CHANGED)]),
        ("DELETE FROM audit_entry USING audit_link WHERE id = entry_id AND number = 7", [(7, Fault.GONE)]),
        ("DELETE FROM audit_link WHERE number = 6", [(6, Fault.GONE), (5, Fault.CUT)]),
        ("DELETE FROM audit_link WHERE number = 7", [(7, Fault.GONE)]),
        ("UPDATE audit_link SET hash = '' WHERE number = 6", [(7, Fault.CHANGED)]),
        ("UPDATE chain_cut SET rows = rows + 1 WHERE chain = 'audit' AND part LIKE '%01'", [(5, Fault.CUT)]),
        ("UPDATE chain_cut SET kept_before = '\\x00'", [(5, Fault.CHANGED)]),
        ("DELETE FROM chain_cut WHERE part = 'audit_entry_2023_01'", [(5, Fault.CUT)]),
        ("DELETE FROM chain_cut WHERE part = 'audit_entry_2023_02'",
         [(4, Fault.GONE), (6, Fault.GONE), (8, Fault.GONE), (4, Fault.CUT)]),
        ("DELETE FROM chain_cut", [(1, Fault.GONE), (2, Fault.GONE), (3, Fault.GONE), (4, Fault.GONE), (6, Fault.GONE),
                                   (8, Fault.GONE), (1, Fault.CUT)]),
    ],
)  # fmt: skip
async def test_whoever_tampers_with_rows_links_or_cuts_is_named(aged, owner, tampering, named):
    await owner.execute(tampering)
    assert await aged.wrong() == named
