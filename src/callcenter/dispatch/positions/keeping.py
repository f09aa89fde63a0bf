"""Positions as they come: the newest of each person on duty, and the way that they took, in one statement for one or for hundreds.

Whoever is off duty leaves nothing, also where the fix was taken before the duty began. The row of the duty is held while its
position is written: an end of duty that comes in the same moment waits, and takes the position with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.models import CheckIn, PositionSource
from callcenter.dispatch.positions.fix import Fix, believed, newest, of_way
from callcenter.residents.problems import InvalidFields

APART_S: Final = 10
"""Fixes that follow one another faster are not added to the way; the newest is shown all the same."""


async def record(  # noqa: PLR0913, PLR0917 - the columns of the row, each by name
    session: AsyncSession,
    staff_id: int,
    at: datetime,
    lat: float | None,
    lng: float | None,
    accuracy_m: float | None,
    source: PositionSource,
    now: datetime,
) -> bool:
    """Whether it is now where they are: not without a fix, off duty, or when a newer one is there. Raises InvalidFields for
    what is no position.
    """
    if lat is None or lng is None:
        return False
    fix = Fix(staff_id, at, lat, lng, accuracy_m, source)
    return await record_all(session, [fix], now) > 0


async def record_check_in(session: AsyncSession, row: CheckIn, now: datetime) -> None:
    """Whoever checks in says where they are with it. What is no position moves nobody; the check-in stands, with its flags."""
    with suppress(InvalidFields):
        await record(
            session,
            row.staff_id,
            row.occurred_at,
            row.lat,
            row.lng,
            row.accuracy_m,
            PositionSource.CHECK_IN,
            now,
        )


async def record_all(session: AsyncSession, fixes: Sequence[Fix], now: datetime) -> int:
    """How many people are somewhere else now. Raises InvalidFields for the first that is no position."""
    kept = newest(believed(fix, now) for fix in fixes)
    if not kept:
        return 0
    found = await session.scalar(_RECORD, dict(zip(_NAMES, columns_of(kept), strict=True)))
    return int(found or 0)


def columns_of(kept: Sequence[Fix]) -> tuple[Sequence[object], ...]:
    """The arrays of the statement."""
    return (
        [fix.staff_id for fix in kept],
        [fix.at for fix in kept],
        [fix.lat for fix in kept],
        [fix.lng for fix in kept],
        [fix.accuracy_m for fix in kept],
        [fix.source.value for fix in kept],
        of_way(kept, timedelta(seconds=APART_S)),
    )


def recording(given: Sequence[str], admitted: str = "duty", rows: str = "duty") -> str:
    """The statement up to `moved`: whoever is somewhere else now. `given` names the seven arrays; of the duties in `admitted` those of
    `rows` are held.
    """
    staff = given[0]
    return f"""
    given AS MATERIALIZED (
        SELECT * FROM unnest({", ".join(given)}) AS fix (staff_id, at, lat, lng, accuracy_m, source, of_way)
    ),
    there AS MATERIALIZED (
        SELECT duty.staff_id, duty.began_at FROM {admitted} WHERE duty.ended_at IS NULL AND duty.staff_id = ANY ({staff})
        ORDER BY duty.staff_id FOR SHARE OF {rows}
    ),
    on_duty AS MATERIALIZED (
        SELECT given.* FROM given JOIN there ON there.staff_id = given.staff_id AND given.at >= there.began_at
    ),
    way AS (
        INSERT INTO staff_track (staff_id, at, lat, lng, accuracy_m, source)
        SELECT fix.staff_id, fix.at, fix.lat, fix.lng, fix.accuracy_m, fix.source
        FROM on_duty AS fix
        WHERE fix.of_way AND NOT EXISTS (
            SELECT FROM staff_track AS near
            WHERE near.staff_id = fix.staff_id AND near.at > fix.at - interval '{APART_S} seconds' AND near.at <= fix.at
        )
        ON CONFLICT DO NOTHING
    ),
    moved AS (
        INSERT INTO staff_position AS known (staff_id, at, lat, lng, accuracy_m, source)
        SELECT DISTINCT ON (staff_id) staff_id, at, lat, lng, accuracy_m, source FROM on_duty ORDER BY staff_id, at DESC
        ON CONFLICT (staff_id) DO UPDATE SET at = excluded.at, lat = excluded.lat, lng = excluded.lng,
            accuracy_m = excluded.accuracy_m, source = excluded.source
        WHERE known.at < excluded.at
        RETURNING staff_id
    )
    """  # noqa: S608 - constants


COLUMNS: Final = ("bigint", "timestamptz", "float8", "float8", "float8", "text", "boolean")

_NAMES: Final = ("staff", "at", "lat", "lng", "accuracy", "source", "of_way")
_GIVEN = [f"CAST(:{name} AS {kind}[])" for name, kind in zip(_NAMES, COLUMNS, strict=True)]
_RECORD = text(f"WITH {recording(_GIVEN)} SELECT count(*) FROM moved")  # noqa: S608 - constants
