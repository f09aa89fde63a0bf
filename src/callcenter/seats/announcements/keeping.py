"""Announcements: written by a supervisor, shown at every seat concerned until their time, read by each with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import asyncpg
from pydantic import Field, StringConstraints

from callcenter.audit.trail import record_raw
from callcenter.auth.permissions import Action
from callcenter.core.clock import Clock
from callcenter.core.database import Database
from callcenter.core.errors import Conflict, NotFound
from callcenter.core.held import HeldConnections
from callcenter.core.written import Written
from callcenter.seats.announcements.shown import (
    ANNOUNCEMENT_COLUMNS,
    AnnouncementView,
    announcement_view,
)
from callcenter.seats.board import visible
from callcenter.seats.shifts import Asked

MOST_LISTED: Final = 50
LISTED: Final = timedelta(days=7)


class AnnouncementBody(Written):
    """`id` is made by the client: sent again it is the same announcement. No region: all in which one may announce."""

    id: UUID
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    must_acknowledge: bool = False
    region_id: int | None = None
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60


class Announcements:
    """A port of the API, and the processor that ends those whose time is over. `colleagues`: rows of who is connected, as the
    board shows them; `changed`: told after each change.
    """

    name = "announcements"
    interval_s = 5.0

    def __init__(
        self,
        database: Database,
        clock: Clock,
        colleagues: Callable[[], Iterable[dict[str, Any]]],
        changed: Callable[[], None],
    ) -> None:
        self.clock = clock
        self.connections = HeldConnections(database, self.name, 1)
        self._colleagues = colleagues
        self._changed = changed

    async def run_once(self, now: datetime) -> int:
        """Take those off the board whose time is over."""
        async with self.connections.use() as connection:
            if await connection.fetch(_END_OVER, now):
                self._changed()
        return 0

    async def write(self, asked: Asked, body: AnnouncementBody) -> AnnouncementView:
        """Raises NotFound for a region in which this user may not announce."""
        async with self.connections.use() as connection, connection.transaction():
            regions = await _regions(connection, asked, body.region_id)
            addressed = await connection.fetchval(_ADDRESSED, regions)
            written = await connection.fetchval(
                _WRITE,
                body.id,
                body.words,
                body.must_acknowledge,
                regions,
                addressed,
                self._seated(addressed),
                asked.principal.user_id,
                asked.principal.name,
                asked.now,
                asked.now + timedelta(minutes=body.minutes),
            )
            row = await connection.fetchrow(_ONE, body.id)
            if row["by_id"] != asked.principal.user_id:
                raise Conflict("Another announcement has this id.", code="id_taken")
            if written is not None:
                detail = {"must_acknowledge": body.must_acknowledge, "minutes": body.minutes}
                await _journal(connection, asked, "announced", row, detail)
        self._changed()
        return announcement_view(row)

    async def read(self, asked: Asked, announcement_id: UUID) -> None:
        """This user has read it. Raises NotFound for one that is not for them."""
        seen_in = sorted(asked.principal.regions(Action.SEE_INCIDENTS))
        async with self.connections.use() as connection, connection.transaction():
            row = await connection.fetchrow(_ONE, announcement_id)
            if row is None or not visible(frozenset(seen_in), row["addressed"]):
                raise NotFound("no such announcement", what="announcement")
            if await connection.fetchval(
                _READ, announcement_id, asked.principal.user_id, asked.now
            ):
                await _journal(connection, asked, "announcement_read", row)
        self._changed()

    async def end(self, asked: Asked, announcement_id: UUID) -> AnnouncementView:
        """By whoever wrote it, or a supervisor of all its regions. Raises NotFound."""
        regions = sorted(asked.principal.regions(Action.ANNOUNCE))
        async with self.connections.use() as connection, connection.transaction():
            found = await connection.fetchval(
                _END, announcement_id, asked.principal.user_id, regions, asked.now
            )
            row = await connection.fetchrow(_ONE, announcement_id) if found else None
            if row is None:
                raise NotFound("no such announcement", what="announcement")
            await _journal(connection, asked, "announcement_ended", row)
        self._changed()
        return announcement_view(row)

    async def latest(self, asked: Asked) -> Sequence[AnnouncementView]:
        """One's own, and those whose regions one supervises, the newest first."""
        regions = sorted(asked.principal.regions(Action.ANNOUNCE))
        async with self.connections.use() as connection:
            rows = await connection.fetch(
                _LATEST, asked.principal.user_id, regions, asked.now - LISTED, MOST_LISTED
            )
            if rows:  # what is written there may name residents
                seen = {"region_ids": sorted({each for row in rows for each in row["region_ids"]})}
                await _journal(
                    connection, asked, "announcements_seen", {"id": rows[0]["id"], **seen}
                )
        return [announcement_view(row) for row in rows]

    def _seated(self, addressed: Sequence[int]) -> list[int]:
        """Who is connected and will be shown it now."""
        return sorted(
            {
                each["user_id"]
                for each in self._colleagues()
                if visible(frozenset(each["region_ids"]), addressed)
            }
        )


