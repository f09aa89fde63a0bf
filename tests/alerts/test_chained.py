"""Journal and timelines are linked after the fact, and whoever has gone around the server is found out by table and row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from callcenter.alerts import chained
from callcenter.alerts.chained import JOURNAL, TIMELINE, ByChange
from callcenter.audit.chain import Fault
from callcenter.audit.chained import Chained
from callcenter.audit.checking import faults_between, head_of
from callcenter.audit.linking import Everything, Links, New
from callcenter.devices.signals import Kind, Signal
from tests.alerts.conftest import Desk


@pytest.fixture
async def links(desk: Desk) -> AsyncIterator[Links]:
    findings = [New(JOURNAL), ByChange(), Everything(JOURNAL)]
    made = Links(desk.database, findings, by="office 1")
    yield made
    await made.connections.close()


async def press(desk: Desk, *pendants: str) -> None:
    source = desk.registry.source("dc09")
    assert source is not None
    for nth, pendant in enumerate(pendants):
        raw = f"{pendant} {nth} {desk.clock.now()}".encode()
        signal = Signal(
            pendant, Kind.SOS, sha256(raw).digest(), raw, text="救命", extra={"rssi": -71.5}
        )
        await desk.intake.accept(source, [signal], desk.clock.advance(1))


async def link_all(links: Links, desk: Desk) -> int:
    done = 0
    while now_done := await links.run_once(desk.clock.now()):
        done += now_done
    return done


@pytest.fixture
async def linked(desk: Desk, links: Links) -> None:
    """Four presses of three pendants: four rows of the journal, four entries of three incidents."""
    await desk.community.source()
    await desk.reload()
    await press(desk, "1", "2", "3", "1")
    desk.clock.advance(1)
    assert await link_all(links, desk) == 8


async def broken(desk: Desk, table: Chained) -> list[tuple[int, Fault]]:
    connection = await desk.database.connect("auditor")
    try:
        head = await head_of(connection, table)
        assert head is not None
        found = await faults_between(connection, table, 1, head.number, most=100)
    finally:
        await connection.close()
    return [(one.number, one.fault) for one in found]


async def test_rows_are_linked_by_name_once_and_hold(
    desk: Desk, links: Links, linked: None
) -> None:
    assert await broken(desk, JOURNAL) == []
    assert await broken(desk, TIMELINE) == []
    assert await links.run_once(desk.clock.now()) == 0
    [marked] = await desk.owner.fetch("SELECT DISTINCT linked_by, linked_at FROM timeline_link")
    assert tuple(marked) == ("office 1", desk.clock.now())


@pytest.mark.parametrize(
    ("table", "tampering", "number", "fault"),
    [
        (JOURNAL, "UPDATE journal SET raw = '' FROM journal_link WHERE id = entry_id AND number = 2", 2, Fault.CHANGED),
        (JOURNAL, "UPDATE journal SET extra = '{}' FROM journal_link WHERE id = entry_id AND number = 4", 4, Fault.CHANGED),
        (JOURNAL, "DELETE FROM journal USING journal_link WHERE id = entry_id AND number = 3", 3, Fault.GONE),
        (JOURNAL, "DELETE FROM journal_link WHERE number = 3", 3, Fault.GONE),
        (TIMELINE, "UPDATE timeline_entry SET at = at - interval '1 minute' WHERE number = 2", 4, Fault.CHANGED),
        (TIMELINE, "DELETE FROM timeline_entry WHERE number = 2", 4, Fault.GONE),
        (TIMELINE, "UPDATE timeline_link SET linked_by = 'office 2' WHERE number = 4", 4, Fault.CHANGED),
    ],
)  # fmt: skip
async def test_whoever_owns_the_database_and_tampers_is_found_out(
    desk: Desk, linked: None, table: Chained, tampering: str, number: int, fault: Fault
) -> None:
    await desk.owner.execute(tampering)
    assert await broken(desk, table) == [(number, fault)]


async def test_a_row_that_was_slipped_in_is_linked_and_named(
    desk: Desk, links: Links, linked: None
) -> None:
    desk.clock.advance(3600)
    await press(desk, "4")
    await link_all(links, desk)
    [first] = await desk.owner.fetch(
        "SELECT * FROM journal JOIN journal_link ON id = entry_id WHERE number = 1"
    )
    await desk.owner.execute(
        "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)"
        " VALUES ('01900000-0000-7000-8000-000000000000', 'dc09', 'recorded', $1, $1, '')",
        first["stored_at"],
    )
    desk.clock.advance(86_400)
    await link_all(links, desk)
    assert await broken(desk, JOURNAL) == [(6, Fault.LATE)]


async def test_an_entry_of_a_transaction_that_ends_late_is_linked_when_it_has_ended(
    desk: Desk, links: Links, linked: None
) -> None:
    slow = await desk.database.connect("slow")
    writing = slow.transaction()
    await writing.start()
    await slow.execute(
        "WITH changed AS (UPDATE incident SET version = version + 1 WHERE version = 1 AND identifier = '2' RETURNING id, version)"
        " INSERT INTO timeline_entry (incident_id, number, at, kind) SELECT id, version, $1, 'note' FROM changed",
        desk.clock.now(),
    )
    await press(desk, "5")
    assert await link_all(links, desk) == 2
    await writing.commit()
    await slow.close()
    assert await link_all(links, desk) == 1
    assert await broken(desk, TIMELINE) == []


async def test_many_incidents_are_looked_at_page_by_page(
    desk: Desk, links: Links, linked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chained, "INCIDENTS", 2)
    await desk.owner.execute("DELETE FROM timeline_link")
    other = Links(desk.database, [ByChange()], by="office 2")
    assert await link_all(other, desk) >= 4
    await other.connections.close()
    assert await desk.owner.fetchval("SELECT count(*) FROM timeline_link") == 4


async def test_two_servers_never_link_a_table_at_once(
    desk: Desk, links: Links, linked: None
) -> None:
    await press(desk, "6")
    async with desk.owner.transaction():
        for table in ("journal_link", "timeline_link"):
            await desk.owner.execute("SELECT pg_advisory_xact_lock(hashtext($1))", table)
        assert await links.run_once(desk.clock.now()) == 0
    assert await link_all(links, desk) == 2


async def test_pages_are_read_by_indexes_that_are_there_anyway(desk: Desk, linked: None) -> None:
    connection = await desk.database.connect("auditor")
    settings = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;"
    plans = []
    for nth, (statement, values) in enumerate(
        [
            (New(JOURNAL).unlinked, "NULL, NULL"),
            (New(JOURNAL).end_of_page, "NULL, 1"),
            (chained.CHANGED, "1, NULL, 1"),
            (chained.UNLINKED, "'{}'"),
        ]
    ):
        await connection.execute(f"{settings} PREPARE page_{nth} AS {statement}")
        plans += await connection.fetch(f"EXPLAIN EXECUTE page_{nth} ({values})")
    await connection.close()
    text = "\n".join(row[0] for row in plans)
    assert "Seq Scan" not in text
    for index in ("journal_default_pkey", "ix_incident_changed_xid", "timeline_entry_default_pkey"):
        assert index in text
