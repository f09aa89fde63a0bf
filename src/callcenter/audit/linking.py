"""Every entry of the trail gets its place in the chain a few seconds after it was written: nobody who writes waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from callcenter.audit.chain import BEFORE_THE_FIRST, Linked, hash_of, settled_before
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections

BATCH: Final = 500
LOOKS_BACK: Final = timedelta(days=1)
"""So often everything is looked through from the beginning: a clock that was put back gives ids of long ago."""
_NOTHING: Final = UUID(int=0)


class AuditLinks:
    """The processor `audit_links` of the office. One server links at a time; the rows decide, so that a restart misses nothing."""

    name = "audit_links"
    interval_s = 5.0

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, self.name, 1)
        self._from = _NOTHING
        self._looked_back_at: datetime | None = None

    async def run_once(self, now: datetime) -> int:
        """Link what has none, oldest first; how many."""
        if self._looked_back_at is None or now - self._looked_back_at >= LOOKS_BACK:
            self._from, self._looked_back_at = _NOTHING, now
        async with self.connections.use() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME)
            entries = await connection.fetch(_UNLINKED, self._from, BATCH)
            if entries:
                await _link(connection, entries)
            newest = await connection.fetchval(_NEWEST)
        self._from = entries[-1]["id"] if entries else settled_before(newest or _NOTHING)
        return len(entries)


async def _link(connection: asyncpg.Connection, entries: Sequence[asyncpg.Record]) -> None:
    last = await connection.fetchrow(_LAST)
    number, before = (last["number"], last["hash"]) if last else (0, BEFORE_THE_FIRST)
    links = []
    for entry in entries:
        number += 1
        before = hash_of(before, Linked.of(number, entry))
        links.append((number, entry["id"], before))
    await connection.executemany(_INSERT, links)


_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('audit_link'))"
_LAST = "SELECT number, hash FROM audit_link ORDER BY number DESC LIMIT 1"
_NEWEST = "SELECT id FROM audit_entry ORDER BY id DESC LIMIT 1"
_UNLINKED = """
SELECT entry.id, entry.at, entry.user_id, entry.action, entry.subject, entry.region_ids, entry.address, entry.detail
FROM audit_entry AS entry
WHERE entry.id > $1 AND NOT EXISTS (SELECT FROM audit_link AS link WHERE link.entry_id = entry.id)
ORDER BY entry.id LIMIT $2
"""
_INSERT = "INSERT INTO audit_link (number, entry_id, hash) VALUES ($1, $2, $3)"