async def _regions(
    connection: asyncpg.Connection, asked: Asked, region_id: int | None
) -> list[int]:
    if region_id is None:
        return sorted(asked.principal.regions(Action.ANNOUNCE))
    path = await connection.fetchval("SELECT path FROM region WHERE id = $1", region_id)
    asked.principal.find(Action.ANNOUNCE, path or (), "region")
    return [region_id]


async def _journal(
    connection: asyncpg.Connection,
    asked: Asked,
    action: str,
    row: Mapping[str, Any],
    detail: Mapping[str, object] | None = None,
) -> None:
    await record_raw(
        connection,
        at=asked.now,
        principal_id=asked.principal.user_id,
        action=action,
        subject=f"announcement:{row['id']}",
        region_ids=await connection.fetchval(_LINEAGE, row["region_ids"]) or (),
        address=asked.address,
        detail=detail or {},
    )


_ADDRESSED = """
SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT id FROM region WHERE path && $1::bigint[]
    UNION SELECT unnest(path) FROM region WHERE id = ANY($1::bigint[])
) AS region
"""

_LINEAGE = "SELECT array_agg(DISTINCT step) FROM region, unnest(path) AS step WHERE region.id = ANY($1::bigint[])"

_WRITE = """
INSERT INTO announcement (id, words, must_acknowledge, region_ids, addressed, seated, by_id, by_name, written_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING id
"""

_ONE = f"SELECT {ANNOUNCEMENT_COLUMNS} FROM announcement WHERE id = $1"  # noqa: S608 constant columns

_READ = """
WITH fresh AS (
    INSERT INTO announcement_read (announcement_id, user_id, read_at) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING RETURNING announcement_id
)
UPDATE announcement SET version = version + 1 FROM fresh WHERE id = announcement_id RETURNING id
"""

# Whoever supervises every region of it, or has written it.
_IN_CHARGE = """
(by_id = $1 OR NOT EXISTS (
    SELECT 1 FROM unnest(announcement.region_ids) AS its(id) LEFT JOIN region USING (id)
    WHERE region.id IS NULL OR NOT region.path && $2::bigint[]
))
"""

_END = f"""
UPDATE announcement SET ended_at = coalesce(ended_at, $4), version = version + 1
WHERE id = $1 AND {_IN_CHARGE.replace("$2", "$3").replace("$1", "$2")} RETURNING id
"""  # noqa: S608 constants

_END_OVER = """
UPDATE announcement SET ended_at = until_at, version = version + 1 WHERE ended_at IS NULL AND until_at <= $1 RETURNING id
"""

_LATEST = f"""
SELECT {ANNOUNCEMENT_COLUMNS} FROM announcement WHERE written_at > $3 AND {_IN_CHARGE} ORDER BY written_at DESC LIMIT $4
"""  # noqa: S608 constants
