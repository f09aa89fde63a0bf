"""Writes down that alarms can be stored, so that after an outage the server itself knows from when until when they could not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

EVERY_S: Final = 10.0
BROKEN_S: Final = 30.0
"""Without a word for this long another span begins."""


class Awake:
    """The processor `awake` of the alarm process: one row, made longer every ten seconds while alarms are stored."""

    name = "awake"
    interval_s = EVERY_S

    def __init__(self, database: Database, process_id: UUID, stores: Callable[[], bool]) -> None:
        self._process_id = process_id
        self._stores = stores
        self.connections = HeldConnections(database, self.name, 1)

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - spans go by the database's clock
        """Nothing while alarms cannot be stored: the gap is the message."""
        if self._stores():
            async with self.connections.use() as connection:
                longer: str = await connection.execute(_LONGER, self._process_id, BROKEN_S)
                if longer == "UPDATE 0":
                    await connection.execute(_BEGIN, self._process_id)
        return 0


_LONGER = """
UPDATE watch_span SET until = clock_timestamp()
WHERE process_id = $1 AND until > clock_timestamp() - $2 * interval '1 second'
"""

_BEGIN = """
INSERT INTO watch_span (process_id, since, until) VALUES ($1, clock_timestamp(), clock_timestamp())
"""
