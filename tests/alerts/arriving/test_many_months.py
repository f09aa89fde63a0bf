"""With three years of months what the alarm path asks looks into one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from callcenter.alerts import chained
from callcenter.alerts.archive import _ENTRIES
from callcenter.alerts.arriving.flushing import _WRITTEN
from callcenter.alerts.arriving.keys import _HELD
from callcenter.audit.parts import LEDGERS, next_month
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.seats.tables import INCIDENTS

ID = f"'{new_id()}'"


@pytest.fixture
async def three_years(owner) -> int:
    """How many parts each ledger has."""
    month = datetime(2024, 1, 1, tzinfo=UTC)
    for _ in range(36):
        for ledger in LEDGERS:
            await owner.execute("SELECT make_ledger_part($1, $2)", ledger, month)
        month = next_month(month)
    return 37


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in plan:
        yield plan
    for below in plan.get("Plans", ()):
        yield from scans(below)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (_WRITTEN, f"ARRAY[{ID}]::uuid[]"),
        (_ENTRIES, ID),
        (chained.UNLINKED, f"ARRAY[{ID}]::uuid[]"),
        (INCIDENTS.entries.after, f"ARRAY[{ID}]::uuid[], ARRAY[0]"),
        (_HELD, "ARRAY['dc09'], ARRAY['\\x01'::bytea]"),
        ("SELECT FROM journal JOIN incident ON incident.id = journal.incident_id WHERE journal.id = $1", ID),
    ],
    ids=["written", "entries", "unlinked", "after", "held", "joined"],
)  # fmt: skip
async def test_a_statement_that_was_planned_once_reads_one_month(
    database: Database, owner, three_years, statement, values
):
    held = new_id()
    await owner.execute(
        "INSERT INTO signal_dedup (source, key, first_seen, journal_id) VALUES ('dc09', '\\x01', clock_timestamp(), $1)",
        held,
    )
    connection = await database.connect("alarm path")
    try:
        await connection.execute(f"PREPARE asked AS {statement}")
        told = await connection.fetchval(
            f"EXPLAIN (ANALYZE, FORMAT json, TIMING off) EXECUTE asked ({values})"
        )
    finally:
        await connection.close()
    plan = told[0] if isinstance(told, list) else json.loads(told)[0]
    of_ledgers = [
        each
        for each in scans(plan["Plan"])
        if each["Relation Name"].startswith(LEDGERS) and not each["Relation Name"].endswith("_link")
    ]
    read = [each["Relation Name"] for each in of_ledgers if each["Actual Loops"]]
    assert len(read) == 1, read
    assert all(
        each["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Heap Scan")
        for each in of_ledgers
    )
