"""The journal and the timelines as chained tables, and how new entries of a timeline are found."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from callcenter.audit.chained import AUDIT, Chained, KeyColumn
from callcenter.audit.linking import Found

INCIDENTS: Final = 1_000
"""Incidents of a page; each has some ten entries."""

JOURNAL: Final = Chained(
    name="journal",
    table="journal",
    links="journal_link",
    key=(KeyColumn("id", "entry_id", "uuid"),),
    said=(
        "id", "source", "identifier", "device_id", "home_id", "kind", "outcome", "incident_id", "occurred_at",
        "received_at", "stored_at", "lat", "lng", "text", "extra", "flags", "reason", "raw",
    ),
    time="stored_at",
    json="extra",
)  # fmt: skip
TIMELINE: Final = Chained(
    name="timeline",
    table="timeline_entry",
    links="timeline_link",
    key=(
        KeyColumn("incident_id", "incident_id", "uuid"),
        KeyColumn("number", "entry_number", "bigint"),
    ),
    said=("incident_id", "number", "at", "kind", "user_id", "user_name", "data"),
    time="at",
    json="data",
)
CHAINS: Final = (JOURNAL, TIMELINE, AUDIT)
"""Every table whose rows are held by a chain of hashes."""

Cursor = tuple[int, UUID]
"""Mark of a change and incident: where a page ended."""


class ByChange:
    """Entries of incidents that were changed since: each is written by the statement that changes its incident, whose mark of
    change has an index for the sweep. What an open transaction may still write is looked at again.
    """

    chained = TIMELINE
    patient = False

    def __init__(self) -> None:
        self._from = 0
        self._open = 0
        """The lowest transaction that had not ended when the look began."""

    def is_due(self, now: datetime) -> bool:  # noqa: ARG002 - whenever somebody asks
        return True

    async def begin(self, connection: asyncpg.Connection, now: datetime) -> Cursor:  # noqa: ARG002 - goes by transactions
        """From the first transaction that had not ended when the last look began; from the beginning after a start."""
        self._open = int(await connection.fetchval(_LOWEST_OPEN))
        return self._from, UUID(int=0)

    async def page(self, connection: asyncpg.Connection, cursor: Cursor) -> Found:
        """By the index of changes, then by the key of the entries."""
        changed = await connection.fetch(CHANGED, *cursor, INCIDENTS)
        ids = [row["id"] for row in changed]
        rows = await connection.fetch(UNLINKED, ids) if ids else []
        end = (changed[-1]["changed"], ids[-1]) if ids else cursor
        return Found(rows, end, last=len(changed) < INCIDENTS)

    def end(self, cursor: Cursor, now: datetime) -> None:  # noqa: ARG002 - likewise
        self._from = self._open


_LOWEST_OPEN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"
CHANGED = """
SELECT id, changed_xid::text::bigint AS changed FROM incident
WHERE changed_xid >= $1::bigint::text::xid8 AND (changed_xid > $1::bigint::text::xid8 OR id > $2)
ORDER BY changed_xid, id LIMIT $3
"""
UNLINKED = f"""
SELECT {TIMELINE.columns} FROM unnest($1::uuid[]) AS changed(id) JOIN timeline_entry AS entry ON entry.incident_id = changed.id
WHERE NOT EXISTS (SELECT FROM timeline_link AS link WHERE {TIMELINE.same})
ORDER BY entry.at, entry.incident_id, entry.number
"""  # noqa: S608 names of columns
