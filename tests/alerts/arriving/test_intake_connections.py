"""Intake whose connections are cut, hang or wait for locks: every signal is written once, and none waits for another's trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import asyncpg
import pytest
from structlog.testing import capture_logs

from callcenter.alerts.arriving import writers
from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.models import JournalOutcome
from callcenter.core.database import Database
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import SourceRef
from callcenter.devices.signals import Kind, Signal
from tests.alerts.conftest import Desk
from tests.support.away import keeping_somewhere
from tests.support.flaky_proxy import FlakyProxy
from tests.support.postgres import TestDatabases
from tests.support.waiting import until


def press(identifier: str, nth: int = 1) -> Signal:
    raw = f"{identifier}:{nth}".encode()
    return Signal(identifier, Kind.SOS, sha256(raw).digest(), raw)


@pytest.fixture
async def source(desk: Desk) -> SourceRef:
    await desk.community.source()
    await desk.reload()
    found = desk.registry.source("dc09")
    assert found is not None
    return found


@asynccontextmanager
async def intake_behind(proxy: FlakyProxy, desk: Desk) -> AsyncIterator[Intake]:
    """A second intake, whose way to PostgreSQL leads through the proxy."""
    database = Database(proxy.dsn)
    intake = Intake(
        database,
        desk.registry,
        desk.clock,
        desk.board,
        texts_written=lambda: None,
        keeping=keeping_somewhere(desk.board, desk.clock),
    )
    async with Supervisor() as supervisor:
        intake.start(supervisor)
        yield intake
    await database.close()


@asynccontextmanager
async def locked(desk: Desk, *identifiers: str) -> AsyncIterator[asyncpg.Transaction]:
    """Somebody sits on the incidents of these callers until the transaction is rolled back."""
    holder = await desk.database.connect("locker")
    await holder.execute("SET idle_in_transaction_session_timeout = 0")
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute(
        "SELECT 1 FROM incident WHERE identifier = ANY($1) FOR UPDATE", list(identifiers)
    )
    yield transaction
    holder.terminate()


async def outcomes(desk: Desk, identifier: str) -> list[tuple[int, int]]:
    """Presses and journal rows of this caller's incidents."""
    rows = await desk.owner.fetch(
        "SELECT press_count, (SELECT count(*) FROM journal WHERE incident_id = incident.id) AS rows"
        " FROM incident WHERE identifier = $1",
        identifier,
    )
    return [tuple(row) for row in rows]


async def test_a_connection_lost_while_another_incident_is_locked_writes_each_press_once(
    desk: Desk, source: SourceRef
) -> None:
    now = desk.clock.now()
    await desk.intake.accept(source, [press("a")], now)
    await desk.intake.accept(source, [press("b")], now)
    async with FlakyProxy.to_postgres(desk.database.dsn) as proxy, intake_behind(proxy, desk) as it:
        await it.accept(source, [press("warm")], now)
        async with locked(desk, "a") as lock:
            proxy.hold("up", lambda data: b"caller:dc09:b" in data and b"caller:dc09:a" not in data)
            both = [asyncio.ensure_future(it.accept(source, [press(i, 2)], now)) for i in "ab"]
            await proxy.held("up")
            proxy.cut()
            proxy.restore()
            await lock.rollback()
            found = [settled for [settled] in await asyncio.gather(*both)]
        assert [one.outcome for one in found] == [JournalOutcome.JOINED] * 2
        assert (await it.accept(source, [press("c")], now))[0].outcome is JournalOutcome.OPENED
    assert await outcomes(desk, "a") == [(2, 2)]
    assert await outcomes(desk, "b") == [(2, 2)]


_SLOW_COMMIT = """
CREATE SEQUENCE slow_commits;
GRANT USAGE ON SEQUENCE slow_commits TO callcenter_server;
CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('slow_commits') = 1 THEN PERFORM pg_sleep({seconds}); END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION commit_slowly();
"""


