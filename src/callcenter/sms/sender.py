"""Hands the outbox to the gateways, slice by slice.

One short transaction a cycle stores the answers that came, renews the lease of what is on its way and claims what is due, so
that commits do not grow with the number of texts. Any number of processes may do this at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.sms import claiming, settling
from callcenter.sms.claiming import RENEW_EVERY_S, SLICE, Attempt
from callcenter.sms.flights import Answer, Flights
from callcenter.sms.flown import Flown
from callcenter.sms.kept import Kept
from callcenter.sms.lifetime import Steadiness, Watching, first_seen, seen
from callcenter.sms.links import LinkOf, no_link

log = structlog.get_logger(__name__)

NAME: Final = "sms_sender"
PACE_S: Final = 0.05
"""Least time between two claims that were no full slice: rows gather, and a lone text leaves at once."""
SWEEP_EVERY_S: Final = 1.0
CLOSE_WAIT_S: Final = 2.0
_ANSWERS: Final = 50
"""Answers stored by one cycle."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What one transaction has done."""

    changed: int
    claimed: Sequence[Attempt]


class _Every:
    """Due at once, then every so many seconds."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._last = float("-inf")

    def is_due(self, now: float) -> bool:
        if now < self._last + self._every_s:
            return False
        self._last = now
        return True

    def again(self) -> None:
        self._last = float("-inf")


class Sender:
    """The processor `sms_sender`. `tell_changed` is a hint, given after the commit: rows look different now."""

    name: Final = NAME
    interval_s: Final = 1.0

    def __init__(  # noqa: PLR0913 - what a process lends to it, each by name
        self,
        database: Database,
        flights: Flights,
        *,
        tell_changed: Callable[[], Awaitable[None]],
        zone: tzinfo,
        clock: Clock,
        pace_s: float = PACE_S,
        kept: Kept | None = None,
        link_of: LinkOf = no_link,
    ) -> None:
        self._connections = HeldConnections(database, NAME, 1)
        self._flights = flights
        self._tell_changed = tell_changed
        self._zone = zone
        self._clock = clock
        self._pace_s = pace_s
        self._link_of = link_of
        self._cycling = asyncio.Lock()
        self._closing = False
        self.is_loaded: Callable[[], bool] = lambda: True
        """The tables are those of this release; while nobody knows that, only texts without rows leave."""
        self.stores = True
        """Whether the last cycle could write."""
        self.flown = Flown(flights, zone, kept)
        if kept is not None:
            self.flown.remember(kept.left, clock.monotonic())
        self._watching = Watching(lambda: (clock.now(), clock.monotonic()))
        self._theirs: Steadiness | None = None
        """The database's clock, by which leases go."""
        self._renewal, self._sweeping = _Every(RENEW_EVERY_S), _Every(SWEEP_EVERY_S)
        self._last_cycle = float("-inf")

    async def run_once(self, now: datetime) -> int:
        """One cycle; returns the number of rows it wrote. Raises Unavailable: everything is kept for the next one."""
        async with self._cycling:
            if self._closing or not self.is_loaded():
                return 0
            try:
                done = await self._cycle(now)
            except Exception:  # whatever it was, and it is raised on
                self.stores = False
                raise
            self.stores = True
            return done

    async def send_without_row(self, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Texts whose rows the database cannot take now; which of them are on their way."""
        return await self.flown.send(rows, self._clock.now())

    async def close(self) -> None:
        """Waits a moment for texts in flight and stores their answers; the others become `unknown` when their lease is over."""
        self._closing = True
        await self._flights.all_landed(CLOSE_WAIT_S)
        async with self._cycling:
            while answers := self._flights.take_answers(_ANSWERS):
                try:
                    async with self._connections.use() as connection:
                        await self._store(connection, answers, self._clock.now())
                except (OSError, asyncpg.PostgresError, Unavailable) as error:
                    log.warning("sms_answers_not_stored", texts=len(answers), error=str(error))
            await self._connections.close()
        await self._flights.close()

    async def _cycle(self, now: datetime) -> int:
        await self._keep_pace()
        answers = self.flown.keep(self._flights.take_answers(_ANSWERS))
        written = await self._write(answers, now)
        await self._flights.start(self.flown.claimed(written.claimed))
        if len(written.claimed) == SLICE:
            self._last_cycle = float("-inf")  # more is waiting: no pause
        if written.changed:
            await self._tell_changed()
        return len(answers) + len(written.claimed)

    async def _write(self, answers: Sequence[Answer], now: datetime) -> _Written:
        claimed: list[Attempt] = []
        try:
            async with self._connections.use() as connection, connection.transaction():
                changed = await self._store(connection, answers, now)
                changed += await self._keep_up(connection, now)
                claimed = await self._claim(connection, now)
        except BaseException:
            # The commit may have happened or not; both are safe to store again, whichever it was.
            self._flights.put_back(answers)
            self._flights.give_back(a for a in claimed if a.id not in self.flown.attempts)
            self._renewal.again()
            raise
        return _Written(changed, claimed)

    async def _keep_up(self, connection: asyncpg.Connection, now: datetime) -> int:
        """Our own leases first, so that the sweep does not take us for dead."""
        at = self._clock.monotonic()
        if self._renewal.is_due(at):
            await claiming.renew(connection, self._flights.flying)
        if not self._sweeping.is_due(at):
            return 0
        await self._look_at_their_clock(connection)
        return await settling.sweep(
            connection,
            self._flights.gateways,
            now,
            self._watching.trust,
            self.flown.attempts.keys(),
        )

    async def _look_at_their_clock(self, connection: asyncpg.Connection) -> None:
        """When it was set, also before this sender lived, leases may be too long."""
        theirs = await connection.fetchval("SELECT clock_timestamp()")
        before, at = self._theirs, self._clock.monotonic()
        self._theirs = first_seen(theirs, at) if before is None else seen(before, theirs, at)
        if before is None or self._theirs.jumped_s == at:
            await settling.shorten_leases(connection)

    async def _store(
        self, connection: asyncpg.Connection, answers: Sequence[Answer], now: datetime
    ) -> int:
        return await settling.store(connection, answers, self._flights.gateways, now)

    async def _claim(self, connection: asyncpg.Connection, now: datetime) -> list[Attempt]:
        room = min(self._flights.room, SLICE)
        if room <= 0:
            return []
        return await claiming.claim(
            connection,
            self._flights.chooser(),
            self._zone,
            now,
            room,
            self._watching.trust(),
            self.flown.attempts,
            link_of=self._link_of,
        )

    async def _keep_pace(self) -> None:
        pause = self._last_cycle + self._pace_s - self._clock.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        self._last_cycle = self._clock.monotonic()
