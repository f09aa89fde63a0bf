"""Rows of the journal for signals that open nothing (G2); the opening statement writes its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival, position
from callcenter.alerts.models import JournalOutcome
from callcenter.core.encoding import array_literal

JournalRow = tuple[Arrival, JournalOutcome, object, str | None]
"""Arrival, what became of it, the incident's id or None, a reason or None."""


async def journal(
    connection: asyncpg.Connection, rows: Sequence[JournalRow], now: datetime
) -> None:
    """Write journal rows for arrivals that open nothing."""
    columns = zip(*(_journal_columns(*row) for row in rows), strict=True)
    await connection.execute(_JOURNAL, now, *columns)


def _journal_columns(
    arrival: Arrival, outcome: JournalOutcome, incident_id: object, reason: str | None
) -> tuple[object, ...]:
    signal, caller = arrival.signal, arrival.caller
    lat, lng = position(arrival)
    return (
        arrival.journal_id,
        arrival.source.name,
        signal.identifier,
        caller.device_id,
        caller.home_id,
        signal.kind.value,
        outcome.value,
        incident_id,
        signal.occurred_at,
        arrival.received_at,
        lat,
        lng,
        signal.text,
        arrival.extra,
        array_literal(arrival.flags),
        reason,
        signal.raw,
    )


_JOURNAL = """
INSERT INTO journal (
    id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, stored_at, lat,
    lng, text, extra, flags, reason, raw
)
SELECT id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, $1, lat, lng,
       text, extra::jsonb, flags::text[], reason, raw
FROM unnest(
    $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::uuid[],
    $10::timestamptz[], $11::timestamptz[], $12::float8[], $13::float8[], $14::text[], $15::text[], $16::text[],
    $17::text[], $18::bytea[]
) AS j(
    id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, lat, lng, text,
    extra, flags, reason, raw
)
ON CONFLICT (id) DO NOTHING
"""
