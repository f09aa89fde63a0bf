"""Removes the files of recordings that have expired: the row has said so before, and says afterwards that the file is gone.

Cut off between the two, it is done again: a file that is gone already is no fault.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import structlog

from callcenter.core import metrics
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.hotline.recordings.shelf import Shelf

log = structlog.get_logger(__name__)

BATCH: Final = 100


class Removing:
    """The processor `recordings_expired` of the office, at the server that has taken them in."""

    name = "recordings_expired"
    interval_s = 30.0

    def __init__(self, database: Database, pbx: str, shelf: Shelf) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._pbx = pbx
        self._shelf = shelf

    async def run_once(self, now: datetime) -> int:
        """How many files went. Nothing while the folder is away."""
        async with self.connections.use() as connection:
            rows = await connection.fetch(_EXPIRED, self._pbx, BATCH)
        if not rows or not await asyncio.to_thread(lambda: self._shelf.is_there):
            return 0
        gone = [row["id"] for row in rows if await self._remove(row["id"], row["file"])]
        async with self.connections.use() as connection:
            await connection.execute(_REMOVED, gone, now)
        metrics.RECORDINGS.labels("expired").inc(len(gone))
        if gone:
            log.info("recordings_removed", count=len(gone))
        return len(gone)

    async def _remove(self, id_: int, place: str | None) -> bool:
        try:
            if place is not None:
                await asyncio.to_thread(self._shelf.remove, place)
        except OSError as error:  # the others go on
            log.error("recording_not_removed", recording=id_, reason=str(error))  # noqa: TRY400
            return False
        return True


_EXPIRED = """
SELECT id, file FROM recording WHERE pbx = $1 AND state = 'expired' AND removed_at IS NULL ORDER BY id LIMIT $2
"""
_REMOVED = "UPDATE recording SET removed_at = $2 WHERE id = ANY($1::bigint[])"
