"""Closed incidents, newest first, as somebody pages back through the years: an index answers each page, however many there are.

Who may see much of the country finds a page among the newest incidents of all; who may see a few grids is answered grid by
grid. Between the two decides arithmetic: walking meets `all / seen` foreign incidents for each own one, asking region by region
fetches a page of each, so the square root of all regions is where both cost the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import asyncpg

from callcenter.alerts.incident import INCIDENT_COLUMNS, Incident

Place = tuple[datetime, UUID]
"""When an incident was opened, and its id: where it stands in the history."""

_NEWEST: Final = UUID(int=2**128 - 1)
_OLDEST: Final = UUID(int=0)
_FUTURE: Final[Place] = (datetime(9999, 1, 1, tzinfo=UTC), _NEWEST)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the history: in the regions and all below them, before a place, or before a moment alone."""

    region_ids: Iterable[int]
    home_id: int | None = None
    before: datetime | None = None
    before_id: UUID | None = None
    limit: int = 50

    @property
    def place(self) -> Place:
        if self.before is None:
            return _FUTURE
        return self.before, self.before_id or _OLDEST


def region_by_region(seen: int, of_all: int) -> bool:
    """Whether to ask each region for a page rather than to walk back through all incidents. Pure."""
    return seen * seen <= of_all


async def closed_incidents(connection: asyncpg.Connection, asked: Asked) -> list[Incident]:
    """One page of closed incidents, newest first."""
    if asked.home_id is not None:
        page = (*asked.place, asked.limit, asked.home_id)
        rows = await connection.fetch(_OF_HOME, list(asked.region_ids), *page)
    else:
        rows = await _walk(connection, INCIDENT_COLUMNS, asked)
    return [Incident.of(row) for row in rows]


async def closed_places(connection: asyncpg.Connection, asked: Asked) -> list[Place]:
    """The places alone of one page: a thousand of them cost little, for a search to look at."""
    return [
        (row["opened_at"], row["id"]) for row in await _walk(connection, "opened_at, id", asked)
    ]


async def _walk(connection: asyncpg.Connection, columns: str, asked: Asked) -> list[asyncpg.Record]:
    page = (*asked.place, asked.limit)
    granted = list(asked.region_ids)
    seen = await connection.fetchval(_SEEN, granted)
    if region_by_region(len(seen), await connection.fetchval(_ALL)):
        return list(await connection.fetch(_by_region(columns), seen, *page))
    return list(await connection.fetch(_walking(columns), granted, *page))


_SEEN: Final = "SELECT array(SELECT id FROM region WHERE path && $1::bigint[])"

_ALL: Final = "SELECT count(*) FROM region"


def _walking(columns: str) -> str:
    return f"""
SELECT {columns} FROM incident
WHERE state = 'closed' AND region_path && $1::bigint[] AND (opened_at, id) < ($2, $3)
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns


def _by_region(columns: str) -> str:
    return f"""
SELECT page.* FROM unnest($1::bigint[]) AS seen (region), LATERAL (
  SELECT {columns} FROM incident
  WHERE state = 'closed' AND region_id = seen.region AND (opened_at, id) < ($2, $3)
  ORDER BY opened_at DESC, id DESC LIMIT $4) AS page
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns


_OF_HOME: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state = 'closed' AND region_path && $1::bigint[] AND (opened_at, id) < ($2, $3) AND home_id = $5
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns
