"""Intake: from a decoded signal to a durable outcome. `accept` returns after the commit, never before (G1).

Two lanes, alarms and the rest, each with two held connections, the second for when the first is held up: a flush takes all that
waits (at most `MAX_BATCH`), one commit serves all of it, and an alarm never lingers for more (`turns.py`; design 6, 6b.4, 6b.5). A flush of unknown outcome
is looked up and repeated as it stands; so is one that the database refuses to write. A batch with a bad signal is bisected,
so that only that signal suffers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from math import isfinite
from uuid import UUID

import asyncpg
import orjson
import structlog

from callcenter.alerts import telling
from callcenter.alerts.arriving import spooling
from callcenter.alerts.arriving.arrival import Arrival
from callcenter.alerts.arriving.flushing import Contended, Flush, Stored, already_written, write
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.meeting import ABOUT_AN_ALARM, class_joined
from callcenter.alerts.arriving.opening import pass_numbers
from callcenter.alerts.arriving.rehearsing import tables_are_locked
from callcenter.alerts.arriving.spooling import SpooledSignal
from callcenter.alerts.arriving.turns import REST_S, Line
from callcenter.alerts.board import Board, Wanted
from callcenter.alerts.called import OFFICE
from callcenter.alerts.drilled import DRILL
from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.trial import TRIAL
from callcenter.alerts.trying import says_real
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import LOST, HeldConnections
from callcenter.core.ids import new_id
from callcenter.core.spool import Segment
from callcenter.core.store_health import StoreHealth
from callcenter.core.supervisor import Supervisor
from callcenter.devices.callers import Caller, SourceRef
from callcenter.devices.registry import Registry
from callcenter.devices.registry.seeking import Seeking
from callcenter.devices.signals import CLASS_OF, PRIORITY_OF, Signal, SignalClass
from callcenter.sms.outbox import Text

log = structlog.get_logger(__name__)

MAX_BATCH = 250
LANE_CAPACITY = 20_000
CONNECTIONS = 2
PATIENCE_S = 0.3
"""A database that has written nothing for this long does not answer: what waits rings from memory (G5)."""
SHORT_PATIENCE_S = 0.05
"""While it is known not to."""
LONGEST_PATIENCE_S = 0.7
"""What waits behind others, or for an incident that somebody holds, rings from memory after this."""
STORE_DEADLINE_S = 3.0
"""A device gives up after about this long: later it is told nothing and repeats (protocols: hard limit)."""
RECONNECT_PAUSE_S = 0.2
ANSWER_S = 10.0
"""A flush that has no answer after this long is of unknown outcome; its connection is given up."""
MAX_JSON_INTEGER = 2**63 - 1
NOT_WRITTEN = "The database answers and does not write: try again."

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


@dataclass(slots=True, eq=False)
class _Waiting:
    """An arrival and whoever waits for it."""

    arrival: Arrival
    settled: asyncio.Future[Stored]
    since: float
    """When it came (monotonic s)."""
    spooled: list[Segment] = field(default_factory=list)
    """Where on the spool it stands."""
    kept: Stored | None = None
    """It rings, and is acknowledged, without the database."""
    again: bool = False
    """From the spool of an earlier process: the database may have it."""
    contended: bool = False
    """Handed to the patient writer; nobody else writes it any more."""

    @property
    def subject(self) -> str:
        return self.arrival.subject


@dataclass(slots=True, eq=False)
class Later:
    """What is to be written in its turn among the signals of a subject: a command that was done without the database.

    `write` raises what its connection raises; anything else it settles itself.
    """

    subject: str
    write: Callable[[asyncpg.Connection], Awaitable[None]]
    done: bool = False


_Item = _Waiting | Later


@dataclass(slots=True)
class _Held:
    """What a writer writes with; None: it has to connect."""

    name: str
    connection: asyncpg.Connection | None = None

    def let_go(self) -> None:
        if self.connection is not None:
            self.connection.terminate()
        self.connection = None


class Intake:
    """The way in for every signal. `start` opens the writers under the supervisor that is given."""

    def __init__(  # noqa: PLR0913 - a composition
        self,
        database: Database,
        registry: Registry,
        clock: Clock,
        board: Board,
        *,
        texts_written: Callable[[], None],
        health: StoreHealth | None = None,
        keeping: Keeping | None = None,
        ids: Callable[[], UUID] = new_id,
    ) -> None:
        """`ids` makes those of signals and incidents; whoever goes through a night again gives those that it had."""
        self._ids = ids
        self._supervisor: Supervisor | None = None
        self._health = health or StoreHealth(clock.monotonic())
        self._database = database
        self._registry = registry
        self._clock = clock
        self._board = board
        self._texts_written = texts_written
        self._seeking = Seeking(registry, database)
        self._undecodable = HeldConnections(database, "intake-undecodable")
        self._alarms: Line[_Item] = Line("alarm", LANE_CAPACITY)
        self._others: Line[_Item] = Line("other", LANE_CAPACITY, REST_S)
        self._keeping = keeping
        self._wrote_at = clock.monotonic()
        """When a flush last settled something (monotonic s)."""
        self.last_seen: dict[int, datetime] = {}
        """Device id to when it was heard of, since the last time somebody took this away to write it down."""

    async def prepare(self) -> None:
        """Before the first signal: be ready to look up who calls. Raises Unavailable."""
        if not self._registry.complete:
            await self._seeking.open()

    def start(self, supervisor: Supervisor) -> None:
        """Two writers a lane."""
        self._supervisor = supervisor
        for line in (self._alarms, self._others):
            for number in range(CONNECTIONS):
                name = f"intake-{line.name}-{number}"
                supervisor.start(self._write_forever(line, name), name=name)
            name = f"intake-{line.name}-patient"
            supervisor.start(self._write_patiently(line, name), name=name)

    async def accept(
        self,
        source: SourceRef,
        signals: Sequence[Signal],
        received_at: datetime,
        caller: Caller | None = None,
    ) -> list[Stored]:
        """Store the signals and say what became of each, after the commit, or when they are on the spool and ring. `caller`: who
        sends them, where that is known otherwise than by the device.

        Raises Unavailable when neither the database nor the spool takes them, or the lane is full; a signal that waits stays in its
        lane all the same and is written when the database is back, and the device's repeat is recognised.
        """
        signals = [_storable(signal) for signal in signals]
        if caller is None and not self._registry.complete:
            await self._seek(source, signals)
        named = [self._named(source, signal) for signal in signals]
        waits = [self._enter(source, signal, received_at, caller) for signal in named]
        if len(waits) == 1:
            return [await self._outcome(waits[0])]
        settling = (self._outcome(wait) for wait in waits)
        outcomes = await asyncio.gather(*settling, return_exceptions=True)
        return [_or_raised(outcome) for outcome in outcomes]

    async def _seek(self, source: SourceRef, signals: Sequence[Signal]) -> None:
        """Whom the registry does not know yet; while the database is known to be away it rings as unknown, and is looked up later."""
        if self._health.trouble(self._clock.monotonic()) is not None:
            self._seeking.gave_up = True
            return
        names = [name for signal in signals for name in (*signal.also, signal.identifier)]
        await self._seeking.seek(source.name, list(dict.fromkeys(names)))

    async def keep_undecodable(
        self,
        source: SourceRef,
        raw: bytes,
        identifier: str | None,
        reason: str,
        received_at: datetime,
    ) -> None:
        """Write a frame that could not be read into the journal, with the reason. Raises Unavailable."""
        row = (
            self._ids(),
            source.name,
            _clean(identifier) if identifier else None,
            received_at,
            self._clock.now(),
            _clean(reason),
            raw,
        )
        try:
            async with self._undecodable.use() as connection:
                await connection.execute(_UNDECODABLE, *row)
        except (*STORE_REFUSES, *CONTENDED) as error:
            raise Unavailable(NOT_WRITTEN, code="not_stored") from error
        metrics.SIGNALS.labels(source.name, JournalOutcome.UNDECODABLE.value).inc()

    def count_liveness(self, source: SourceRef, identifier: str | None, at: datetime) -> None:
        """A pure life sign: counted and remembered, not stored (design 6b.7)."""
        metrics.LIVENESS.labels(source.name).inc()
        if identifier is not None:
            self._heard_of(source, identifier, at)

    def gave_up(self) -> bool:
        """Whether, since this was asked last, somebody was not looked up in time and rings as unknown."""
        given_up, self._seeking.gave_up = self._seeking.gave_up, False
        return given_up

    # ---- entering

    def _named(self, source: SourceRef, signal: Signal) -> Signal:
        """Under the first of its names that is registered."""
        for name in signal.also:
            if self._registry.device_id(source.name, name) is not None:
                return replace(signal, identifier=name, also=())
        return signal

    def _enter(
        self, source: SourceRef, signal: Signal, received_at: datetime, caller: Caller | None
    ) -> _Waiting:
        told = caller is not None
        caller = caller or self._registry.resolve(source, signal.identifier, received_at)
        arrival = self._arrive(source, signal, received_at, caller)
        line = self._line(_lane_of(arrival))
        if not line.lane.has_room(arrival.subject):
            raise Unavailable(
                f"{len(line.lane)} signals are waiting to be stored: try again.",
                code="lane_full",
            )
        item = self._waiting(arrival)
        if self._keeping is not None:
            _stands(item, self._keeping.enters(arrival, signal, told=told))
        line.put(item)
        self._heard_of(source, signal.identifier, received_at)
        return item

    def _waiting(self, arrival: Arrival) -> _Waiting:
        settled: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        return _Waiting(arrival, settled, self._clock.monotonic())

    def _line(self, signal_class: str) -> Line[_Item]:
        return self._alarms if signal_class == SignalClass.ALARM else self._others

    def _arrive(
        self, source: SourceRef, signal: Signal, received_at: datetime, caller: Caller
    ) -> Arrival:
        if not caller.known:
            caller, signal = _told_apart(caller, signal)
        signal_class = CLASS_OF[signal.kind]
        flags = signal.flags if caller.known else (*signal.flags, "unknown_device")
        card = dict(caller.card)
        if signal.text:
            card["text"] = signal.text
        texts: list[Text] = []
        ring_to: Sequence[int] = ()
        if signal_class is SignalClass.ALARM:
            ring_to = self._offer(caller, PRIORITY_OF[signal.kind])
            texts = telling.alarm_texts(caller, signal.kind, received_at)
            if not self._board.manned(caller.region_path):
                duty = caller.settings.duty_at(received_at)
                texts += telling.duty_texts(caller, duty, received_at)
        return Arrival(
            source=source,
            signal=signal,
            caller=caller,
            signal_class=signal_class,
            priority=PRIORITY_OF[signal.kind],
            received_at=received_at,
            journal_id=self._ids(),
            incident_id=self._ids(),
            card=card,
            texts=texts,
            flags=flags,
            extra=_clean_json(signal.extra),
            ring_to=ring_to,
            mode=self._mode(source, signal, caller, received_at),
        )

    def _mode(
        self, source: SourceRef, signal: Signal, caller: Caller, at: datetime
    ) -> IncidentMode:
        """What an operator was told of is no test, nor what says so itself. A drill is none of these, whatever it says, and the test
        alarm of a site never anything else.
        """
        if source.kind == DRILL:
            return IncidentMode.DRILL
        if source.kind == TRIAL:
            return IncidentMode.TEST
        if source.kind == OFFICE or says_real(signal.text):
            return IncidentMode.REAL
        in_test = self._registry.in_test(caller, at)
        return IncidentMode.TEST if in_test else IncidentMode.REAL

    def _offer(self, caller: Caller, priority: int) -> Sequence[int]:
        """At whose seats it rings first, where its region wants that."""
        if caller.settings.policy(priority).ring == "all":
            return ()
        try:
            return self._board.offer(caller.region_path, Wanted(caller.home_id, caller.speaks))
        except Exception:  # whatever is wrong with choosing, the alarm comes, and rings everywhere
            log.exception("alarm_not_offered", region_id=caller.region_id)
            return ()

    def _heard_of(self, source: SourceRef, identifier: str, at: datetime) -> None:
        device_id = self._registry.device_id(source.name, identifier)
        if device_id is not None:
            self.last_seen[device_id] = at

    async def _outcome(self, item: _Waiting) -> Stored:
        """What the database says; while it does not answer, what memory and spool say."""
        keeping = self._keeping
        if keeping is None or item.arrival.source.kind == DRILL:
            return await self._within_deadline(item.settled)
        if await self._answers(item):
            return item.settled.result()
        kept = item.kept or self._ring(keeping, item)
        try:
            await keeping.on_disk(item.spooled)
        except OSError as error:
            if not item.settled.done():
                raise Unavailable(
                    "Neither database nor disk takes it: try again.", code="not_stored"
                ) from error
        return item.settled.result() if item.settled.done() else kept

    async def _answers(self, item: _Waiting) -> bool:
        """Whether the database has settled it before patience ended."""
        while not item.settled.done():
            left = self._patience(item) - self._clock.monotonic()
            if left <= 0:
                return False
            await asyncio.wait((item.settled,), timeout=left)
        return True

    def _patience(self, item: _Waiting) -> float:
        """Until when it is waited for (monotonic s): not long when nothing is written, longer behind others."""
        now = self._clock.monotonic()
        if self._health.trouble(now) is not None:
            return item.since + SHORT_PATIENCE_S
        return min(max(item.since, self._wrote_at) + PATIENCE_S, item.since + LONGEST_PATIENCE_S)

    def _ring(self, keeping: Keeping, item: _Waiting) -> Stored:
        """It rings now, in whatever state the disk is."""
        now = self._clock.monotonic()
        if now - self._wrote_at >= PATIENCE_S and self._health.trouble(now) is None:
            self._health.flush_failed(now, "no answer")
        item.kept = keeping.ring(item.arrival)
        keeping.waiting += 1
        metrics.KEPT.labels("signal").inc()
        if item.arrival.rang is not None and item.spooled:
            _stands(item, keeping.append(spooling.of_ring(item.arrival)))
        texts = keeping.texts(item.arrival)
        if texts and self._supervisor is not None:
            telling = keeping.tell(texts, item.settled)
            self._supervisor.start_short(telling, name="texts-without-database")
        return item.kept

    def write_later(self, signal_class: str, item: Later) -> None:
        """In its turn among the signals of its subject."""
        self._line(signal_class).put(item)

    def enter_again(
        self, spooled: SpooledSignal, caller: Caller | None, segments: Sequence[Segment]
    ) -> None:
        """A signal that an earlier process has left on the spool, under the ids that it was given."""
        signal = self._named(spooled.source, spooled.signal)
        caller = caller or self._registry.resolve(
            spooled.source, signal.identifier, spooled.received_at
        )
        arrival = replace(
            self._arrive(spooled.source, signal, spooled.received_at, caller),
            journal_id=spooled.journal_id,
            incident_id=spooled.incident_id,
            rang=spooled.rang,
        )
        item = self._waiting(arrival)
        item.spooled.extend(segments)
        item.again = True
        self._line(_lane_of(arrival)).put(item)

    async def _within_deadline(self, settled: asyncio.Future[Stored]) -> Stored:
        try:
            async with asyncio.timeout(STORE_DEADLINE_S):
                return await asyncio.shield(settled)  # the signal is written all the same
        except TimeoutError as error:
            raise Unavailable(
                f"Not stored within {STORE_DEADLINE_S:g} s: the database does not write.",
                code="not_stored",
            ) from error

    # ---- writing

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

    async def _write_forever(self, line: Line[_Item], name: str) -> None:
        """Take what waits and write it; after a lost connection the same batch again, as it stands."""
        with self._of_writer(name) as held:
            await self._write_batches(line, held)

    async def _write_batches(self, line: Line[_Item], held: _Held) -> None:
        batch: list[_Item] = []
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
                batch = [item for item in batch if not _is_over(item)]
                line.wake()
                await asyncio.sleep(RECONNECT_PAUSE_S)

    async def _write_patiently(self, line: Line[_Item], name: str) -> None:
        """Signals whose incident was locked too long, one by one and in turns, so that nobody else waits for them.

        What one try did may be unknown, and what an earlier writer did may only now be committed: each try looks first.
        """
        with self._of_writer(name) as held:
            await self._write_one_by_one(line, held)

    async def _write_one_by_one(self, line: Line[_Item], held: _Held) -> None:
        while True:
            item = await line.contended.get()
            try:
                connection = await self._connected(held)
                await self._flush(connection, line, [item], Flush(uncertain=True), patient=True)
            except Exception as error:  # noqa: BLE001 - as above
                self._give_up(held, error)
            if not _is_written(item):
                line.contended.put_nowait(item)
                await asyncio.sleep(RECONNECT_PAUSE_S)

    async def _flush(
        self,
        connection: asyncpg.Connection,
        line: Line[_Item],
        batch: list[_Item],
        flush: Flush,
        *,
        patient: bool = False,
    ) -> None:
        started = self._clock.monotonic()
        waiting = [item for item in batch if isinstance(item, _Waiting)]
        try:
            await self._write_arrivals(connection, waiting, flush)
        finally:
            self._publish(line, waiting, flush, patient=patient)
            if flush.settled:
                self._wrote_at = self._clock.monotonic()
                self._health.flush_worked(self._wrote_at)
        for item in batch:
            if isinstance(item, Later) and not item.done:
                await item.write(connection)
                item.done = True
                line.lane.settle(item.subject)
                line.wake()
        metrics.FLUSH_SIZE.labels(line.name).observe(len(batch))
        metrics.FLUSH_SECONDS.labels(line.name).observe(self._clock.monotonic() - started)

    async def _write_arrivals(
        self, connection: asyncpg.Connection, waiting: Sequence[_Waiting], flush: Flush
    ) -> None:
        arrivals = [item.arrival for item in waiting]
        if flush.uncertain or any(item.again for item in waiting):
            arrivals = await already_written(connection, arrivals, flush)
        numbers = [a.rang.number for a in arrivals if a.rang is not None and a.rang.number]
        if numbers:
            await pass_numbers(connection, max(numbers))
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
            if self._keeping is not None:  # it rings, and its device has been told so
                flush.contended.add(arrival.journal_id)
                return
            flush.failed[arrival.journal_id] = Unavailable(NOT_WRITTEN, code="not_stored")
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
        self, line: Line[_Item], batch: Sequence[_Waiting], flush: Flush, *, patient: bool
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

    def _settle(self, line: Line[_Item], item: _Waiting, settled: Stored) -> None:
        metrics.SIGNALS.labels(item.arrival.source.name, settled.outcome.value).inc()
        line.lane.settle(item.subject)
        item.settled.set_result(settled)
        if self._keeping is not None:
            self._let_go(self._keeping, item, settled)

    def _fail(self, item: _Waiting, error: Exception) -> None:
        """The database will never take it as it is: it stays on the spool, for a release that can write it."""
        if item.kept is None:
            item.settled.set_exception(error)
        else:
            item.settled.set_result(item.kept)
            if self._keeping is not None:
                self._keeping.waiting -= 1

    def _let_go(self, keeping: Keeping, item: _Waiting, settled: Stored) -> None:
        """The database has it: the spool need not."""
        for segment in item.spooled:
            keeping.release(segment)
        if item.kept is None:
            keeping.remember(item.arrival, settled)
        else:
            keeping.settled(item.kept, settled)


def _is_written(item: _Item) -> bool:
    return item.done if isinstance(item, Later) else item.settled.done()


def _is_over(item: _Item) -> bool:
    """Its writer need not write it any more."""
    return _is_written(item) or (isinstance(item, _Waiting) and item.contended)


def _lane_of(arrival: Arrival) -> str:
    """What says something about an alarm is written behind what came before it of that alarm."""
    about = arrival.signal.kind in ABOUT_AN_ALARM
    return class_joined(arrival) if about else arrival.signal_class


def _or_raised(outcome: Stored | BaseException) -> Stored:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _stands(item: _Waiting, segment: Segment | None) -> None:
    if segment is not None:
        item.spooled.append(segment)


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


def _told_apart(caller: Caller, signal: Signal) -> tuple[Caller, Signal]:
    """Two strangers under one name, that of the factory perhaps, are two homes if they call from two addresses: neither's
    call is part of the other's, or a repeat of it.
    """
    if signal.peer is None:
        return caller, signal
    one = replace(
        caller,
        subject=f"{caller.subject}@{signal.peer}",
        card={**caller.card, "peer": signal.peer},
    )
    key = sha256(signal.dedup_key + b"@" + signal.peer.encode()).digest()
    return one, replace(signal, dedup_key=key)


def _storable(signal: Signal) -> Signal:
    """Without what PostgreSQL's text cannot hold; the raw bytes keep everything (design 6b.6)."""
    if signal.text is None and not signal.also and _is_plain(signal.identifier):
        return signal
    return replace(
        signal,
        text=_clean(signal.text) if signal.text is not None else None,
        identifier=_clean(signal.identifier),
        also=tuple(_clean(name) for name in signal.also),
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and "\0" not in text


def _clean(text: str) -> str:
    """Without NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _clean_json(value: Mapping[str, object]) -> str:
    """As far as it can be written; the raw bytes keep everything (G3)."""
    if not value:
        return "{}"
    try:
        return orjson.dumps(_clean_value(value)).decode()
    except (TypeError, RecursionError):  # nested too deeply, most likely
        return '{"not_kept": true}'


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_value(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_JSON_INTEGER:
        return str(value)
    return value


_UNDECODABLE = """
INSERT INTO journal (id, source, identifier, outcome, received_at, stored_at, reason, raw)
VALUES ($1, $2, $3, 'undecodable', $4, $5, $6, $7)
"""
