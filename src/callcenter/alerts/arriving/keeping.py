"""What goes on when the database does not answer: the alarm rings from memory, and is acknowledged once it is on the spool (G5).

Whatever is decided here is decided by the same tables, and again when it is written; the signal stays in its lane until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Any, Final, cast
from uuid import UUID

import structlog

from callcenter.alerts.arriving import spooling
from callcenter.alerts.arriving.arrival import Arrival, Rang, opening_texts, own_number
from callcenter.alerts.arriving.flushing import Stored, opening_change
from callcenter.alerts.arriving.meeting import (
    ABOUT_AN_ALARM,
    after,
    class_joined,
    is_there,
    meet,
    said,
)
from callcenter.alerts.board import Board
from callcenter.alerts.change import Change
from callcenter.alerts.drilled import DRILL
from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import FIRST_RING, Incident, IncidentMode, State
from callcenter.alerts.models import JournalOutcome
from callcenter.alerts.open_incidents import Held, OpenIncidents
from callcenter.audit.kept_looks import KeptLooks
from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.recent import Recent
from callcenter.core.spool import Segment, Spool
from callcenter.devices.signals import Signal, SignalClass
from callcenter.sms.catalogue import FOLDS, TO_CONTACTS
from callcenter.sms.folding import ONCE_IN
from callcenter.sms.outbox import Text, text_rows

log = structlog.get_logger(__name__)

_OPENED_OR_JOINED: Final = frozenset({JournalOutcome.OPENED, JournalOutcome.JOINED})


HAND_OVER_EVERY_S: Final = 2.0
HandOver = Callable[[Sequence[Mapping[str, object]]], Awaitable[bool]]
"""Gives texts to whoever sends them, and says whether they were taken."""


async def to_nobody(_texts: Sequence[Mapping[str, object]]) -> bool:
    """Nobody sends: they go out when their rows are written."""
    return True


@dataclass(frozen=True, slots=True)
class ToldWithoutRow:
    """A contact who was texted, with the parameters of that text."""

    recipient: str
    contact_id: int | None
    language: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Left:
    """A text that has left, as its row would be; it stands on the spool until there is one."""

    row: Mapping[str, Any]
    segments: Sequence[Segment]


class Keeping:
    """The spool and the open incidents of one process. No method waits but `on_disk`."""

    def __init__(
        self,
        spool: Spool,
        incidents: OpenIncidents,
        board: Board,
        clock: Clock,
        hand_over: HandOver = to_nobody,
    ) -> None:
        self._hand_over = hand_over
        self.spool = spool
        self.incidents = incidents
        self._board = board
        self._clock = clock
        self._first: Recent[tuple[str, bytes], tuple[float, Stored]] = Recent()
        """What each message led to, and when it came (s since 1970), for as long as its repeats may come."""
        self.waiting = 0
        """What was acknowledged, or done, and the database does not have yet."""
        self.elsewhere: dict[UUID, UUID] = {}
        """Incidents that were opened here and turned out to be part of others."""
        self.told: dict[UUID, list[ToldWithoutRow]] = {}
        """Contacts who were texted without the database, of each incident that was opened here meanwhile."""
        self.left: dict[UUID, Left] = {}
        """Texts that have left, by id, until it is known that each has a row."""
        self._leaving: dict[UUID, Mapping[str, Any]] = {}
        self.entered = 0
        """What an earlier process has left, and is not written yet, beside what waits."""
        self.written = 0
        """What the database got of this outage so far."""
        self.since: datetime | None = None
        """Since when the database does not answer; None: it does, and has everything."""
        self.looks = KeptLooks()
        """Who has seen what of an incident meanwhile."""
        self.watch: Callable[[Held, datetime | None], None] = lambda _held, _since: None
        """Hears of each incident that is changed without the database, and since when it is as it is where that is not now."""
        self._refused = False
        self._paced = Paced()

    @property
    def disk_takes(self) -> bool:
        """Whether what rings is also safe from a power cut."""
        return not self._refused

    def begins(self, now: datetime) -> None:
        """The database does not answer."""
        if self.since is None:
            self.since, self.written = now, 0

    def is_over(self) -> None:
        """The database has everything, and says so itself again."""
        self.since = None
        self.elsewhere.clear()
        self.told.clear()
        self._leaving.clear()

    # ---- on the disk

    def enters(self, arrival: Arrival, signal: Signal, *, told: bool) -> Segment | None:
        """Onto the spool, before anything else. None: it goes on without, since the disk takes nothing, or there is no record of it,
        or it is a drill, which begins in the database.
        """
        if arrival.source.kind == DRILL:
            return None
        try:
            record = spooling.of_signal(arrival, signal, told=told)
        except (TypeError, ValueError):  # a field that no record can hold keeps no alarm out
            log.exception("signal_not_spooled", journal_id=str(arrival.journal_id))
            return None
        return self.append(record)

    def append(self, record: bytes) -> Segment | None:
        """None: the disk takes nothing."""
        try:
            segment = self.spool.append(record)
        except OSError as error:
            if not self._refused:
                log.error("spool_refuses", error=str(error))  # noqa: TRY400 - a full disk has no stack to show
            self._refused = True
            metrics.SPOOL_WELL.set(0)
            return None
        if self._refused:
            log.warning("spool_takes_again")
        self._refused = False
        metrics.SPOOL_WELL.set(1)
        return segment

    def release(self, segment: Segment | None) -> None:
        """The database has it."""
        if segment is not None:
            self.spool.release(segment)

    async def on_disk(self, segments: Sequence[Segment | None]) -> None:
        """What stands in these is durable. Raises OSError, also where the disk has refused one of them before."""
        try:
            await self.spool.sync()
        except OSError as error:
            log.error("spool_refuses", error=str(error))  # noqa: TRY400 - a full disk has no stack to show
            self._refused = True
            metrics.SPOOL_WELL.set(0)
            raise
        if not segments or any(segment is None or segment.failed for segment in segments):
            raise OSError("the spool does not have it")

    # ---- from memory

    def remember(self, arrival: Arrival, stored: Stored) -> None:
        """What the database said of a signal that was no repeat."""
        if stored.outcome is not JournalOutcome.DUPLICATE:
            self._first.put(_key(arrival), (arrival.received_at.timestamp(), stored))

    def recall(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What messages led to before this process began (keys.LATEST)."""
        for row in rows:
            outcome = JournalOutcome(row["outcome"])
            stored = Stored(row["journal_id"], outcome, row["incident_id"], row["number"])
            key = row["source"], bytes(row["key"])
            self._first.put(key, (row["first_seen"].timestamp(), stored))

    def ring(self, arrival: Arrival) -> Stored:
        """Decide what the signal does, and push it; `arrival.rang` says then since when it rings, or has said so before."""
        self.begins(self._clock.now())
        first = self._repeated(arrival)
        if first is not None:
            return replace(first, journal_id=arrival.journal_id, outcome=JournalOutcome.DUPLICATE)
        now = self._clock.now()
        since = arrival.rang.at if arrival.rang is not None else None
        found = self._met(arrival)
        if found is not None:
            stored = self._join(arrival, found, since)
        elif arrival.signal_class is SignalClass.RECORD:
            known = arrival.caller.known
            outcome = JournalOutcome.RECORDED if known else JournalOutcome.UNKNOWN_DEVICE
            stored = Stored(arrival.journal_id, outcome, None)
        else:
            said = arrival.rang.number if arrival.rang is not None else None
            number = said or own_number(arrival) or self.incidents.next_number()
            arrival.rang = Rang(since or now, number)
            self.publish(opening_change(arrival, number, now), since)
            stored = Stored(arrival.journal_id, JournalOutcome.OPENED, arrival.incident_id, number)
        self.remember(arrival, stored)
        return stored

    def texts(self, arrival: Arrival) -> list[dict[str, object]]:
        """What the incident that it has opened here tells, as the office is given it."""
        rang = arrival.rang
        if rang is None or rang.number is None or arrival.mode is IncidentMode.DRILL:
            return []  # a text of a drill is handed to nobody
        told = opening_texts(arrival)
        rows = text_rows(arrival.incident_id, told, rang.at, FIRST_RING)
        self.told[arrival.incident_id] = _to_contacts(rows, rang.number)
        return self._to_hand(rows, rang.number)

    def texts_of(
        self, incident: Incident, texts: Sequence[Text], at: datetime
    ) -> list[dict[str, object]]:
        """The same for what is told later of it, as it is then. Of a drill no text ever leaves."""
        if incident.mode is IncidentMode.DRILL:
            return []
        rows = text_rows(incident.id, texts, at, incident.ring)
        if incident.id in self.told:
            self.told[incident.id] += _to_contacts(rows, incident.number)
        return self._to_hand(rows, incident.number)

    def _to_hand(self, rows: Sequence[Mapping[str, Any]], number: int) -> list[dict[str, object]]:
        self._leaving |= {row["id"]: row for row in rows}
        return [_handed(row, number) for row in rows]

    def _have_left(self, texts: Iterable[Mapping[str, object]]) -> None:
        """From now on each is told of by a row, whatever becomes of what it was for."""
        for text in texts:
            row = self._leaving.pop(cast("UUID", text["id"]), None)
            if row is not None and row["id"] not in self.left:
                segment = self.append(spooling.of_left(row))
                self.left[row["id"]] = Left(row, () if segment is None else (segment,))

    async def tell(
        self, texts: Sequence[Mapping[str, object]], written: asyncio.Future[Any]
    ) -> None:
        """Families and duty phones learn of it now; until the office has the texts, or their rows are written."""
        left = list(texts)
        while left and not written.done():
            ready = self._paced.take(left, self._clock.monotonic())
            if ready and await self._hand_over(ready):
                self._have_left(ready)
                left = [text for text in left if text not in ready]
            else:
                self._paced.give_back(ready)
            if left:
                await asyncio.wait((written,), timeout=HAND_OVER_EVERY_S)

    def publish(self, change: Change, since: datetime | None = None) -> None:
        """To the seats, and to what is known here; the database hears of it later. `since`: another process has shown it then."""
        ahead = replace(change, ahead=True)
        self.incidents.note(ahead)
        held = self.incidents.get(change.incident.id)
        if held is not None:
            self.watch(held, since)
        self._board.publish([ahead])

    def _repeated(self, arrival: Arrival) -> Stored | None:
        """What its first led to, if that is lately and not over (design 6b.1)."""
        held = self._first.find(_key(arrival))
        if held is None:
            return None
        at, stored = held
        if arrival.received_at.timestamp() - at > arrival.source.retry_horizon_s:
            return None
        if stored.incident_id is not None and not self._is_open(stored.incident_id):
            return None
        return stored

    def _is_open(self, incident_id: UUID) -> bool:
        held = self.incidents.get(incident_id)
        return held is not None and held.incident.state is not State.CLOSED

    def _met(self, arrival: Arrival) -> Incident | None:
        silent = arrival.signal_class is SignalClass.RECORD
        if silent and arrival.signal.kind not in ABOUT_AN_ALARM:
            return None
        return self.incidents.about(arrival.subject, class_joined(arrival))

    def _join(self, arrival: Arrival, found: Incident, since: datetime | None) -> Stored:
        now = since or self._clock.now()
        there = is_there(arrival, found.taken_by, self._board.present)
        arrival.rang = Rang(now, taker=found.taken_by, taker_there=there)
        met = meet(arrival, found, self._board.present)
        then = after(met, now)
        entry = Entry(then.id, then.version, now, "joined", None, None, said(met))
        self.publish(Change(then, (entry,), arrival.subject), since)
        return Stored(arrival.journal_id, JournalOutcome.JOINED, then.id, then.number)

    # ---- written after all

    def enters_again(self, settled: asyncio.Future[Stored]) -> None:
        """An earlier process has acknowledged it, and here it only waits to be written."""
        self.entered += 1

        def left(_: object) -> None:
            self.entered -= 1

        settled.add_done_callback(left)

    def settled(self, kept: Stored, stored: Stored) -> None:
        """The database has what had been kept; another server may have opened the incident before."""
        self.waiting -= 1
        self.written += 1
        self.went(kept, stored)

    def went(self, kept: Stored, stored: Stored) -> None:
        """Where what rang as `kept` was written to."""
        if kept.incident_id != stored.incident_id and kept.outcome in _OPENED_OR_JOINED:
            log.warning(
                "kept_signal_went_elsewhere",
                journal_id=str(stored.journal_id),
                rang_as=str(kept.incident_id),
                written_to=str(stored.incident_id),
            )
            if kept.incident_id is not None and stored.incident_id is not None:
                self.elsewhere[kept.incident_id] = stored.incident_id


