"""The one statement that opens incidents: everything an alarm writes, in one round trip and one commit.

A row of the batch that is a repeat (its dedup key is held) or whose subject has an open incident of the class writes
nothing but its dedup key and comes back as such; `joining` deals with it. Batches hold each subject once and are sorted
by it. Written again with the same ids the statement finds its own dedup keys and goes on as if it were the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from callcenter.core.encoding import encode_text
from callcenter.core.ids import new_id
from callcenter.devices.registry import Caller, SourceRef
from callcenter.devices.signals import Signal, SignalClass


@dataclass(slots=True)
class Text:
    """A text to be written with its cause; the incident's number is added by the statement as
    `ref`.
    """

    recipient: str
    contact_id: int | None
    kind: str
    params: dict[str, Any]
    language: str


@dataclass(slots=True)
class Arrival:
    """One signal on its way into the journal, with the ids it will carry if nothing stands against
    it.
    """

    source: SourceRef
    signal: Signal
    caller: Caller
    signal_class: SignalClass
    priority: int
    received_at: datetime
    journal_id: UUID
    incident_id: UUID
    card: dict[str, Any]
    texts: Sequence[Text]
    flags: tuple[str, ...]
    extra: str

    @property
    def subject(self) -> str:
        return self.caller.subject


@dataclass(frozen=True, slots=True)
class Opened:
    """What the statement says of one arrival: `number` if it opened, `fresh` False if its key was
    held.
    """

    fresh: bool
    number: int | None


TEXT_VALIDITY = timedelta(minutes=10)
TEXT_COLUMNS = 9


def position(arrival: Arrival) -> tuple[float | None, float | None]:
    """Where: what the device says, else its home. WGS-84 degrees."""
    if arrival.signal.position is not None:
        return arrival.signal.position.lat, arrival.signal.position.lng
    return arrival.caller.lat, arrival.caller.lng


def array_literal(values: Sequence[object]) -> str:
    """Ragged arrays cannot be unnested, so they travel as their literal. For ids and our own flag
    names only.
    """
    return "{" + ",".join(map(str, values)) + "}"


def opening_entry_data(arrival: Arrival) -> dict[str, Any]:
    """Data of the `opened` and `joined` timeline entries."""
    return {
        "kind": arrival.signal.kind.value,
        "journal_id": arrival.journal_id,
        "received_at": arrival.received_at,
        "occurred_at": arrival.signal.occurred_at,
        "text": arrival.signal.text,
        "flags": arrival.flags,
    }


async def open_incidents(
    connection: asyncpg.Connection, batch: Sequence[Arrival], now: datetime
) -> list[Opened]:
    """Write what opens; one result per arrival, in order."""
    columns = list(zip(*map(_columns, batch), strict=True))
    texts = [
        _text_columns(arrival, text, now) for arrival in batch for text in arrival.texts
    ] or None
    text_columns: list[Sequence[object]] = (
        list(zip(*texts, strict=True)) if texts else [()] * TEXT_COLUMNS
    )
    rows = await connection.fetch(OPEN_INCIDENTS, now, *columns, *text_columns)
    found = {row["journal_id"]: Opened(row["fresh"], row["number"]) for row in rows}
    return [found[arrival.journal_id] for arrival in batch]


def _columns(arrival: Arrival) -> tuple[object, ...]:
    signal, caller = arrival.signal, arrival.caller
    lat, lng = position(arrival)
    return (
        arrival.journal_id,
        arrival.incident_id,
        arrival.source.name,
        signal.identifier,
        signal.dedup_key,
        arrival.received_at,
        arrival.received_at - timedelta(seconds=arrival.source.retry_horizon_s),
        signal.occurred_at,
        caller.subject,
        arrival.signal_class.value,
        signal.kind.value,
        arrival.priority,
        caller.region_id,
        array_literal(caller.region_path),
        caller.home_id,
        caller.resident_id,
        caller.device_id,
        lat,
        lng,
        encode_text(arrival.card),
        signal.text,
        arrival.extra,
        array_literal(arrival.flags),
        signal.raw,
        encode_text(opening_entry_data(arrival)),
    )


def _text_columns(arrival: Arrival, text: Text, now: datetime) -> tuple[object, ...]:
    return (
        new_id(),
        arrival.incident_id,
        arrival.caller.region_id,
        text.contact_id,
        text.recipient,
        text.kind,
        encode_text(text.params),
        text.language,
        now + TEXT_VALIDITY,
    )


OPEN_INCIDENTS = """
WITH input AS MATERIALIZED (
    SELECT * FROM unnest(
        $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::timestamptz[],
        $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::text[],
        $16::bigint[], $17::bigint[], $18::bigint[], $19::float8[], $20::float8[], $21::text[], $22::text[],
        $23::text[], $24::text[], $25::bytea[], $26::text[]
    ) AS i(
        journal_id, incident_id, source, identifier, dedup_key, received_at, horizon, occurred_at, subject, class,
        kind, priority, region_id, region_path, home_id, resident_id, device_id, lat, lng, card, text, extra,
        flags, raw, entry
    )
), fresh AS (
    INSERT INTO signal_dedup AS held (source, key, first_seen, journal_id)
    SELECT source, dedup_key, received_at, journal_id FROM input ORDER BY subject
    ON CONFLICT (source, key) DO UPDATE SET first_seen = excluded.first_seen, journal_id = excluded.journal_id
    WHERE held.journal_id = excluded.journal_id
       OR held.first_seen < (SELECT horizon FROM input WHERE input.journal_id = excluded.journal_id)
    RETURNING journal_id
), opened AS (
    INSERT INTO incident (
        id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, device_id, source,
        identifier, lat, lng, card, opened_at, last_signal_at
    )
    SELECT incident_id, subject, class, kind, priority, region_id, region_path::bigint[], home_id, resident_id,
           device_id, source, identifier, lat, lng, card::jsonb, $1, $1
    FROM input JOIN fresh USING (journal_id) ORDER BY subject
    ON CONFLICT (subject, class) WHERE state <> 'closed' DO NOTHING
    RETURNING id, number
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT opened.id, 1, $1, 'opened', input.entry::jsonb FROM opened JOIN input ON input.incident_id = opened.id
), told AS (
    INSERT INTO sms_message (
        id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority, created_at,
        due_at, expires_at
    )
    SELECT t.id, concat_ws(':', opened.id, t.recipient, t.kind), opened.id, t.region_id, t.contact_id, t.recipient,
           t.kind, t.params::jsonb || jsonb_build_object('ref', opened.number), t.language, 1, $1, $1, t.expires_at
    FROM unnest(
        $27::uuid[], $28::uuid[], $29::bigint[], $30::bigint[], $31::text[], $32::text[], $33::text[], $34::text[],
        $35::timestamptz[]
    ) AS t(id, incident_id, region_id, contact_id, recipient, kind, params, language, expires_at)
    JOIN opened ON opened.id = t.incident_id
    ON CONFLICT (dedup) DO NOTHING
), journaled AS (
    INSERT INTO journal (
        id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, stored_at,
        lat, lng, text, extra, flags, raw
    )
    SELECT journal_id, source, identifier, device_id, home_id, kind, 'opened', opened.id, occurred_at, received_at,
           $1, lat, lng, text, extra::jsonb, flags::text[], raw
    FROM input JOIN opened ON opened.id = input.incident_id
)
SELECT input.journal_id, fresh.journal_id IS NOT NULL AS fresh, opened.number
FROM input
LEFT JOIN fresh USING (journal_id)
LEFT JOIN opened ON opened.id = input.incident_id
"""
