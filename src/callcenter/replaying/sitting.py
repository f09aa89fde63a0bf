"""Who sat where, as it was noted: seats of another process, as the hub knows them from their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from callcenter.core.clock import Clock
from callcenter.seats.hub import Hub
from callcenter.seats.seat import RemoteSeat
from callcenter.seats.session import SeatState, Session


class HubAgain(Hub):
    """Nobody is connected to it; nothing is pushed."""

    def heard_of(self, user_id: int, at: float) -> None:
        """When a console of this user was last heard (monotonic s): earlier than it was missed."""
        self._heard[user_id] = at


class SeatsAgain:
    """The hub of a replay."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.hub = HubAgain(clock)
        self._there: dict[UUID, RemoteSeat] = {}

    def change(self, row: Mapping[str, Any]) -> None:
        """Somebody came, went, paused or fell silent. Names are nobody's business here."""
        seat_id = UUID(row["seat_id"])
        if row["gone"]:
            self._there.pop(seat_id, None)
        else:
            since = datetime.fromisoformat(row["since"])
            self._there[seat_id] = RemoteSeat(
                row["user_id"],
                "",
                "",
                frozenset(row["region_ids"]),
                row["armed"],
                frozenset(row["supervised_ids"]),
                Session(SeatState(row["state"]), since, row["pause"]),
            )
        self.pulse()
        if row["gone"] or not row["armed"]:
            silent = (self._clock.now() - datetime.fromisoformat(row["heard_at"])).total_seconds()
            self.hub.heard_of(row["user_id"], self._clock.monotonic() - max(silent, 0.0))

    def pulse(self) -> None:
        """Whoever is there is heard."""
        self.hub.remote = [*self._there.values()]
        self.hub.recount()
