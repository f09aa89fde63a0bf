"""Whether the database answers at all: read-only, full or locked it still does, and what only reads goes on.

A page must not wait for time-outs of the network to learn that a frozen PostgreSQL says nothing.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

import asyncpg
import structlog

from callcenter.core.database import Database
from callcenter.core.errors import Unavailable
from callcenter.core.held import HeldConnections

log = structlog.get_logger(__name__)

EVERY_S: Final = 0.5
ANSWER_S: Final = 0.75
MISSED: Final = 2
"""Questions without an answer, one after the other, until it is silent: a machine out of breath is not."""


class Silence:
    """A processor that asks twice a second. `holds`: the last questions got no answer."""

    name: Final = "database_silence"
    interval_s: Final = EVERY_S

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self.holds = False
        self._missed = 0

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - it is about this moment
        """Ask once."""
        try:
            async with asyncio.timeout(ANSWER_S), self.connections.use() as connection:
                await connection.fetchval("SELECT 1")
        except TimeoutError as error:
            self._miss(1, error)
        except (Unavailable, OSError) as error:
            # Who says that there is no room is there, and who refuses the call is not.
            full = isinstance(error.__cause__, asyncpg.TooManyConnectionsError)
            self._miss(0 if full else MISSED, error)
        except (asyncpg.PostgresError, asyncpg.InterfaceError):  # it said something
            self._heard()
        else:
            self._heard()
        return 0

    def _miss(self, count: int, error: Exception) -> None:
        self._missed += count
        if self._missed >= MISSED and not self.holds:
            self.holds = True
            log.error("database_silent", reason=str(error) or f"no answer within {ANSWER_S:g} s")

    def _heard(self) -> None:
        self._missed = 0
        if self.holds:
            self.holds = False
            log.warning("database_speaks_again")
