"""Old months go into the archive, and every row that is kept or archived proves itself as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import BUILT_IN
from callcenter.alerts.chained import JOURNAL, TIMELINE
from callcenter.audit.archived import faults_in, header_of
from callcenter.audit.chain import Fault, lowest_at
from callcenter.audit.chained import AUDIT
from callcenter.audit.checking import check_trail, faults_between, head_of
from callcenter.audit.cuts import cut_faults, cuts_of
from callcenter.audit.linking import Everything, Links
from callcenter.audit.parts import Parts
from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal
from callcenter.upkeep import archiving
from callcenter.upkeep.archiving import Archiving
from callcenter.upkeep.kinds import KeptKind

NIGHT = datetime(2026, 11, 28, 3, 5, tzinfo=UTC)
LEDGERS = {KeptKind.JOURNAL: JOURNAL, KeptKind.TIMELINE: TIMELINE, KeptKind.AUDIT: AUDIT}


def an_id(at: datetime, nth: int) -> UUID:
    return UUID(int=lowest_at(at).int | 0x7000_8000_0000_0000_0000 | nth)


class Vault:
    """A database with months of ledgers, the processors over them, and its archive."""

    def __init__(self, database, owner, folder) -> None:
        self.database, self.owner, self.folder = database, owner, folder
        self.seal = Seal.load(folder)
        self.site = Site(
            BUILT_IN | {f"retention.{kind}_d": 730 for kind in ("journal", "audit", "timeline")}
        )
        self.parts = Parts(database)
        self.links = Links(database, [Everything(each) for each in LEDGERS.values() if each is not TIMELINE], by="office 1")
        self.archiving = Archiving(
            database, self.site, LEDGERS, folder, self.seal, ZoneInfo("UTC"), by="office 1"
        )
        self.nth = 0
        self.night = NIGHT

    async def close(self) -> None:
        for each in (self.parts.connections, self.links.connections, self.archiving):
            await each.close()

    async def write(self, *times: datetime) -> None:
        """A look of each time, and a signal."""
        for at in times:
            self.nth += 1
            await self.owner.execute(
                "INSERT INTO audit_entry (id, at, action, subject, detail) VALUES ($1, $2, 'profile_seen', '求助', $3)",
                an_id(at, self.nth),
                at,
                {"b": [1.5, None], "a": "老人"},
            )
            await self.owner.execute(
                "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw, lat)"
                " VALUES ($1, 'dc09', 'recorded', $2, $2, '\\x00ff', 39.123456789)",
                an_id(at, self.nth),
                at,
            )
        await self.parts.run_once(self.night)

    async def link(self) -> None:
        """Whatever has none yet, with the mark of the time at which it was written."""
        self.links._findings = [Everything(JOURNAL), Everything(AUDIT)]
        while await self.links.run_once(self.night):
            pass

    async def age(self) -> None:
        """A night."""
        self.night += timedelta(days=1)
        for _ in range(200):
            if not await self.archiving.run_once(self.night):
                return

    async def wrong(self, chained=AUDIT) -> list[tuple[int, Fault]]:
        connection = await self.database.connect("auditor")
        try:
            head = await head_of(connection, chained)
            last = head.number if head else 0
            found = await faults_between(connection, chained, 1, last, most=100)
            found += await cut_faults(connection, chained)
        finally:
            await connection.close()
        return [(one.number, one.fault) for one in found if one.fault is not Fault.LATE]

    @property
    def files(self):
        return sorted((self.folder / "archive").glob("*.archive"))


@pytest.fixture
async def vault(database, owner, tmp_path):
    made = Vault(database, owner, tmp_path)
    yield made
    await made.close()


def days(year: int, month: int, count: int) -> list[datetime]:
    return [datetime(year, month, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(count)]


@pytest.fixture
async def two_years(vault) -> Vault:
    """Three months: two go, one stays; the rows of the second and third were linked turn by turn."""
    await vault.write(*days(2023, 1, 3))
    await vault.link()
    for second, third in zip(days(2023, 2, 3), days(2026, 6, 3), strict=True):
        await vault.write(second)
        await vault.link()
        await vault.write(third)
        await vault.link()
    assert await vault.wrong() == []
    return vault


async def test_what_is_older_than_it_is_kept_goes_and_the_chain_goes_on(two_years, owner):
    await two_years.age()
    assert [each.name for each in two_years.files] == [
        "audit_entry_2023_01.archive", "audit_entry_2023_02.archive", "journal_2023_01.archive", "journal_2023_02.archive",
    ]  # fmt: skip
    assert await owner.fetchval("SELECT min(at) FROM audit_entry WHERE action = 'profile_seen'") == days(2026, 6, 1)[0]
    assert await owner.fetchval("SELECT min(stored_at) FROM journal") == days(2026, 6, 1)[0]
    assert await two_years.wrong() == await two_years.wrong(JOURNAL) == []
    for file in two_years.files:
        assert list(faults_in(file, two_years.seal)) == []
    # Of what comes before the first row that is kept, not even a link is left.
    assert await owner.fetchval("SELECT min(number) FROM journal_link") == 5
    await two_years.write(datetime(2026, 11, 27, tzinfo=UTC))
    await two_years.link()
    assert await two_years.wrong() == []


async def test_the_page_begins_at_the_cut(two_years, database):
    await two_years.age()
    connection = await database.connect("auditor")
    found = await check_trail(connection, 1, None)
    await connection.close()
    assert (found.first, found.last, found.broken) == (5, 9, None)


async def test_the_trail_says_what_went_and_by_which_file(two_years, owner, database):
    await two_years.age()
    said = await owner.fetch("SELECT detail FROM audit_entry WHERE action = 'ledger_archived' ORDER BY id")
    connection = await database.connect("auditor")
    cuts = [cut for each in LEDGERS.values() for cut in await cuts_of(connection, each)]
    await connection.close()
    assert {row["detail"]["sha256"] for row in said} == {cut.sha256.hex() for cut in cuts}
    assert [(row["detail"]["kind"], row["detail"]["rows"]) for row in said] == [
        ("journal", 3), ("journal", 3), ("audit", 3), ("audit", 3),
    ]  # fmt: skip


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
async def test_whoever_tampers_with_rows_links_or_cuts_is_named(two_years, owner, tampering, named):
    await two_years.age()
    await owner.execute(tampering)
    assert await two_years.wrong() == named


async def test_a_row_that_is_not_as_it_was_linked_is_not_taken_out_of_sight(two_years, owner):
    await owner.execute("UPDATE audit_entry SET subject = 'x' FROM audit_link WHERE id = entry_id AND number = 2")
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
    await owner.execute("UPDATE journal SET incident_id = $1 WHERE stored_at < '2023-02-01'", incident)
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


async def test_whoever_is_cut_off_over_a_file_begins_it_anew(two_years, monkeypatch, database):
    monkeypatch.setattr(archiving, "PAGE", 2)
    await two_years.archiving.run_once(NIGHT)
    await two_years.archiving.run_once(NIGHT)
    assert two_years.files == []
    again = Archiving(
        database, two_years.site, LEDGERS, two_years.folder, two_years.seal, ZoneInfo("UTC"), by="office 2"
    )  # fmt: skip
    await two_years.archiving.close()
    two_years.archiving = again
    await two_years.age()
    assert len(two_years.files) == 4
    assert await two_years.wrong() == []
    for file in two_years.files:
        assert list(faults_in(file, two_years.seal)) == []


async def test_a_file_that_was_changed_does_not_open(two_years):
    await two_years.age()
    file = two_years.files[0]
    whole = file.read_bytes()
    half = len(whole) // 2 + 100
    for broken in (whole[:-1], whole[:-9], whole + b"x", whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
                   whole.replace(b'"rows": 3', b'"rows": 4')):  # fmt: skip
        file.write_bytes(broken)
        with pytest.raises(Invalid):
            list(faults_in(file, two_years.seal))
    assert header_of(file).rows == 4


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
        with pytest.raises((asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError)):
            await connection.execute(asked)
    finally:
        await connection.close()
    assert await two_years.wrong() == []
