"""Dedup keys: who was first under a key, and whether a repeat is still one (design 6b.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.alerts.arriving.arrival import Arrival
from callcenter.alerts.incident import State


async def sort_repeats(
    connection: asyncpg.Connection, repeats: Sequence[Arrival]
) -> dict[tuple[str, bytes], Mapping[str, Any] | None]:
    """For each source and held key what its first signal led to; None where the key is free after all.

    Free means: the first signal never reached the journal, or the incident it led to is closed (design 6b.1).
    """
    rows = await connection.fetch(
        _HELD, [a.source.name for a in repeats], [a.signal.dedup_key for a in repeats]
    )
    return {
        (row["source"], row["key"]): (
            None if row["outcome"] is None or row["state"] == State.CLOSED else row
        )
        for row in rows
    }


async def claim_keys(
    connection: asyncpg.Connection, arrivals: Sequence[Arrival]
) -> frozenset[UUID]:
    """Journal ids of those arrivals that are not repeats; they hold their keys now."""
    rows = await connection.fetch(
        _CLAIM,
        [a.source.name for a in arrivals],
        [a.signal.dedup_key for a in arrivals],
        [a.received_at for a in arrivals],
        [a.journal_id for a in arrivals],
        [a.received_at - timedelta(seconds=a.source.retry_horizon_s) for a in arrivals],
    )
    return frozenset(row["journal_id"] for row in rows)


async def take_over_keys(connection: asyncpg.Connection, arrivals: Sequence[Arrival]) -> None:
    """The arrivals hold their dedup keys from now on."""
    await connection.execute(
        _TAKE_OVER,
        [a.source.name for a in arrivals],
        [a.signal.dedup_key for a in arrivals],
        [a.received_at for a in arrivals],
        [a.journal_id for a in arrivals],
    )


LATEST = """
SELECT held.source, held.key, held.first_seen, journal.id AS journal_id, journal.outcome, journal.incident_id, incident.number
FROM (SELECT source, key, first_seen, journal_id FROM signal_dedup ORDER BY first_seen DESC LIMIT 1000) AS held
JOIN journal ON journal.id = held.journal_id
LEFT JOIN incident ON incident.id = journal.incident_id
"""
"""What the messages of the last minutes led to, so that a process that starts knows a repeat as such."""

_HELD = """
SELECT held.source, held.key, journal.id AS journal_id, journal.outcome, journal.incident_id, incident.state, incident.number
FROM unnest($1::text[], $2::bytea[]) AS repeat(source, key)
JOIN signal_dedup AS held USING (source, key)
LEFT JOIN journal ON journal.id = held.journal_id
LEFT JOIN incident ON incident.id = journal.incident_id
"""

_CLAIM = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::uuid[], $5::timestamptz[])
        AS i(source, key, received_at, journal_id, horizon)
)
INSERT INTO signal_dedup AS held (source, key, first_seen, journal_id)
SELECT source, key, received_at, journal_id FROM input
ON CONFLICT (source, key) DO UPDATE SET first_seen = excluded.first_seen, journal_id = excluded.journal_id
WHERE held.journal_id = excluded.journal_id
   OR held.first_seen < (SELECT horizon FROM input WHERE input.journal_id = excluded.journal_id)
RETURNING journal_id
"""

_TAKE_OVER = """
UPDATE signal_dedup AS held SET first_seen = mine.first_seen, journal_id = mine.journal_id
FROM unnest($1::text[], $2::bytea[], $3::timestamptz[], $4::uuid[]) AS mine(source, key, first_seen, journal_id)
WHERE held.source = mine.source AND held.key = mine.key
"""
