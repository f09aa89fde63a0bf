"""A night with the real intake and real commands is proved clean, and whoever tampers with its rows afterwards is named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from callcenter.alerts.chained import JOURNAL, ByChange
from callcenter.audit.chained import AUDIT
from callcenter.audit.linking import Everything, Links, New
from callcenter.core.ids import new_id
from callcenter.core.one_moment import one_moment
from callcenter.devices.signals import Kind
from callcenter.proving.checks import prove
from callcenter.proving.counting import HeardCounts
from callcenter.proving.facts import Span
from callcenter.proving.reading import read_facts
from callcenter.proving.report import Line, Report
from tests.alerts.conftest import Centre


@dataclass
class Night:
    """A centre, what links its rows, and when the night began."""

    centre: Centre
    links: Links
    spool: Path
    incident: str

    async def link(self) -> None:
        while await self.links.run_once(self.centre.desk.clock.now()):
            pass

    async def prove(self) -> Report:
        desk = self.centre.desk
        now = desk.clock.now()
        span = Span(now - timedelta(days=3), now, now)
        return prove(await read_facts(desk.database, span, self.spool))

    async def found(self) -> list[tuple[str, str]]:
        """Check and code of whatever is wrong."""
        report = await self.prove()
        return [
            (line.check.value, each.code)
            for line in report.lines
            for each in line.findings
            if not each.noted
        ]

    @asynccontextmanager
    async def tampered(self, table: str, statement: str) -> AsyncIterator[None]:
        """Around the server, by whoever owns the database; afterwards the table is as it was."""
        owner = self.centre.desk.owner
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await owner.execute(f"CREATE TEMPORARY TABLE kept AS TABLE {table}; {statement}")
        yield
        await owner.execute(f"DELETE FROM {table}")  # noqa: S608 names of the table below
        if table == "incident":
            await owner.execute("INSERT INTO incident OVERRIDING SYSTEM VALUE TABLE kept")
        else:
            await owner.execute(f"INSERT INTO {table} TABLE kept")
        await owner.execute(f"DROP TABLE kept; ALTER TABLE {table} ENABLE TRIGGER USER")


async def shown_and_heard(centre: Centre, incident: object) -> None:
    """A seat proves both."""
    for proof in ("seen", "sounding"):
        await centre.desk.owner.execute(
            "INSERT INTO incident_proof (incident_id, ring, proof, user_id, seat_id, at) VALUES ($1, 1, $2, $3, $4, $5)",
            incident,
            proof,
            centre.wang.user_id,
            new_id(),
            centre.desk.clock.advance(0.2),
        )


@pytest.fixture
async def night(centre: Centre, tmp_path: Path) -> AsyncIterator[Night]:
    """A press that is joined by a second one, is taken and closed; a stranger who is taken, and a frame that nobody can read."""
    desk = centre.desk
    source = desk.registry.source("dc09")
    assert source is not None
    counted = {("dc09", "settled"): 4, ("dc09", "liveness"): 50, ("dc09", "refused"): 1}
    counts = HeardCounts(desk.database, new_id(), desk.clock.now(), lambda: counted)
    first = (await desk.press()).incident_id
    await shown_and_heard(centre, first)
    desk.clock.advance(3)
    await desk.press()
    stranger = (await desk.press("9999", Kind.SOS)).incident_id
    await shown_and_heard(centre, stranger)
    await desk.intake.keep_undecodable(source, b"\xff", None, "no frame", desk.clock.now())
    desk.clock.advance(5)
    for incident in (first, stranger):
        await centre.wang.done(incident, "take")
    await centre.wang.done(first, "close", outcome="mistaken_press", note="按错了")
    await desk.owner.execute(
        "INSERT INTO incident_watch (id, looked_at) VALUES (1, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at"
    )
    await desk.owner.execute("UPDATE sms_message SET state = 'delivered' WHERE state = 'queued'")
    await counts.run_once(desk.clock.advance(60))
    await counts.connections.close()
    findings = [New(AUDIT), New(JOURNAL), ByChange(), Everything(AUDIT), Everything(JOURNAL)]
    links = Links(desk.database, findings, by="office 1")
    made = Night(centre, links, tmp_path / "spool", str(first))
    await made.link()
    desk.clock.advance(3600)
    yield made
    await links.connections.close()


def line(report: Report, check: str) -> Line:
    [found] = [each for each in report.lines if each.check.value == check]
    return found


async def test_a_night_in_which_everything_went_well_is_clean(night: Night) -> None:
    assert await night.found() == []
    report = await night.prove()
    received = line(report, "received").figures
    assert received["received"] == 4 + 50 + 1
    assert (received["opened"], received["joined"], received["undecodable"]) == (2, 1, 1)
    assert line(report, "alarms").figures["sounding_worst_s"] == 0.4
    assert line(report, "numbers").figures == {"incidents": 2, "joined": 1}
    assert line(report, "commands").figures["commands"] == 3
    assert line(report, "chains").figures["journal_links"] == 4


CASES: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = [
    ("journal", "UPDATE journal SET text = 'x' WHERE outcome = 'joined'", [("chains", "row_changed")]),
    ("journal", "DELETE FROM journal WHERE outcome = 'joined'", [
        ("received", "journal_rows_missing"), ("numbers", "numbers_missing"), ("chains", "row_gone")]),
    ("journal", "DELETE FROM journal WHERE outcome = 'undecodable'", [
        ("received", "journal_rows_missing"), ("chains", "row_gone")]),
    ("timeline_entry", "UPDATE timeline_entry SET at = at - interval '1 minute' WHERE kind = 'closed'", [
        ("chains", "row_changed")]),
    ("timeline_entry", "DELETE FROM timeline_entry WHERE kind = 'closed'", [
        ("commands", "command_without_entry"), ("commands", "timeline_torn"), ("chains", "row_gone")]),
    ("timeline_entry", "DELETE FROM timeline_entry WHERE kind = 'taken'", [
        *[("alarms", "reached_nobody")] * 2, *[("commands", "command_without_entry")] * 2,
        *[("commands", "timeline_torn")] * 2, *[("chains", "row_gone")] * 2]),
    ("incident", "DELETE FROM incident WHERE state = 'closed'", [("received", "opened_without_incident")]),
    ("audit_entry", "UPDATE audit_entry SET address = 'x' WHERE id = (SELECT entry_id FROM audit_link WHERE number = 2)", [
        ("chains", "row_changed")]),
    ("audit_link", "DELETE FROM audit_link WHERE number = 2", [("chains", "row_gone"), ("chains", "row_outside")]),
    ("timeline_link", "UPDATE timeline_link SET linked_by = 'x' WHERE number = 2", [("chains", "row_changed")]),
    ("incident_proof", "DELETE FROM incident_proof WHERE proof = 'sounding'", [("alarms", "taken_unheard")] * 2),
    ("sms_message", "UPDATE sms_message SET state = 'unknown'", [("texts", "text_unknown")] * 2),
    ("incident_timer", "DELETE FROM incident_timer", [("open", "forgotten")]),
    ("incident_timer", "UPDATE incident_timer SET due_at = clock_timestamp() - interval '1 hour' WHERE kind = 'taker_gone'", [
        ("due", "overdue")]),
]  # fmt: skip


async def test_whatever_is_wrong_or_was_tampered_with_is_named(night: Night) -> None:
    for table, statement, named in CASES:
        async with night.tampered(table, statement):
            assert (statement, await night.found()) == (statement, named)
    assert await night.found() == []


async def test_a_row_that_is_slipped_in_is_named_before_and_after_it_is_linked(
    night: Night,
) -> None:
    clock = night.centre.desk.clock
    await night.centre.desk.press("5555", Kind.HEARTBEAT)
    await night.link()
    await night.centre.desk.owner.execute(
        "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw)"
        " VALUES ('01900000-0000-7000-8000-000000000000', 'dc09', 'recorded', $1, $1, '')",
        clock.now() - timedelta(minutes=50),
    )
    clock.advance(1)
    assert await night.found() == [("chains", "row_outside")]
    clock.advance(86_400)
    await night.link()
    clock.advance(1)
    assert await night.found() == [("chains", "row_late")]


async def test_a_proof_could_change_nothing_if_it_wanted(database) -> None:
    async with one_moment(database, "prove") as connection:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("INSERT INTO database_start VALUES (now())")
