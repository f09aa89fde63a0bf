"""Sends forwardings whose rows the database cannot take now, each under the id that its row will have (forwarding.without_row).

How each stands is on the office's disk before its first byte leaves and again when an answer came, so that an office that dies goes on
with the same number instead of beginning anew. The sender adopts each into its row when that appears.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from callcenter.core.clock import Clock
from callcenter.core.errors import Invalid
from callcenter.core.recent import Recent
from callcenter.core.spool import Segment, Spool
from callcenter.core.supervisor import StartShort
from callcenter.forwarding.claiming import Answer, Attempt, Open, line_of
from callcenter.forwarding.course import ForwardState, Outcome
from callcenter.forwarding.parcel import Parcel, What
from callcenter.forwarding.way import Line, Sent, Way
from callcenter.forwarding.without_row import (
    MOST_SEQUENCE,
    Flight,
    ForwardStanding,
    HandedForward,
    centre_row,
    flight_of,
    record_of,
)

log = structlog.get_logger(__name__)

FLOWN: Final = "forwards_without_rows"
NEVER_AFTER: Final = timedelta(days=1)
"""Past its time: its row never comes, since the alarm turned out to be part of another that had been given there already."""


class Flown:
    """The processor `forwards_without_rows`, of the office. It asks no database. `spool` None: nothing is kept on the disk."""

    name: Final = FLOWN
    interval_s: Final = 1.0

    def __init__(
        self,
        ways: Mapping[str, Way],
        opened: Open,
        start_short: StartShort,
        clock: Clock,
        spool: Spool | None = None,
    ) -> None:
        self._ways = ways
        self._opened = opened
        self._start_short = start_short
        self._clock = clock
        self._spool = spool
        self._flights: dict[UUID, Flight] = {}
        self._places: dict[UUID, list[Segment]] = {}
        self._sequences: dict[int, int] = {}
        self._in_the_air: set[UUID] = set()
        self._has_row: dict[UUID, Attempt] = {}
        """In the air, while their rows have appeared."""
        self._adopted: Recent[UUID, Flight] = Recent()
        self._claimed: Recent[UUID, bool] = Recent()
        self._landed = asyncio.Event()
        self.give_answer: Callable[[Answer], None] = lambda _: None
        """Takes what came of an attempt whose row has appeared meanwhile."""
        if spool is not None:
            self._read(spool)

    @property
    def ids(self) -> Collection[UUID]:
        """Of those that no row has adopted yet."""
        return self._flights.keys()

    def flight(self, forwarding_id: UUID) -> Flight:
        """As it stands. Raises KeyError."""
        return self._flights[forwarding_id]

    def claimed(self, attempt: Attempt) -> None:
        """The sender has taken this by its row: it needs nobody here, and its number is used."""
        self._claimed.put(attempt.id, True)
        self._sequences[attempt.line.centre_id] = attempt.parcel.sequence

    async def send_without_row(self, handed: Sequence[HandedForward]) -> list[ForwardStanding]:
        """Take these, each once; how each stands now. Safe to repeat: that is how one asks."""
        now = self._clock.now()
        fresh = [one for one in handed if one.id not in self._flights and not self._known(one.id)]
        for one in fresh:
            log.warning("forwarding_sent_without_row", forwarding_id=str(one.id))
            self._flights[one.id] = Flight(one, self._next_sequence(one), due_at=now)
        await self.run_once(now)
        found = (self._flights.get(one.id) or self._adopted.find(one.id) for one in handed)
        return [flight.standing() for flight in found if flight is not None]

    async def run_once(self, now: datetime) -> int:
        """Send what is due; zero always."""
        for flight in list(self._flights.values()):
            if flight.id in self._in_the_air or flight.due_at is None:
                self._forget_if_over(flight, now)
            elif flight.handed.expires_at <= now:
                self._note(flight.late(now))
            elif flight.is_due(now):
                self._in_the_air.add(flight.id)
                self._note(flight.leaves(now))
                self._start_short(self._send(flight.id), name=f"forward-{flight.id}")
        return 0

    async def landed(self) -> None:
        """Nothing is on its way any more."""
        while self._in_the_air:
            self._landed.clear()
            await self._landed.wait()

    def adopted(self, forwarding_ids: Iterable[UUID]) -> list[Attempt]:
        """After the commit: their rows say it themselves. Those that are still in the air; their answers are given when they land."""
        flying = []
        for one in forwarding_ids:
            flight = self._flights.pop(one)
            self._adopted.put(one, flight)
            self._let_go(one)
            if one in self._in_the_air:
                self._has_row[one] = self._attempt(flight)
                flying.append(self._has_row[one])
        return flying

    def close(self) -> None:
        """What no row has adopted is read at the next start."""
        if self._spool is not None:
            self._spool.close()

    def _known(self, forwarding_id: UUID) -> bool:
        return forwarding_id in self._adopted or forwarding_id in self._claimed

    def _next_sequence(self, one: HandedForward) -> int:
        centre = int(one.centre["centre_id"])
        last = max(self._sequences.get(centre, 0), one.sequence)
        self._sequences[centre] = last % MOST_SEQUENCE + 1
        return self._sequences[centre]

    async def _send(self, forwarding_id: UUID) -> None:
        flight = self._flights[forwarding_id]
        sent = Sent(Outcome.UNKNOWN, "failed")
        try:
            await self._on_disk()
            sent = await self._by_its_way(flight)
        finally:
            self._in_the_air.discard(forwarding_id)
            self._land(forwarding_id, sent)
            self._landed.set()

    async def _by_its_way(self, flight: Flight) -> Sent:
        try:
            line = self._line(flight)
        except Invalid as error:
            return Sent(Outcome.REFUSED, error.code)
        return await self._ways[line.way].send(line, self._parcel(flight))

    def _land(self, forwarding_id: UUID, sent: Sent) -> None:
        attempt = self._has_row.pop(forwarding_id, None)
        if attempt is not None:
            self.give_answer(Answer(attempt, sent))
            return
        flight = self._flights[forwarding_id].landed(sent, self._clock.now())
        self._note(flight)
        if sent.outcome is not Outcome.DELIVERED:
            log.warning(
                "forwarding_not_delivered",
                forwarding_id=str(forwarding_id),
                centre=flight.centre_id,
                outcome=sent.outcome.value,
                error=sent.error,
            )

    def _attempt(self, flight: Flight) -> Attempt:
        return Attempt(
            id=flight.id,
            number=flight.attempt,
            maybe_sent=flight.maybe_sent,
            expires_at=flight.handed.expires_at,
            line=self._line(flight),
            parcel=self._parcel(flight),
        )

    def _line(self, flight: Flight) -> Line:
        return line_of(centre_row(flight.handed.centre), self._opened)

    def _parcel(self, flight: Flight) -> Parcel:
        return Parcel(flight.id, What.ALARM, flight.sequence, flight.handed.content)

    def _forget_if_over(self, flight: Flight, now: datetime) -> None:
        if flight.settled_at is not None and flight.handed.expires_at + NEVER_AFTER < now:
            del self._flights[flight.id]
            self._let_go(flight.id)

    # ---- on the disk

    def _note(self, flight: Flight) -> None:
        """A disk that takes nothing keeps no alarm from leaving: what is forgotten by dying goes out a second time."""
        self._flights[flight.id] = flight
        if self._spool is None:
            return
        try:
            place = self._spool.append(record_of(flight))
        except OSError as error:
            log.error("forwards_spool_refuses", error=str(error))  # noqa: TRY400 - a full disk has no stack to show
            return
        self._places.setdefault(flight.id, []).append(place)

    async def _on_disk(self) -> None:
        if self._spool is not None:
            with suppress(OSError):  # see `_note`
                await self._spool.sync()

    def _let_go(self, forwarding_id: UUID) -> None:
        for place in self._places.pop(forwarding_id, ()):
            if self._spool is not None:
                self._spool.release(place)

    def _read(self, spool: Spool) -> None:
        """What an earlier process has left; of each the newest word counts. One that was in the air then may have arrived."""
        for place, body in spool.left():
            try:
                flight = flight_of(body)
            except (ValueError, KeyError, TypeError) as error:
                log.error("spool_record_not_read", reason=repr(error))  # noqa: TRY400 - the reason is all there is
                spool.set_aside(place)
                continue
            self._flights[flight.id] = flight
            self._places.setdefault(flight.id, []).append(place)
        now = self._clock.now()
        for flight in list(self._flights.values()):
            lost = flight.state is ForwardState.SENDING
            self._flights[flight.id] = flight.lost(now) if lost else flight
            self._sequences[flight.centre_id] = flight.sequence
        if self._flights:
            log.warning("forwards_left", count=len(self._flights))
