"""The beat: every two seconds to every seat, that we live, and whether the database does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from callcenter.core.clock import Clock
from callcenter.seats.board import frame
from callcenter.seats.hub import Hub

BEAT: Final = "beat"
"""Its name: woken when alarms can no longer be stored, or can be again."""
BEAT_S: Final = 2.0
"""A console that hears nothing for three beats says that the link is lost."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What a banner says of it: since when the database does not answer, how much waits to be written, whether the disk keeps it, how
    much was written of the last one, and how old people and places are where the server has started without the database.
    """

    since: datetime | None = None
    kept: int = 0
    disk: bool = True
    written: int = 0
    as_of: datetime | None = None


NO_OUTAGE: Final = Outage()


class Beat:
    """A processor without a database: it beats on while that is away. `swept_at` tells when the board was last read, `stores`
    whether alarms can be written.
    """

    name = BEAT
    interval_s = BEAT_S

    def __init__(
        self,
        hub: Hub,
        clock: Clock,
        swept_at: Callable[[], float],
        stores: Callable[[], bool],
        outage: Callable[[], Outage] = lambda: NO_OUTAGE,
    ) -> None:
        self._outage = outage
        self._hub = hub
        self._clock = clock
        self._swept_at = swept_at
        self._stores = stores

    async def run_once(self, now: datetime) -> int:
        """One beat; who is silent is noticed while the database does not answer, too."""
        self._hub.recount()
        monotonic = self._clock.monotonic()
        fresh = monotonic - self._swept_at() < 3 * BEAT_S
        outage = self._outage()
        made = frame(
            {
                "type": "beat",
                "now": now,
                "database": fresh and self._stores(),
                "away_since": outage.since,
                "kept": outage.kept,
                "disk": outage.disk,
                "written": outage.written,
                "as_of": outage.as_of,
            }
        )
        for seat in list(self._hub.seats.values()):
            # The snapshot comes first; but a console that waits long for it must not take the line for dead.
            long_unheard = monotonic - seat.pulsed_at > 1.5 * BEAT_S
            (seat.link.say if long_unheard else seat.link.offer)(made)
        return 0
