"""The writers of a lane: from what waits to its outcome, on connections that are held.

Each lane has two, the second for when the first is held up, and one for what is locked. A flush of unknown outcome is looked up
and repeated as it stands; so is one that the database refuses to write. A batch with a bad signal is bisected, so that only that
signal suffers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import asyncpg
import structlog

from callcenter.alerts.arriving.arrival import Arrival
from callcenter.alerts.arriving.flushing import Contended, Flush, Stored, already_written, write
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.numbering import own_numbers
from callcenter.alerts.arriving.rehearsing import tables_are_locked
from callcenter.alerts.arriving.turns import Line
from callcenter.alerts.arriving.waiting import Item, Later, Patience, Waiting, is_over, is_written
from callcenter.alerts.board import Board
from callcenter.alerts.models import JournalOutcome
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import LOST
from callcenter.core.store_health import StoreHealth
from callcenter.core.supervisor import Supervisor

log = structlog.get_logger(__name__)

MAX_BATCH: Final = 250
CONNECTIONS: Final = 2
RECONNECT_PAUSE_S = 0.2
ANSWER_S = 10.0
"""A flush that has no answer after this long is of unknown outcome; its connection is given up."""

CONTENDED = (
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.QueryCanceledError,
    Contended,
)
"""Somebody else holds the incident."""


class TablesLocked(Exception):
    """Somebody holds a whole table: no signal is at fault, and none could be written alone."""


STORE_REFUSES = (
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InsufficientResourcesError,  # the disk is full
    asyncpg.PostgresSystemError,  # the disk is broken
    asyncpg.PostgresIOError,
    asyncpg.SyntaxOrAccessError,  # somebody took a table or a right away
)
"""The database answers and does not write. The batch is kept as it is and tried again."""
TRIES_TOGETHER = 15
"""For some 3 s, longer than devices wait; then one by one, so that nothing in a batch can hold up a lane for ever."""


@dataclass(slots=True)
class _Held:
    """What a writer writes with; None: it has to connect."""

    name: str
    connection: asyncpg.Connection | None = None

    def let_go(self) -> None:
        if self.connection is not None:
            self.connection.terminate()
        self.connection = None


class Writers:
    """Those of every lane of one process."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        board: Board,
        health: StoreHealth,
        keeping: Keeping,
        patience: Patience,
        texts_written: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._board = board
        self._health = health
        self._keeping = keeping
        self._patience = patience
        self._texts_written = texts_written

    def start(self, supervisor: Supervisor, line: Line[Item]) -> None:
        """Two for the lane, and the patient one."""
        for number in range(CONNECTIONS):
            name = f"intake-{line.name}-{number}"
            supervisor.start(self._write_forever(line, name), name=name)
        name = f"intake-{line.name}-patient"
        supervisor.start(self._write_patiently(line, name), name=name)

    @contextmanager
    def _of_writer(self, name: str) -> Iterator[_Held]:
        """Its connection does not outlive the writer."""
        held = _Held(name)
        try:
            yield held
        finally:
            held.let_go()

    async def _connected(self, held: _Held) -> asyncpg.Connection:
        if held.connection is None or held.connection.is_closed():
            held.connection = await self._database.connect(held.name, answer_s=ANSWER_S)
        return held.connection

    async def _write_forever(self, line: Line[Item], name: str) -> None:
        """Take what waits and write it; after a lost connection the same batch again, as it stands."""
        with self._of_writer(name) as held:
            await self._write_batches(line, held)

    async def _write_batches(self, line: Line[Item], held: _Held) -> None:
        batch: list[Item] = []
        tries = 0
        while True:
            tries = tries + 1 if batch else 0
            try:
                connection = await self._connected(held)
                if not batch:
                    await line.ready()
                    batch = line.lane.take(MAX_BATCH)
                with line.writing(len(batch)):
                    await self._flush(
                        connection, line, batch, Flush(tries > 0, tries > TRIES_TOGETHER)
                    )
                batch = []
            except Exception as error:  # noqa: BLE001 - a writer that ended would stop every alarm
                self._give_up(held, error)
                batch = [item for item in batch if not is_over(item)]
                line.wake()
                await asyncio.sleep(RECONNECT_PAUSE_S)

    async def _write_patiently(self, line: Line[Item], name: str) -> None:
        """Signals whose incident was locked too long, one by one and in turns, so that nobody else waits for them.

        What one try did may be unknown, and what an earlier writer did may only now be committed: each try looks first.
        """
        with self._of_writer(name) as held:
            await self._write_one_by_one(line, held)

    async def _write_one_by_one(self, line: Line[Item], held: _Held) -> None:
        while True:
            item = await line.contended.get()
            try:
                connection = await self._connected(held)
                await self._flush(connection, line, [item], Flush(uncertain=True), patient=True)
            except Exception as error:  # noqa: BLE001 - as above
                self._give_up(held, error)
            if not is_written(item):
                line.contended.put_nowait(item)
                await asyncio.sleep(RECONNECT_PAUSE_S)

    async def _flush(
        self,
        connection: asyncpg.Connection,
        line: Line[Item],
        batch: list[Item],
        flush: Flush,
        *,
        patient: bool = False,
    ) -> None:
        started = self._clock.monotonic()
        waiting = [item for item in batch if isinstance(item, Waiting)]
        try:
            await self._write_arrivals(connection, waiting, flush)
        finally:
            self._publish(line, waiting, flush, patient=patient)
            if flush.settled:
                self._patience.wrote()
        for item in batch:
            if isinstance(item, Later) and not item.done:
                await item.write(connection)
                item.done = True
                line.lane.settle(item.subject)
                line.wake()
        metrics.FLUSH_SIZE.labels(line.name).observe(len(batch))
        metrics.FLUSH_SECONDS.labels(line.name).observe(self._clock.monotonic() - started)

    async def _write_arrivals(
        self, connection: asyncpg.Connection, waiting: Sequence[Waiting], flush: Flush
    ) -> None:
        arrivals = [item.arrival for item in waiting]
        if flush.uncertain or any(item.again for item in waiting):
            arrivals = await already_written(connection, arrivals, flush)
        arrivals = await own_numbers(connection, arrivals, self._keeping.incidents)
        if arrivals:
            await self._write_or_bisect(connection, arrivals, flush)

    async def _write_or_bisect(
        self, connection: asyncpg.Connection, arrivals: Sequence[Arrival], flush: Flush
    ) -> None:
        try:
            await write(connection, arrivals, self._clock.now(), self._board.present, flush)
        except LOST:
            raise
        except Exception as error:  # whatever one signal causes, it keeps to itself
            if isinstance(error, STORE_REFUSES) and not flush.divided:
                raise
            if isinstance(error, CONTENDED) and await tables_are_locked(connection):
                raise TablesLocked(str(error)) from error
            left = [a for a in arrivals if a.journal_id not in flush.settled]
            if len(left) == 1:
                await self._write_alone(connection, left[0], error, flush)
                return
            middle = len(left) // 2
            for half in (left[:middle], left[middle:]):
                if half:
                    await self._write_or_bisect(connection, half, flush)

    async def _write_alone(
        self, connection: asyncpg.Connection, arrival: Arrival, error: Exception, flush: Flush
    ) -> None:
        """One signal that was refused: later when it is locked, without its trimmings when its data are at fault."""
        if isinstance(error, CONTENDED):
            flush.contended.add(arrival.journal_id)
            return
        if isinstance(error, STORE_REFUSES):
            self._health.flush_failed(self._clock.monotonic(), str(error))
            flush.contended.add(arrival.journal_id)  # it rings, and its device has been told so
            return
        try:
            now = self._clock.now()
            fit = _renumbered(arrival) if _number_is_taken(error) else _bare(arrival)
            log.error("signal_refused", journal_id=str(arrival.journal_id), error=str(error))
            await write(connection, [fit], now, self._board.present, flush)
        except LOST:
            raise
        except Exception:  # as above
            log.exception("signal_not_stored", journal_id=str(arrival.journal_id))
            flush.failed[arrival.journal_id] = Unavailable(
                "The database refuses this signal; the log of the server says why.",
                code="refused_by_database",
            )

    def _publish(
        self, line: Line[Item], batch: Sequence[Waiting], flush: Flush, *, patient: bool
    ) -> None:
        """After the commit: push, tell whoever waits, let the subjects go."""
        if flush.changes:
            self._board.publish(flush.changes)
        if flush.texts:
            self._texts_written()
        for item in batch:
            journal_id = item.arrival.journal_id
            if journal_id in flush.settled:
                self._settle(line, item, flush.settled[journal_id])
            elif journal_id in flush.failed:
                line.lane.settle(item.subject)
                self._fail(item, flush.failed[journal_id])
            elif journal_id in flush.contended and not patient:
                item.contended = True
                line.contended.put_nowait(item)
        line.wake()

    def _give_up(self, held: _Held, error: Exception) -> None:
        """The connection is of no more use; its writer makes a new one, which sees a database that writes again as such."""
        if isinstance(error, LOST):
            log.warning("intake_connection_lost", writer=held.name, error=str(error))
        elif not isinstance(error, (*STORE_REFUSES, TablesLocked)):
            log.error("intake_writer_failed", writer=held.name, exc_info=error)
        self._health.flush_failed(self._clock.monotonic(), str(error) or repr(error))
        held.let_go()

    def _settle(self, line: Line[Item], item: Waiting, settled: Stored) -> None:
        metrics.SIGNALS.labels(item.arrival.source.name, settled.outcome.value).inc()
        line.lane.settle(item.subject)
        item.settled.set_result(settled)
        self._let_go(item, settled)

    def _fail(self, item: Waiting, error: Exception) -> None:
        """The database will never take it as it is: it stays on the spool, for a release that can write it."""
        if item.kept is None:
            item.settled.set_exception(error)
        else:
            item.settled.set_result(item.kept)
            self._keeping.waiting -= 1

    def _let_go(self, item: Waiting, settled: Stored) -> None:
        """The database has it: the spool need not."""
        for segment in item.spooled:
            self._keeping.release(segment)
        if item.kept is None:
            self._keeping.remember(item.arrival, settled)
            if item.again and (rang := _as_it_rang(item.arrival)) is not None:
                self._keeping.went(rang, settled)
        else:
            self._keeping.settled(item.kept, settled)


def _as_it_rang(arrival: Arrival) -> Stored | None:
    """What an earlier process has shown that it opens; None: nothing."""
    if arrival.rang is None or arrival.rang.number is None:
        return None
    return Stored(
        arrival.journal_id, JournalOutcome.OPENED, arrival.incident_id, arrival.rang.number
    )


def _number_is_taken(error: Exception) -> bool:
    """Another server has given the same number while neither had the database."""
    return (
        isinstance(error, asyncpg.UniqueViolationError)
        and error.constraint_name == "uq_incident_number"
    )


def _renumbered(arrival: Arrival) -> Arrival:
    """It gets a number from the database."""
    return replace(arrival, rang=arrival.rang and replace(arrival.rang, number=None))


def _bare(arrival: Arrival) -> Arrival:
    signal = replace(arrival.signal, text=None, position=None, occurred_at=None)
    return replace(arrival, signal=signal, extra="{}", flags=(*arrival.flags, "trimmed"))
