"""Trackers and systems of vehicles that say where people on duty are: they know the token of a source, and speak for its region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.core.database import Database
from callcenter.core.errors import Unauthenticated
from callcenter.core.held import HeldConnections
from callcenter.dispatch.models import PositionSource
from callcenter.dispatch.positions.fix import Fix, believed, newest
from callcenter.dispatch.positions.keeping import COLUMNS, columns_of, recording

MOST: Final = 500
"""A body of a stranger is 64 KiB at most."""


class PositionSeen(BaseModel):
    """Where somebody was, and when, by the tracker's clock. WGS-84 degrees."""

    staff_id: int
    at: AwareDatetime
    lat: float
    lng: float
    accuracy_m: float | None = None


class PositionsBody(BaseModel):
    """Of many people at once, each as often as need be."""

    positions: Annotated[list[PositionSeen], Field(min_length=1, max_length=MOST)]


class KeptPositions(BaseModel):
    """`moved`: people who are shown somewhere else now. `unknown`: nobody with this number belongs to the region of the source."""

    moved: int
    unknown: list[int]


class Trackers:
    """Port of the API. One statement asks whose token it is and writes, and waits for no disk: what it writes is the past in half a
    minute, and alarms need the disk.
    """

    def __init__(self, database: Database) -> None:
        self.connections = HeldConnections(database, "trackers", 2)

    async def keep(self, token: str, seen: Sequence[PositionSeen], now: datetime) -> KeptPositions:
        """All or none. Raises InvalidFields for what is no position, Unauthenticated where no source has the token."""
        device = PositionSource.DEVICE
        fixes = [
            Fix(each.staff_id, each.at, each.lat, each.lng, each.accuracy_m, device)
            for each in seen
        ]
        kept = columns_of(newest(believed(fix, now) for fix in fixes))
        async with self.connections.use() as connection:
            row = await connection.fetchrow(_KEEP, *kept, sha256(token.encode()).digest(), now)
        if row["region_id"] is None:
            raise Unauthenticated("no source has this token", code="unknown_source")
        return KeptPositions(moved=row["moved"], unknown=row["unknown"])


_GIVEN = [f"${at}::{kind}[]" for at, kind in enumerate(COLUMNS, start=1)]
_OF_SOURCE = """
duty JOIN staff ON staff.id = duty.staff_id
JOIN region ON region.id = staff.region_id AND region.path @> ARRAY(SELECT region_id FROM teller)
JOIN teller ON true
"""
_KEEP = f"""
WITH teller AS MATERIALIZED (
    SELECT region_id FROM source
    WHERE active AND (bearer_hash = $8 OR bearer_hash_before = $8 AND before_until > $9)
),
{recording(_GIVEN, _OF_SOURCE)}
SELECT (SELECT region_id FROM teller) AS region_id, (SELECT count(*) FROM moved) AS moved,
       ARRAY(
           SELECT DISTINCT one FROM unnest($1::bigint[]) AS one
           WHERE NOT EXISTS (
               SELECT FROM staff JOIN region ON region.id = staff.region_id
               WHERE staff.id = one AND region.path @> ARRAY(SELECT region_id FROM teller)
           ) ORDER BY one
       ) AS unknown,
       set_config('synchronous_commit', 'off', true)
"""  # noqa: S608 - constants
