"""The ledgers lie in parts, one a month: the next ones are made ahead, and what came before its month was there is moved into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from callcenter.audit.chain import lowest_at, made_at
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

log = structlog.get_logger(__name__)

LEDGERS: Final = ("journal", "timeline_entry", "audit_entry")
AHEAD: Final = 2
"""Months: so long may the office stand still, or the clock be wrong, before a row comes to the part for everything else."""
MOST_ASTRAY: Final = 12
"""Months that are looked for among the rows of that part, in one run."""


def months_ahead(now: datetime) -> list[datetime]:
    """The first moment of this month and the next ones, UTC."""
    months = [now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    for _ in range(AHEAD):
        months.append(next_month(months[-1]))
    return months


def next_month(at: datetime) -> datetime:
    """The first moment of the month behind, UTC."""
    first = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


class Parts:
    """The processor `ledger_parts` of the office. An insert never waits for it: without a month's part there is one for everything."""

    name = "ledger_parts"
    interval_s = 60.0

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._made: list[datetime] = []

    async def run_once(self, now: datetime) -> int:
        """Zero always: the next look comes after a pause."""
        months = months_ahead(now)
        async with self.connections.use() as connection:
            for ledger in LEDGERS:
                wanted = [] if months == self._made else months
                for month in [*wanted, *await self._astray(connection, ledger)]:
                    await self._make(connection, ledger, month)
        self._made = months
        return 0

    async def _make(self, connection: asyncpg.Connection, ledger: str, month: datetime) -> None:
        try:
            came = await connection.fetchval(_MAKE, ledger, month)
        except asyncpg.LockNotAvailableError:
            # Whoever reads the part for everything holds it; alarms do not queue up behind us for longer than that.
            came = "busy"
        if came != "there":
            log.info("ledger_part", ledger=ledger, month=f"{month:%Y-%m}", came=came)

    async def _astray(self, connection: asyncpg.Connection, ledger: str) -> list[datetime]:
        """Months of rows that lie in the part for everything, the oldest first."""
        found: list[datetime] = []
        behind = UUID(int=0)
        while len(found) < MOST_ASTRAY:
            key = await connection.fetchval(_FIRST_ASTRAY, ledger, behind)
            if key is None or key >= _NONE_BEHIND:
                break
            found.append(made_at(key))
            behind = lowest_at(next_month(found[-1]))
        return found


_NONE_BEHIND: Final = lowest_at(datetime(9000, 1, 1, tzinfo=UTC))
"""No id of ours: it does not say when it was made."""
_FIRST_ASTRAY = "SELECT first_astray($1, $2)"
_MAKE = "SELECT make_ledger_part($1, $2)"