class Paced:
    """Texts that fold where there is a database: of these each number gets one a minute, and the others wait, if not for their minute
    then for their rows, which fold. A storm of strangers buries no phone.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[object, object], float] = {}

    def take(self, texts: Sequence[Mapping[str, object]], now: float) -> list[Mapping[str, object]]:
        """Those that may leave now (monotonic s)."""
        going = []
        for text in texts:
            if _folds(text):
                key = text["recipient"], text["kind"]
                if now - self._told.get(key, -inf) < ONCE_IN.total_seconds():
                    continue
                self._told[key] = now
            going.append(text)
        return going

    def give_back(self, texts: Iterable[Mapping[str, object]]) -> None:
        """They could not leave."""
        for text in filter(_folds, texts):
            self._told.pop((text["recipient"], text["kind"]), None)


def _folds(text: Mapping[str, object]) -> bool:
    params = text["params"]
    return isinstance(params, Mapping) and bool(params.get(FOLDS))


_HANDED: Final = ("id", "recipient", "kind", "language", "priority", "expires_at")


def _to_contacts(rows: Iterable[Mapping[str, Any]], number: int) -> list[ToldWithoutRow]:
    return [
        ToldWithoutRow(
            row["recipient"], row["contact_id"], row["language"], {**row["params"], "ref": number}
        )
        for row in rows
        if row["kind"] in TO_CONTACTS
    ]


def _handed(row: Mapping[str, object], number: int) -> dict[str, object]:
    """As the office is given it: a row with the number of its incident."""
    params = {**cast("dict[str, object]", row["params"]), "ref": number}
    return {**{name: row[name] for name in _HANDED}, "params": params}


def _key(arrival: Arrival) -> tuple[str, bytes]:
    return arrival.source.name, arrival.signal.dedup_key
