"""Writes down which log-ins are used, once a minute and all at once: no request waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from callcenter.auth.sessions import Sessions
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections


class UsedSessions:
    """The processor `used_sessions`, of both processes. `standing_open`: log-ins of consoles that are connected, and ask for nothing."""

    name = "used_sessions"
    interval_s = 60.0

    def __init__(
        self,
        sessions: Sessions,
        database: Database,
        standing_open: Callable[[], Iterable[bytes]] = tuple,
    ) -> None:
        self._sessions = sessions
        self._standing_open = standing_open
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:
        """Zero always: a minute that cannot be written is forgotten, the next one is told."""
        used = self._sessions.take_used() | set(self._standing_open())
        if used:
            async with self.connections.use() as connection:
                await connection.execute(_USED, sorted(used), now)
        return 0


_USED = """
UPDATE login_session SET used_at = $2
WHERE token_hash = ANY($1::bytea[]) AND (used_at IS NULL OR used_at < $2)
"""
