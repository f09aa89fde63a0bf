"""A log-in that has ended, or rights that have changed, cut the seat within two seconds (design 6b.16)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg

from callcenter.auth.permissions import Action
from callcenter.auth.sessions import Principal, Sessions, still_valid_sessions
from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections
from callcenter.seats.board import Scope
from callcenter.seats.hub import Hub
from callcenter.seats.seat import Seat, scope_of
from callcenter.seats.sweep import read_rows
from callcenter.seats.tables import INCIDENTS

RIGHTS: Final = "seat_rights"
"""Its name: woken when grants or log-ins have changed."""
SESSION_ENDED: Final = 4401
"""Close code: log in again."""
BEGIN_ANEW: Final = 1013
"""Close code: connect again at once."""


class Rights:
    """A processor that compares each seat with what its log-in may see now."""

    name = RIGHTS
    interval_s = 2.0

    def __init__(
        self,
        hub: Hub,
        database: Database,
        audiences: Collection[Action],
        sessions: Sessions | None = None,
    ) -> None:
        self._sessions = sessions
        self._hub = hub
        self._audiences = audiences
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Cut those whose session is over or whose regions are others; show what their users have opened with a reason."""
        seats = list(self._hub.seats.values())
        if not seats:
            return 0
        try:
            await self._compare(seats, now)
        except Unavailable:
            self._hub.cut([seat for seat in seats if self._is_over(seat.principal)], SESSION_ENDED)
            raise
        return 0

    async def _compare(self, seats: Sequence[Seat], now: datetime) -> None:
        hashes = [seat.principal.session_hash for seat in seats]
        unwritten = self._unwritten(hashes)  # before the question: they may be written meanwhile
        async with self.connections.use() as connection:
            valid = unwritten | await still_valid_sessions(connection, hashes, now)
            held = [(seat, valid.get(hash_)) for seat, hash_ in zip(seats, hashes, strict=True)]
            ended = [seat for seat, principal in held if not self._holds(seat, principal)]
            self._hub.cut(ended, SESSION_ENDED)
            for seat, principal in held:
                if principal is None or seat in ended or principal.opened == seat.opened:
                    continue
                await self._open(connection, seat, principal.opened)

    def _unwritten(self, hashes: Sequence[bytes]) -> dict[bytes, Principal]:
        """Of log-ins that the database does not have yet."""
        if self._sessions is None:
            return {}
        found = {each: self._sessions.unwritten(each) for each in hashes}
        return {each: principal for each, principal in found.items() if principal is not None}

    def _is_over(self, principal: Principal) -> bool:
        """By what is known without the database."""
        return self._sessions is not None and self._sessions.is_over(principal)

    async def _open(
        self, connection: asyncpg.Connection, seat: Seat, opened: frozenset[str]
    ) -> None:
        """What is new goes to the seat; one that is to see less begins anew, unless nothing of it is on its board."""
        gained, lost = opened - seat.opened, seat.opened - opened
        seat.opened = opened
        if lost and await _open_incidents(connection, lost):
            self._hub.cut([seat], BEGIN_ANEW)
        elif keys := await _open_incidents(connection, gained):
            rows = await read_rows(connection, INCIDENTS, keys)
            seat.link.offer(INCIDENTS.layout.frame([row.body for row in rows], ()))

    def _holds(self, seat: Seat, held: Principal | None) -> bool:
        return held is not None and all(
            _scope(held, action) == seat.scope_for(action) for action in self._audiences
        )


def _scope(held: Principal, audience: Action) -> Scope:
    return scope_of(held) if audience is Action.SEE_INCIDENTS else held.regions(audience)


async def _open_incidents(
    connection: asyncpg.Connection, subjects: Collection[str]
) -> list[tuple[Any, ...]]:
    """Keys of those that somebody sees who has opened these."""
    if not subjects:
        return []
    return [tuple(row) for row in await connection.fetch(_OPEN, list(subjects))]


_OPEN = """
SELECT id FROM incident
WHERE state <> 'closed' AND ('incident:' || id = ANY($1::text[]) OR 'home:' || home_id = ANY($1::text[]))
"""
