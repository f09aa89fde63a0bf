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
    page = (*asked.place, asked.limit)
    granted = list(asked.region_ids)
    if asked.home_id is not None:
        rows = await connection.fetch(_OF_HOME, granted, *page, asked.home_id)
        return [Incident.of(row) for row in rows]
    seen = await connection.fetchval(_SEEN, granted)
    if region_by_region(len(seen), await connection.fetchval(_ALL)):
        rows = await connection.fetch(_BY_REGION, seen, *page)
    else:
        rows = await connection.fetch(_WALKING, granted, *page)
    return [Incident.of(row) for row in rows]


_SEEN: Final = "SELECT array(SELECT id FROM region WHERE path && $1::bigint[])"

_ALL: Final = "SELECT count(*) FROM region"

_WALKING: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state = 'closed' AND region_path && $1::bigint[] AND (opened_at, id) < ($2, $3)
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns

_BY_REGION: Final = f"""
SELECT page.* FROM unnest($1::bigint[]) AS seen (region), LATERAL (
  SELECT {INCIDENT_COLUMNS} FROM incident
  WHERE state = 'closed' AND region_id = seen.region AND (opened_at, id) < ($2, $3)
  ORDER BY opened_at DESC, id DESC LIMIT $4) AS page
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns

_OF_HOME: Final = f"""
SELECT {INCIDENT_COLUMNS} FROM incident
WHERE state = 'closed' AND region_path && $1::bigint[] AND (opened_at, id) < ($2, $3) AND home_id = $5
ORDER BY opened_at DESC, id DESC LIMIT $4
"""  # noqa: S608 constant columns
