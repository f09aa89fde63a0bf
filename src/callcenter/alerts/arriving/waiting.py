"""What waits to be written, and for how long the database is waited for before an alarm rings without it (G5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival
from callcenter.alerts.arriving.flushing import Stored
from callcenter.core.clock import Clock
from callcenter.core.spool import Segment
from callcenter.core.store_health import StoreHealth

PATIENCE_S = 0.3
"""A database that has written nothing for this long does not answer: what waits rings from memory (G5)."""
SHORT_PATIENCE_S = 0.05
"""While it is known not to."""
LONGEST_PATIENCE_S = 0.7
"""What waits behind others, or for an incident that somebody holds, rings from memory after this."""


@dataclass(slots=True, eq=False)
class Waiting:
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


Item = Waiting | Later


def is_written(item: Item) -> bool:
    return item.done if isinstance(item, Later) else item.settled.done()


def is_over(item: Item) -> bool:
    """Its writer need not write it any more."""
    return is_written(item) or (isinstance(item, Waiting) and item.contended)


def stands(item: Waiting, segment: Segment | None) -> None:
    if segment is not None:
        item.spooled.append(segment)


class Patience:
    """How long the database is waited for. It goes by when something was last settled."""

    def __init__(self, health: StoreHealth, clock: Clock) -> None:
        self._health = health
        self._clock = clock
        self._wrote_at = clock.monotonic()
        """When a flush last settled something (monotonic s)."""

    def wrote(self) -> None:
        """A flush has settled something."""
        self._wrote_at = self._clock.monotonic()
        self._health.flush_worked(self._wrote_at)

    async def answers(self, item: Waiting) -> bool:
        """Whether the database has settled it before patience ended."""
        while not item.settled.done():
            left = self._until(item) - self._clock.monotonic()
            if left <= 0:
                return False
            await asyncio.wait((item.settled,), timeout=left)
        return True

    def ends(self) -> None:
        """Something was waited for in vain: where nothing at all is written, the database does not answer."""
        now = self._clock.monotonic()
        if now - self._wrote_at >= PATIENCE_S and self._health.trouble(now) is None:
            self._health.flush_failed(now, "no answer")

    def _until(self, item: Waiting) -> float:
        """Until when it is waited for (monotonic s): not long when nothing is written, longer behind others."""
        now = self._clock.monotonic()
        if self._health.trouble(now) is not None:
            return item.since + SHORT_PATIENCE_S
        return min(max(item.since, self._wrote_at) + PATIENCE_S, item.since + LONGEST_PATIENCE_S)
