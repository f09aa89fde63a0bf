"""Hands forwardings to the other centres. One short transaction a cycle stores the answers that came, renews the leases of what is
on its way and claims what is due; any number of processes may do this at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

import asyncpg
import structlog

from callcenter.core import metrics
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.core.supervisor import StartShort
from callcenter.forwarding import claiming
from callcenter.forwarding.claiming import Answer, Attempt, Open
from callcenter.forwarding.course import Outcome
from callcenter.forwarding.flown import Flown
from callcenter.forwarding.way import Sent, Way

log = structlog.get_logger(__name__)

FORWARDER: Final = "forwarder"
AT_ONCE: Final = 40
CLOSE_WAIT_S: Final = 2.0


class Forwarder:
    """The processor `forwarder`, of the office."""

    name: Final = FORWARDER
    interval_s: Final = 1.0

    def __init__(
        self,
        database: Database,
        ways: Mapping[str, Way],
        opened: Open,
        *,
        start_short: StartShort,
        wake: Callable[[], None],
        tell_changed: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self.connections = HeldConnections(database, FORWARDER, 1)
        self._ways = ways
        self._opened = opened
        self._start_short = start_short
        self._wake = wake
        self._tell_changed = tell_changed
        self._clock = clock
        self._flying: dict[tuple[object, int], Attempt] = {}
        self._answers: list[Answer] = []
        self._landed = asyncio.Event()
        self._closing = False
        self._cycling = asyncio.Lock()
        self.adopt_from(Flown(ways, opened, start_short, clock))

    def adopt_from(self, flown: Flown) -> None:
        """Whose forwardings leave before their rows."""
        self._flown = flown
        flown.give_answer = self._take_answer

    async def run_once(self, now: datetime) -> int:
        """One cycle; the number of forwardings that it claimed. Raises Unavailable: everything is kept for the next one."""
        async with self._cycling:
            return 0 if self._closing else await self._cycle(now)

    async def landed(self) -> None:
        """Nothing is on its way any more."""
        await self._flown.landed()
        while self._flying:
            self._landed.clear()
            await self._landed.wait()

    async def close(self) -> None:
        """Waits a moment for answers and stores them; what is still on its way becomes unknown when its lease is over."""
        async with self._cycling:
            self._closing = True
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_WAIT_S):
                    await self.landed()
            await self._write_last()
            await self.connections.close()
            self._flown.close()
            for way in self._ways.values():
                await way.close()

    async def _write_last(self) -> None:
        try:
            async with self.connections.use() as connection, connection.transaction():
                await claiming.store(connection, self._answers, self._clock.now())
        except (OSError, asyncpg.PostgresError, Unavailable) as error:
            log.warning("forwardings_not_stored", count=len(self._answers), error=str(error))

    async def _cycle(self, now: datetime) -> int:
        answers, self._answers = self._answers, []
        try:
            async with self.connections.use() as connection, connection.transaction():
                states = await claiming.store(connection, answers, now)
                await claiming.renew(connection, list(self._flying.values()))
                flown = list(self._flown.ids)
                flights = [self._flown.flight(one) for one in flown]
                adopted, theirs = await claiming.adopt(connection, flights, now)
                states += theirs + await claiming.sweep(connection, now, flown)
                room = AT_ONCE - len(self._flying)
                claimed = (
                    await claiming.claim(connection, self._opened, now, room, flown) if room else []
                )
        except BaseException:
            # The commit may have happened or not: an answer is safe to store again.
            self._answers = answers + self._answers
            raise
        for attempt in self._flown.adopted(adopted):
            self._flying[attempt.id, attempt.number] = attempt
        for attempt in claimed:
            self._flying[attempt.id, attempt.number] = attempt
            self._flown.claimed(attempt)
            self._start_short(self._send(attempt), name=f"forward-{attempt.id}")
        for state in states:
            metrics.FORWARDINGS.labels(state).inc()
        if states:
            await self._tell_changed()
        return len(claimed)

    async def _send(self, attempt: Attempt) -> None:
        sent = Sent(Outcome.UNKNOWN, "failed")
        try:
            sent = await self._ways[attempt.line.way].send(attempt.line, attempt.parcel)
        finally:
            self._take_answer(Answer(attempt, sent))
            if sent.outcome is not Outcome.DELIVERED:
                log.warning(
                    "forwarding_not_delivered",
                    forwarding_id=str(attempt.id),
                    centre=attempt.line.centre_id,
                    outcome=sent.outcome.value,
                    error=sent.error,
                )

    def _take_answer(self, answer: Answer) -> None:
        """To be stored by the next cycle."""
        attempt = answer.attempt
        del self._flying[attempt.id, attempt.number]
        self._answers.append(answer)
        self._landed.set()
        self._wake()
