"""Tracks lie in parts, one a day: the next ones are made ahead, and those older than they are kept go whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import asyncpg
import structlog

from callcenter.adjustable.current import Site
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

log = structlog.get_logger(__name__)

AHEAD: Final = 2
"""Days: so long may the office stand still before a row comes to the part for everything else."""
KEPT: Final = "retention.tracks_d"


def days_ahead(now: datetime) -> list[date]:
    """Today and the next ones, UTC."""
    today = now.astimezone(UTC).date()
    return [today + timedelta(days=n) for n in range(AHEAD + 1)]


def kept_from(now: datetime, kept_d: int) -> date:
    """The first day that stays; a part goes when its last moment is older than it is kept."""
    return (now.astimezone(UTC) - timedelta(days=kept_d)).date()


class TrackParts:
    """The processor `track_parts` of the office. A position never waits for it: without a day's part there is one for everything."""

    name = "track_parts"
    interval_s = 60.0

    def __init__(self, database: Database, site: Site) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._site = site

    async def run_once(self, now: datetime) -> int:
        """Zero always: the next look comes after a pause."""
        before = kept_from(now, self._site.number(KEPT))
        try:
            async with self.connections.use() as connection:
                for day in days_ahead(now):
                    await connection.execute("SELECT make_track_part($1)", day)
                dropped = await connection.fetchval("SELECT drop_track_parts($1)", before)
        except asyncpg.LockNotAvailableError:
            return 0  # Somebody reads or writes one just now; positions do not queue up behind us.
        if dropped:
            log.info("tracks_dropped", days=dropped, before=before.isoformat())
        return 0
