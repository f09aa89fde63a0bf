"""Where the parts of the growth are measured, and how they leave it as they found it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import asyncpg

from benchmarks.server import Ground, Server

HISTORY_ENDS = datetime(2026, 1, 1, tzinfo=UTC)
"""What is older belongs to the history; what is younger, to a measurement."""


@dataclass(frozen=True, slots=True)
class Place:
    """`cookies` are of operators who see everything; `owner` may do anything."""

    on: Ground
    owner: asyncpg.Connection
    residents: int
    cookies: list[str]
    runs: int
    seconds: float
    server: Server | None = None

    @property
    def homes(self) -> int:
        """So many of the first residents live in a home of their own."""
        return max(1, self.residents * 10 // 13)

    @property
    def served(self) -> Server:
        """The server that runs. Raises ValueError where none was started."""
        if self.server is None:
            raise ValueError("this part is measured on a server that runs")
        return self.server

    def on_server(self, server: Server) -> Place:
        return replace(self, server=server)

    async def clear(self) -> None:
        """Away with what alarms have written; the history stays."""
        async with self.owner.transaction():
            await self.owner.execute("SET LOCAL session_replication_role = replica")
            for table in await self.owner.fetch(_HANGING_ON_INCIDENTS):
                await self.owner.execute(_DELETE.format(table["name"]), HISTORY_ENDS)
            await self.owner.execute("DELETE FROM incident WHERE opened_at > $1", HISTORY_ENDS)
        await self.owner.execute("TRUNCATE signal_dedup, sms_message, audit_entry")
        await self.owner.execute("CHECKPOINT")


def history_begins(span: timedelta) -> datetime:
    """Of a history that is so long."""
    return HISTORY_ENDS - span


_HANGING_ON_INCIDENTS = """
SELECT table_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'incident_id' ORDER BY 1
"""
_DELETE = (
    "DELETE FROM {0} USING incident WHERE {0}.incident_id = incident.id AND incident.opened_at > $1"
)
