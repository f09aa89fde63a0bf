"""What the seats of one process are made of: the runtime builds it, runs its processors and closes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg

from callcenter.alerts.emergency.keeping import EmergencyAccesses
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Sessions
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.processing import Processor, Wakeups
from callcenter.seats.ageing import Ageing
from callcenter.seats.announcements.keeping import Announcements
from callcenter.seats.beat import NO_OUTAGE, Beat, Outage
from callcenter.seats.board import Scope
from callcenter.seats.feeds import Feed
from callcenter.seats.hub import Hub
from callcenter.seats.looks import Looks
from callcenter.seats.presence import PRESENCE, Presence
from callcenter.seats.proofs import Proofs
from callcenter.seats.rights import RIGHTS, Rights
from callcenter.seats.seat import WATCH_SCOPE
from callcenter.seats.shifts import Shifts
from callcenter.seats.showing_anew import show_anew
from callcenter.seats.silence import SilentHomes
from callcenter.seats.snapshots import Snapshots
from callcenter.seats.sweep import Sweep
from callcenter.seats.tables import ANNOUNCEMENTS, EMERGENCY_ACCESS, FEEDS, INCIDENTS

CHANNELS: Final = {
    "incidents": "incidents_sweep",
    "texts": "sms_sweep",
    "proofs": "proofs_sweep",
    "grants": RIGHTS,
}
"""The processor that a hint of another process wakes, by its channel."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a seat's connection works with; the runtime puts it among the ports."""

    hub: Hub
    proofs: Proofs
    snapshots: Snapshots


class _Stored(Processor, Protocol):
    """A processor with a connection of its own."""

    @property
    def connections(self) -> HeldConnections: ...


class Seats:
    """`hint` is called after each change of this process, so that others are told of it; `stores` tells whether alarms can be
    written.
    """

    def __init__(  # noqa: PLR0913 - a composition
        self,
        database: Database,
        clock: Clock,
        wakeups: Wakeups,
        process_id: UUID,
        *,
        sweep_every_s: float,
        hint: Callable[[], None] = lambda: None,
        stores: Callable[[], bool] = lambda: True,
        wrap_up_s: float = 0.0,
        open_incidents: OpenIncidents | None = None,
        outage: Callable[[], Outage] = lambda: NO_OUTAGE,
        sessions: Sessions | None = None,
    ) -> None:
        self._clock = clock
        looks = Looks(clock, database, wakeups)
        self.hub = Hub(
            clock,
            hint=hint,
            presence_changed=lambda: wakeups.wake(PRESENCE),
            looks=looks,
            wrap_up_s=wrap_up_s,
            open_incidents=open_incidents,
        )
        self.proofs = proofs = Proofs(self.hub, clock, database, wakeups)
        self.silent = SilentHomes(self.hub, database)
        self.ageing = Ageing(self.hub, database)
        self.presence = Presence(self.hub, process_id, database)
        self.sweeps = {
            feed.name: Sweep(feed, self.hub, database, clock, interval_s=sweep_every_s)
            for feed in FEEDS
        }
        snapshots = Snapshots(FEEDS, database, self._rest, self.hub.open_incidents, stores)
        self.desk = Desk(self.hub, proofs, snapshots)
        audiences = {Action.SEE_INCIDENTS, Action.ANSWER_CALLS, *(feed.audience for feed in FEEDS)}
        self.rights = Rights(self.hub, database, audiences, sessions)
        self.shifts = Shifts(database, clock)

        def swept(feed: Feed) -> Callable[[], None]:
            return lambda: wakeups.wake(self.sweeps[feed.name].name)

        self.announcements = Announcements(
            database, clock, self.hub.colleagues, swept(ANNOUNCEMENTS)
        )
        self.accesses = EmergencyAccesses(database, clock, swept(EMERGENCY_ACCESS))
        self._stored: list[_Stored] = [
            *self.sweeps.values(), self.presence, proofs, looks, self.rights, self.silent, self.shifts,
            self.ageing, self.announcements, self.accesses,
        ]  # fmt: skip
        self._held = [snapshots.connections, *(part.connections for part in self._stored)]
        self._beat = Beat(
            self.hub, clock, lambda: self.sweeps[INCIDENTS.name].swept_at, stores, outage
        )

    @property
    def processors(self) -> Sequence[Processor]:
        """Each runs by itself: a slow one holds up no other."""
        return [*self._stored, self._beat]

    async def begin(self, connection: asyncpg.Connection) -> None:
        """From here on the sweeps find every change."""
        for sweep in self.sweeps.values():
            await sweep.begin(connection)

    async def show_anew(self) -> None:
        """After an outage."""
        await show_anew(self.hub, self.desk.snapshots, self._clock)

    async def leave(self) -> None:
        """Nobody waits for the leases of this process to run out. Raises Unavailable."""
        await self.presence.leave(self._clock.now())

    async def close(self) -> None:
        """Close the connections that are not in use."""
        for held in self._held:
            await held.close()

    def _rest(self, scope: Scope) -> dict[str, Any]:
        return {
            "seats": [] if scope == WATCH_SCOPE else self.hub.colleagues(),
            "silent_homes": self.silent.seen_by(scope),
            "ages": self.ageing.shown(),
        }
