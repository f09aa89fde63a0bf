"""Each month has its part; a row always finds a place, and nobody reaches a part but through the whole."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from callcenter.audit.chain import lowest_at
from callcenter.audit.parts import LEDGERS, Parts, months_ahead
from callcenter.core.database import Database


@pytest.fixture
async def parts(database):
    made = Parts(database)
    yield made
    await made.connections.close()


def an_id(at: datetime, nth: int = 1) -> UUID:
    return UUID(int=lowest_at(at).int | 0x7000_8000_0000_0000_0000 | nth)


async def write(owner: asyncpg.Connection, at: datetime, nth: int = 1) -> None:
    """A row of each ledger that was made then."""
    await owner.execute(
        "INSERT INTO journal (id, source, outcome, received_at, stored_at, raw) VALUES ($1, 'dc09', 'recorded', $2, $2, '')",
        an_id(at, nth),
        at,
    )
    await owner.execute(
        "INSERT INTO timeline_entry (incident_id, number, at, kind) VALUES ($1, 1, $2, 'opened')",
        an_id(at, nth),
        at,
    )
    await owner.execute(
        "INSERT INTO audit_entry (id, at, action, subject) VALUES ($1, $2, 'profile_seen', 'home:1')",
        an_id(at, nth),
        at,
    )


async def lies_in(owner: asyncpg.Connection, ledger: str) -> list[str]:
    rows = await owner.fetch(f"SELECT tableoid::regclass::text AS part FROM {ledger} ORDER BY 1")  # noqa: S608
    return [row["part"] for row in rows]


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (datetime(2026, 11, 30, 23, 59, tzinfo=UTC), ["2026-11", "2026-12", "2027-01"]),
        (datetime(2028, 2, 29, tzinfo=UTC), ["2028-02", "2028-03", "2028-04"]),
        (datetime(2026, 1, 31, 23, tzinfo=UTC), ["2026-01", "2026-02", "2026-03"]),
    ],
)
def test_this_month_and_the_next_two(now, months):
    assert [f"{each:%Y-%m}" for each in months_ahead(now)] == months


async def test_rows_find_a_place_before_their_month_is_there_and_are_moved_into_it(owner, parts):
    at = datetime(2031, 5, 31, 23, 59, 59, 999000, tzinfo=UTC)
    await write(owner, at)
    await write(owner, at + timedelta(milliseconds=1))
    for ledger in LEDGERS:
        assert await lies_in(owner, ledger) == [f"{ledger}_default"] * 2
    await parts.run_once(at)
    for ledger in LEDGERS:
        assert await lies_in(owner, ledger) == [f"{ledger}_2031_05", f"{ledger}_2031_06"]
    await write(owner, datetime(2031, 7, 1, tzinfo=UTC))
    assert await lies_in(owner, "journal") == [
        "journal_2031_05",
        "journal_2031_06",
        "journal_2031_07",
    ]


@pytest.mark.parametrize("at", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2090, 3, 9, tzinfo=UTC)])
async def test_a_clock_that_was_wrong_for_an_hour_gets_its_month_too(owner, clock, parts, at):
    await write(owner, at)
    await parts.run_once(clock.now())
    assert await lies_in(owner, "journal") == [f"journal_{at:%Y_%m}"]


async def test_an_id_that_says_no_time_stays_in_the_part_for_everything(owner, clock, parts):
    await owner.execute(
        "INSERT INTO audit_entry (id, at, action, subject) VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', $1, 'x', 'y')",
        clock.now(),
    )
    await parts.run_once(clock.now())
    assert await lies_in(owner, "audit_entry") == ["audit_entry_default"]


async def test_an_id_stays_unique_over_all_months(owner, clock, parts):
    await parts.run_once(clock.now())
    await write(owner, clock.now())
    with pytest.raises(asyncpg.UniqueViolationError):
        await write(owner, clock.now())


async def test_whoever_reads_the_part_for_everything_is_waited_for_another_time(
    owner, dsn, clock, parts
):
    reader = await asyncpg.connect(dsn)
    try:
        async with reader.transaction():
            await reader.fetch("SELECT FROM journal")
            await parts.run_once(clock.now())
            await write(owner, clock.now())
            assert await lies_in(owner, "journal") == ["journal_default"]
    finally:
        await reader.close()
    await parts.run_once(clock.advance(60))
    assert await lies_in(owner, "journal") == [f"journal_{clock.now():%Y_%m}"]


@pytest.mark.parametrize("ledger", LEDGERS)
async def test_whoever_writes_while_the_month_is_made_waits_and_lies_in_it(
    owner, dsn, clock, ledger
):
    maker, watcher = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        now = datetime.now(UTC)
        async with maker.transaction():
            await maker.execute("SELECT make_ledger_part($1, $2)", ledger, now)
            writing = asyncio.create_task(write(owner, now))
            while not await watcher.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not writing.done(), "it waits for the maker"
        await writing
    finally:
        await maker.close()
        await watcher.close()
    assert await lies_in(owner, ledger) == [f"{ledger}_{now:%Y_%m}"]


@pytest.mark.parametrize("ledger", LEDGERS)
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM {part}",
        "INSERT INTO {part} SELECT * FROM {ledger}",
        "UPDATE {part} SET {key} = {key}",
        "DELETE FROM {part}",
        "TRUNCATE {part}",
        "DROP TABLE {part}",
        "ALTER TABLE {ledger} DETACH PARTITION {part}",
        "UPDATE {ledger} SET {key} = {key}",
        "DELETE FROM {ledger}",
        "TRUNCATE {ledger}",
    ],
)
async def test_the_server_reaches_a_part_only_by_reading_and_adding_to_the_whole(
    dsn, owner, clock, parts, ledger, statement
):
    await parts.run_once(clock.now())
    await write(owner, clock.now())
    database = Database(dsn)
    server = await database.connect("server")
    key = "incident_id" if ledger == "timeline_entry" else "id"
    try:
        for part in (f"{ledger}_{clock.now():%Y_%m}", f"{ledger}_default"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await server.execute(statement.format(part=part, ledger=ledger, key=key))
        assert await server.fetchval(f"SELECT count(*) FROM {ledger}") == 1  # noqa: S608
    finally:
        await server.close()
        await database.close()
