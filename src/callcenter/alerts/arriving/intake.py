"""Intake: from a decoded signal to a durable outcome. `accept` returns after the commit, or when it is on the spool and rings,
never before (G1).

Two lanes, alarms and the rest: a flush takes all that waits, one commit serves all of it, and an alarm never lingers for more
(`writers.py`, `turns.py`; design 6, 6b.4, 6b.5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog

from callcenter.alerts import telling
from callcenter.alerts.arriving import spooling
from callcenter.alerts.arriving.arrival import Arrival, Found
from callcenter.alerts.arriving.flushing import Stored
from callcenter.alerts.arriving.keeping import Keeping
from callcenter.alerts.arriving.meeting import ABOUT_AN_ALARM, class_joined
from callcenter.alerts.arriving.spooling import SpooledSignal
from callcenter.alerts.arriving.storable import clean_json, storable
from callcenter.alerts.arriving.turns import REST_S, Line
from callcenter.alerts.arriving.waiting import Item, Later, Patience, Waiting, stands
from callcenter.alerts.arriving.writers import CONTENDED, STORE_REFUSES, Writers
from callcenter.alerts.board import Board, Wanted
from callcenter.alerts.called import OFFICE, SEARCHED
from callcenter.alerts.drilled import DRILL
from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.trial import TRIAL
from callcenter.alerts.trying import says_real
from callcenter.alerts.watched import is_watch, watch_text
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.encoding import clean
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
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

LANE_CAPACITY = 20_000
STORE_DEADLINE_S = 3.0
"""How long a drill, which begins in the database, waits for it."""
NOT_WRITTEN = "The database answers and does not write: try again."


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
        keeping: Keeping,
        health: StoreHealth | None = None,
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
        self._seeking = Seeking(registry, database)
        self._undecodable = HeldConnections(database, "intake-undecodable")
        self._alarms: Line[Item] = Line("alarm", LANE_CAPACITY)
        self._others: Line[Item] = Line("other", LANE_CAPACITY, REST_S)
        self._keeping = keeping
        self._patience = Patience(self._health, clock)
        self._writers = Writers(
            database, clock, board, self._health, keeping, self._patience, texts_written
        )
        self.last_seen: dict[int, datetime] = {}
        """Device id to when it was heard of, since the last time somebody took this away to write it down."""

    async def prepare(self) -> None:
        """Before the first signal: be ready to look up who calls. Raises Unavailable."""
        if not self._registry.complete:
            await self._seeking.open()

    async def close(self) -> None:
        """Close the connections that are its own; those of the writers end with them."""
        await self._undecodable.close()
        await self._seeking.close()

    def attend(self, supervisor: Supervisor) -> None:
        """Signals may come, and ring; nobody writes yet."""
        self._supervisor = supervisor

    def start(self, supervisor: Supervisor) -> None:
        """The writers of each lane."""
        self.attend(supervisor)
        for line in (self._alarms, self._others):
            self._writers.start(supervisor, line)

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
        signals = [storable(signal) for signal in signals]
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
            clean(identifier) if identifier else None,
            received_at,
            self._clock.now(),
            clean(reason),
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
    ) -> Waiting:
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
        stands(item, self._keeping.enters(arrival, signal, told=told))
        line.put(item)
        self._heard_of(source, signal.identifier, received_at)
        return item

    def _waiting(self, arrival: Arrival) -> Waiting:
        settled: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        return Waiting(arrival, settled, self._clock.monotonic())

    def _line(self, signal_class: str) -> Line[Item]:
        return self._alarms if signal_class == SignalClass.ALARM else self._others

    def _arrive(
        self,
        source: SourceRef,
        signal: Signal,
        received_at: datetime,
        caller: Caller,
        found: Found | None = None,
    ) -> Arrival:
        """`found`: what it found when it came to another process; None: it comes now."""
        if not caller.known:
            caller, signal = _told_apart(caller, signal)
        signal_class = CLASS_OF[signal.kind]
        flags = signal.flags if caller.known else (*signal.flags, "unknown_device")
        card = dict(caller.card)
        if signal.text:
            card["text"] = signal.text
        texts: list[Text] = []
        ring_to: Sequence[int] = ()
        manned = True
        if signal_class is SignalClass.ALARM and is_watch(caller):
            texts = [watch_text(caller, received_at)]
        elif signal_class is SignalClass.ALARM:
            found = found or self._found(caller, PRIORITY_OF[signal.kind])
            ring_to, manned = found.ring_to, found.manned
            searched = source.kind == OFFICE and SEARCHED in signal.flags
            texts = telling.alarm_texts(caller, signal.kind, received_at, searched=searched)
            if not manned:
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
            extra=clean_json(signal.extra),
            ring_to=ring_to,
            mode=self._mode(source, signal, caller, received_at),
            manned=manned,
        )

    def _mode(
        self, source: SourceRef, signal: Signal, caller: Caller, at: datetime
    ) -> IncidentMode:
        """What an operator was told of is no test, nor what says so itself. A drill is none of these, whatever it says, and the test
        alarm of a site never anything else.
        """
        if source.kind == DRILL or is_watch(caller):
            return IncidentMode.DRILL
        if source.kind == TRIAL:
            return IncidentMode.TEST
        if source.kind == OFFICE or says_real(signal.text):
            return IncidentMode.REAL
        in_test = self._registry.in_test(caller, at)
        return IncidentMode.TEST if in_test else IncidentMode.REAL

    def _found(self, caller: Caller, priority: int) -> Found:
        return Found(self._offer(caller, priority), self._board.manned(caller.region_path))

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

    async def _outcome(self, item: Waiting) -> Stored:
        """What the database says; while it does not answer, what memory and spool say."""
        if item.arrival.source.kind == DRILL:
            return await self._within_deadline(item.settled)
        if await self._patience.answers(item):
            return item.settled.result()
        kept = item.kept or self._ring(item)
        try:
            await self._keeping.on_disk(item.spooled)
        except OSError as error:
            if not item.settled.done():
                raise Unavailable(
                    "Neither database nor disk takes it: try again.", code="not_stored"
                ) from error
        return item.settled.result() if item.settled.done() else kept

    def _ring(self, item: Waiting) -> Stored:
        """It rings now, in whatever state the disk is."""
        self._patience.ends()
        keeping = self._keeping
        rang_before = item.arrival.rang is not None
        item.kept = keeping.ring(item.arrival)
        keeping.waiting += 1
        metrics.KEPT.labels("signal").inc()
        if item.arrival.rang is not None and item.spooled and not rang_before:
            stands(item, keeping.append(spooling.of_ring(item.arrival)))
        self.tell_now(keeping.texts(item.arrival), item.settled)
        return item.kept

    def tell_now(self, texts: Sequence[Mapping[str, object]], written: asyncio.Future[Any]) -> None:
        """These leave without their rows, unless those are written before."""
        if texts and self._supervisor is not None:
            telling = self._keeping.tell(texts, written)
            self._supervisor.start_short(telling, name="texts-without-database")

    def write_later(self, signal_class: str, item: Later) -> None:
        """In its turn among the signals of its subject."""
        self._line(signal_class).put(item)

    def enter_again(
        self,
        spooled: SpooledSignal,
        caller: Caller | None,
        segments: Sequence[Segment],
        *,
        rings: bool = False,
    ) -> None:
        """A signal that an earlier process has left on the spool, under the ids that it was given. `rings`: the database is away, and
        nobody has heard it in this process.
        """
        signal = self._named(spooled.source, spooled.signal)
        caller = caller or self._registry.resolve(
            spooled.source, signal.identifier, spooled.received_at
        )
        arrival = replace(
            self._arrive(spooled.source, signal, spooled.received_at, caller, spooled.found),
            journal_id=spooled.journal_id,
            incident_id=spooled.incident_id,
            rang=spooled.rang,
        )
        item = self._waiting(arrival)
        item.spooled.extend(segments)
        item.again = True
        self._line(_lane_of(arrival)).put(item)
        if rings and arrival.source.kind != DRILL:
            self._ring(item)
        else:
            self._keeping.enters_again(item.settled)

    async def _within_deadline(self, settled: asyncio.Future[Stored]) -> Stored:
        try:
            async with asyncio.timeout(STORE_DEADLINE_S):
                return await asyncio.shield(settled)  # the signal is written all the same
        except TimeoutError as error:
            raise Unavailable(
                f"Not stored within {STORE_DEADLINE_S:g} s: the database does not write.",
                code="not_stored",
            ) from error


def _lane_of(arrival: Arrival) -> str:
    """What says something about an alarm is written behind what came before it of that alarm."""
    about = arrival.signal.kind in ABOUT_AN_ALARM
    return class_joined(arrival) if about else arrival.signal_class


def _or_raised(outcome: Stored | BaseException) -> Stored:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


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


_UNDECODABLE = """
INSERT INTO journal (id, source, identifier, outcome, received_at, stored_at, reason, raw)
VALUES ($1, $2, $3, 'undecodable', $4, $5, $6, $7)
"""
