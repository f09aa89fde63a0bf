"""A log-in that has ended, or rights that have changed, cut the seat within two seconds (design 6b.16)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, still_valid_sessions
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.seats.hub import Hub
from callcenter.seats.seat import Seat

RIGHTS: Final = "seat_rights"
"""Its name: woken when grants or log-ins have changed."""
SESSION_ENDED: Final = 4401
"""Close code: log in again."""


class Rights:
    """A processor that compares each seat with what its log-in may see now."""

    name = RIGHTS
    interval_s = 2.0

    def __init__(self, hub: Hub, database: Database, audiences: Collection[Action]) -> None:
        self._hub = hub
        self._audiences = audiences
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Cut those whose session is over or whose regions are others."""
        seats = list(self._hub.seats.values())
        if not seats:
            return 0
        hashes = [seat.principal.session_hash for seat in seats]
        async with self.connections.use() as connection:
            valid = await still_valid_sessions(connection, hashes, now)
        self._hub.cut(
            [
                seat
                for seat, hash_ in zip(seats, hashes, strict=True)
                if not self._holds(seat, valid.get(hash_))
            ],
            SESSION_ENDED,
        )
        return 0

    def _holds(self, seat: Seat, held: Principal | None) -> bool:
        return held is not None and all(
            held.regions(action) == seat.scope_for(action) for action in self._audiences
        )
