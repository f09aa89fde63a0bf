"""Says every two seconds that this server lives, and looks whether the schema is still of its release and who else lives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.migrating import all_revisions, latest_revision
from callcenter.several.standing_back import Sibling, is_newer, newer_ones

log = structlog.get_logger(__name__)

SERVER_LIFE: Final = "server_life"
"""Name and channel: woken when a server comes or goes."""
EVERY_S: Final = 2.0
LEASE_S: Final = 6.0


@dataclass(frozen=True, slots=True)
class Self:
    """How this server is told apart."""

    process_id: UUID
    name: str
    build: str


def _nothing() -> None:
    """Nobody is told."""


class Lives:
    """`on_change` is called when this server begins or ends to stand back. Only the alarm process `writes`."""

    name = SERVER_LIFE
    interval_s = EVERY_S

    def __init__(
        self,
        database: Database,
        clock: Clock,
        own: Self,
        *,
        writes: bool,
        on_change: Callable[[], None] = _nothing,
    ) -> None:
        self._clock = clock
        self._own = own
        self._writes = writes
        self.on_change = on_change
        self._looked_at = -math.inf
        self._newer: list[Sibling] = []
        self._revision: str | None = None
        self.siblings: list[Sibling] = []
        self.leaving = False
        self.connections = HeldConnections(database, self.name, 1)

    @property
    def stands_back(self) -> bool:
        """A newer server does the work. What was seen longer ago than a lease counts no more: it may be dead as well."""
        seen_s = self._clock.monotonic() - self._looked_at
        return bool(self._newer) and seen_s < LEASE_S

    async def run_once(self, now: datetime) -> int:  # noqa: ARG002 - leases go by the database's clock
        """Write, read, judge."""
        own = self._own
        async with self.connections.use() as connection:
            if self._writes:
                mine = (own.process_id, own.name, own.build, latest_revision(), self.leaving)
                await connection.execute(_WRITE, *mine, LEASE_S)
            revision = await connection.fetchval("SELECT version_num FROM alembic_version")
            rows = await connection.fetch(_OTHERS, own.process_id, LEASE_S)
        self.siblings = [Sibling(row["name"], row["revision"], row["leaving"]) for row in rows]
        self._judge(revision)
        return 0

    def _judge(self, revision: str | None) -> None:
        before = bool(self._newer)
        known = all_revisions()
        if is_newer(revision, known) and revision != self._revision:
            log.warning("schema_newer", found=revision, knows=latest_revision())
        self._revision = revision
        self._newer = newer_ones(revision, known, self.siblings)
        self._looked_at = self._clock.monotonic()
        if bool(self._newer) is not before:
            if self._newer:
                log.warning("stands_back", leaves_to=[each.name for each in self._newer])
            else:
                log.warning("works_again")
            self.on_change()

    async def leave(self) -> None:
        """Nobody counts on it any more. Raises Unavailable."""
        async with self.connections.use() as connection:
            await connection.execute(_LEAVE, self._own.process_id)


# Rows of servers that are long gone are taken out by whoever lives.
_WRITE = """
WITH gone AS (
    DELETE FROM server_life WHERE lease_until < clock_timestamp() - interval '1 hour' AND process_id <> $1
)
INSERT INTO server_life (process_id, name, build, revision, leaving, lease_until)
VALUES ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 second')
ON CONFLICT (process_id) DO UPDATE SET leaving = excluded.leaving, lease_until = excluded.lease_until
"""

_OTHERS = """
SELECT name, revision, leaving FROM server_life
WHERE process_id <> $1 AND lease_until > clock_timestamp()
  AND lease_until <= clock_timestamp() + 2 * $2::float8 * interval '1 second' ORDER BY name, process_id
"""
"""A lease that is longer than any is of a clock that was set back since: who lives renews it."""

_LEAVE = "DELETE FROM server_life WHERE process_id = $1"