@pytest.mark.parametrize("seconds", [0.4, 1.5])
@pytest.mark.parametrize("before", [0, 1])
async def test_a_commit_that_outlives_its_connection_is_not_written_again(
    desk: Desk, source: SourceRef, databases: TestDatabases, seconds: float, before: int
) -> None:
    """PostgreSQL is still committing, as with a slow replica, when the same signal comes over a new connection."""
    now = desk.clock.now()
    for nth in range(before):
        await desk.intake.accept(source, [press("a", nth + 10)], now)
    async with FlakyProxy.to_postgres(desk.database.dsn) as proxy, intake_behind(proxy, desk) as it:
        await it.accept(source, [press("warm")], now)
        await as_admin(databases, desk, _SLOW_COMMIT.format(seconds=seconds))
        waiting = asyncio.ensure_future(it.accept(source, [press("a")], now))
        await committing(desk)
        proxy.cut()
        proxy.restore()
        [settled] = await waiting
    assert settled.outcome is (JournalOutcome.JOINED if before else JournalOutcome.OPENED)
    assert await outcomes(desk, "a") == [(1 + before, 1 + before)]


async def as_admin(databases: TestDatabases, desk: Desk, statements: str) -> None:
    name = await desk.owner.fetchval("SELECT current_database()")
    admin = await asyncpg.connect(databases.admin_dsn, database=name)
    await admin.execute(statements)
    await admin.close()


async def committing(desk: Desk) -> None:
    while not await desk.owner.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    ):
        await asyncio.sleep(0.01)


async def test_a_lock_that_is_never_let_go_keeps_no_other_contended_incident_waiting(
    desk: Desk, source: SourceRef
) -> None:
    now = desk.clock.now()
    for identifier in "ab":
        await desk.intake.accept(source, [press(identifier)], now)
    async with locked(desk, "a"), locked(desk, "b") as lock_of_b:
        first = asyncio.ensure_future(desk.intake.accept(source, [press("a", 2)], now))
        second = asyncio.ensure_future(desk.intake.accept(source, [press("b", 2)], now))
        waiting = desk.intake._alarms
        await until(lambda: waiting.lane.has_ready is False and waiting.contended.qsize() >= 1, "2")
        await lock_of_b.rollback()
        [settled] = await second
        assert settled.outcome is JournalOutcome.JOINED
        assert not first.done()
    await first


async def test_a_database_that_goes_silent_is_given_up_and_its_signals_are_written_over_a_new_connection(
    desk: Desk, source: SourceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its host has vanished: the connection stays open, and no answer ever comes."""
    monkeypatch.setattr(writers, "ANSWER_S", 0.5)
    now = desk.clock.now()
    async with FlakyProxy.to_postgres(desk.database.dsn) as proxy, intake_behind(proxy, desk) as it:
        await it.accept(source, [press("warm")], now)
        proxy.hold("down", only_present=True)
        [settled] = await it.accept(source, [press("a")], now)
    assert settled.outcome is JournalOutcome.OPENED
    assert await outcomes(desk, "a") == [(1, 1)]


async def test_a_fault_that_nobody_foresaw_stops_neither_its_neighbours_nor_the_writers(
    desk: Desk, source: SourceRef
) -> None:
    """A codec has handed over a signal without its raw bytes."""
    now = desk.clock.now()
    bad = Signal("bad", Kind.SOS, b"bad", None)  # type: ignore[arg-type]
    signals = [press(f"n-{n}") for n in range(10)] + [bad]
    waits = [asyncio.ensure_future(desk.intake.accept(source, [one], now)) for one in signals]
    with capture_logs() as logs:
        *good, refused = await asyncio.gather(*waits, return_exceptions=True)
        assert [line["event"] for line in logs] == [
            "signal_not_spooled",
            "signal_refused",
            "signal_not_stored",
        ]
    assert all(isinstance(one, list) and isinstance(one[0], Stored) for one in good)
    assert isinstance(refused, Exception)
    for nth in range(8):
        await desk.intake.accept(source, [press("after", nth)], now)


async def test_g3_an_alarm_is_not_refused_for_an_extra_field_nested_too_deeply(
    desk: Desk, source: SourceRef
) -> None:
    extra: object = "end"
    for _ in range(900):
        extra = [extra]
    signal = Signal("deep", Kind.SOS, b"deep", b"raw", extra={"deep": extra})
    [settled] = await desk.intake.accept(source, [signal], desk.clock.now())
    assert settled.outcome is JournalOutcome.OPENED
