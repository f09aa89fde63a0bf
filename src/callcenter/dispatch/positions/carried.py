"""Watches and pendants with a receiver that somebody of the staff carries: what they have said of where they are feeds the dots.

It reads what is written already: a device speaks to a listener as every other does, and no alarm knows whose it is. The journal has no
index by device, so its newest rows are read through, and only while somebody on duty carries one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.dispatch.models import PositionSource
from callcenter.dispatch.positions.fix import Fix, believed
from callcenter.dispatch.positions.keeping import record_all
from callcenter.residents.problems import InvalidFields

LOOKS_BACK: Final = timedelta(minutes=2)
"""At the start; what is older is hollow soon."""
OVERLAP: Final = timedelta(seconds=10)
"""Rows become visible later than they say, by other clocks too."""
MOST_ROWS: Final = 5_000
"""Of the journal in one look: a thousand signals a second. Beyond that a dot is older for once."""
HELD_BACK: Final = timedelta(minutes=15)
"""A device without a line sends later what it has seen; a clock that is off by more is believed in nothing."""


class CarriedDevices:
    """The processor `carried_devices` of the office."""

    name: Final = "carried_devices"
    interval_s: Final = 5.0

    def __init__(self, database: Database) -> None:
        self._database = database
        self._since: datetime | None = None

    async def run_once(self, now: datetime) -> int:
        """Zero always: one look is all of it."""
        since = self._since or now - LOOKS_BACK
        async with self._database.transaction() as session:
            carried = await _carried(session, now)
            if carried:
                rows = await _said(session, list(carried), since)
                await record_all(session, fixes_of(rows, carried, now), now)
        self._since = now - OVERLAP
        return 0


def taken_at(occurred_at: datetime | None, received_at: datetime) -> datetime:
    """By the device's clock, where that can be; else when it was received."""
    if occurred_at is not None and timedelta() <= received_at - occurred_at <= HELD_BACK:
        return occurred_at
    return received_at


def fixes_of(
    rows: Iterable[Mapping[str, Any]],
    carried: Mapping[int, tuple[int, datetime | None]],
    now: datetime,
) -> list[Fix]:
    """Of each row that says a place on this earth, unless a newer one is known. `carried`: by whom, and when they were seen last."""
    found = []
    for row in rows:
        staff_id, seen_at = carried[row["device_id"]]
        at = taken_at(row["occurred_at"], row["received_at"])
        if seen_at is not None and at <= seen_at:
            continue
        fix = Fix(staff_id, at, row["lat"], row["lng"], None, PositionSource.DEVICE)
        with suppress(InvalidFields):  # 0,0: a receiver without a fix
            found.append(believed(fix, now))
    return found


async def _carried(session: AsyncSession, now: datetime) -> dict[int, tuple[int, datetime | None]]:
    rows = await session.execute(text(_CARRIED), {"now": now})
    return {row.id: (row.staff_id, row.seen_at) for row in rows}


async def _said(
    session: AsyncSession, devices: Sequence[int], since: datetime
) -> Sequence[Mapping[str, Any]]:
    asked = {"devices": devices, "since": since, "most": MOST_ROWS}
    return [dict(row) for row in (await session.execute(text(_SAID), asked)).mappings()]


_CARRIED = """
SELECT device.id, device.staff_id, staff_position.at AS seen_at
FROM device JOIN duty ON duty.staff_id = device.staff_id AND duty.ended_at IS NULL
LEFT JOIN staff_position ON staff_position.staff_id = device.staff_id
WHERE device.staff_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM device_assignment AS held
    WHERE held.device_id = device.id AND held.valid_from <= :now AND (held.valid_until IS NULL OR held.valid_until > :now)
)
"""
"""Where a resident is, is nobody's dot: what serves a home counts no more."""

_SAID = """
SELECT newest.device_id, newest.received_at, newest.occurred_at, newest.lat, newest.lng
FROM (
    SELECT device_id, received_at, occurred_at, lat, lng FROM journal WHERE stored_at > :since ORDER BY stored_at DESC LIMIT :most
) AS newest
WHERE newest.device_id = ANY (CAST(:devices AS bigint[])) AND newest.lat IS NOT NULL AND newest.lng IS NOT NULL
ORDER BY newest.received_at
"""
