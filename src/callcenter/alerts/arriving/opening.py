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
from orjson import Fragment

from callcenter.alerts.telling import DUTY_TOLD, TEXT_VALIDITY, Text
from callcenter.core.encoding import encode_text
from callcenter.core.ids import new_id
from callcenter.devices.registry import Caller, SourceRef
from callcenter.devices.signals import Signal, SignalClass
from callcenter.sms.catalogue import MessageKind


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


def marks(arrival: Arrival) -> tuple[str, ...]:
    """What the board shows beside the incident from the first moment on."""
    duty_told = any(text.kind == MessageKind.DUTY_ALARM for text in arrival.texts)
    return (DUTY_TOLD,) if duty_told else ()


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
    """Write what opens; one result per arrival, in order.

    The batch travels as two JSON documents: encoding thirty arrays costs the loop more than the statement itself.
    """
    arrivals = encode_text([_row(arrival) for arrival in batch])
    texts = encode_text([_text_row(a, text, now) for a in batch for text in a.texts])
    rows = await connection.fetch(OPEN_INCIDENTS, now, arrivals, texts)
    found = {row["journal_id"]: Opened(row["fresh"], row["number"]) for row in rows}
    return [found[arrival.journal_id] for arrival in batch]


def _row(arrival: Arrival) -> dict[str, object]:
    signal, caller = arrival.signal, arrival.caller
    lat, lng = position(arrival)
    return {
        "journal_id": arrival.journal_id,
        "incident_id": arrival.incident_id,
        "source": arrival.source.name,
        "identifier": signal.identifier,
        "dedup_key": signal.dedup_key.hex(),
        "received_at": arrival.received_at,
        "horizon": arrival.received_at - timedelta(seconds=arrival.source.retry_horizon_s),
        "occurred_at": signal.occurred_at,
        "subject": caller.subject,
        "class": arrival.signal_class.value,
        "kind": signal.kind.value,
        "priority": arrival.priority,
        "region_id": caller.region_id,
        "region_path": caller.region_path,
        "home_id": caller.home_id,
        "resident_id": caller.resident_id,
        "device_id": caller.device_id,
        "lat": lat,
        "lng": lng,
        "card": arrival.card,
        "text": signal.text,
        "extra": Fragment(arrival.extra),
        "flags": arrival.flags,
        "raw": signal.raw.hex(),
        "entry": opening_entry_data(arrival),
        "marks": marks(arrival),
    }


def _text_row(arrival: Arrival, text: Text, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "incident_id": arrival.incident_id,
        "region_id": arrival.caller.region_id,
        "contact_id": text.contact_id,
        "recipient": text.recipient,
        "kind": text.kind,
        "params": text.params,
        "language": text.language,
        "expires_at": now + TEXT_VALIDITY,
    }


OPEN_INCIDENTS = """
WITH input AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::text::json) AS i(
        journal_id uuid, incident_id uuid, source text, identifier text, dedup_key text, received_at timestamptz,
        horizon timestamptz, occurred_at timestamptz, subject text, class text, kind text, priority bigint,
        region_id bigint, region_path bigint[], home_id bigint, resident_id bigint, device_id bigint, lat float8,
        lng float8, card jsonb, text text, extra jsonb, flags text[], raw text, entry jsonb,
        marks text[]
    )
), fresh AS (
    INSERT INTO signal_dedup AS held (source, key, first_seen, journal_id)
    SELECT source, decode(dedup_key, 'hex'), received_at, journal_id FROM input ORDER BY subject
    ON CONFLICT (source, key) DO UPDATE SET first_seen = excluded.first_seen, journal_id = excluded.journal_id
    WHERE held.journal_id = excluded.journal_id
       OR held.first_seen < (SELECT horizon FROM input WHERE input.journal_id = excluded.journal_id)
    RETURNING journal_id
), opened AS (
    INSERT INTO incident (
        id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, device_id, source,
        identifier, lat, lng, card, opened_at, last_signal_at, marks
    )
    SELECT incident_id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, device_id, source,
           identifier, lat, lng, card, $1, $1, marks
    FROM input JOIN fresh USING (journal_id) ORDER BY subject
    ON CONFLICT (subject, class) WHERE state <> 'closed' DO NOTHING
    RETURNING id, number
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT opened.id, 1, $1, 'opened', input.entry FROM opened JOIN input ON input.incident_id = opened.id
), told AS (
    INSERT INTO sms_message (
        id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority, created_at,
        due_at, expires_at
    )
    SELECT t.id, concat_ws(':', opened.id, t.recipient, t.kind), opened.id, t.region_id, t.contact_id, t.recipient,
           t.kind, t.params || jsonb_build_object('ref', opened.number), t.language, 1, $1, $1, t.expires_at
    FROM json_to_recordset($3::text::json) AS t(
        id uuid, incident_id uuid, region_id bigint, contact_id bigint, recipient text, kind text, params jsonb,
        language text, expires_at timestamptz
    )
    JOIN opened ON opened.id = t.incident_id
    ON CONFLICT (dedup) DO NOTHING
), journaled AS (
    INSERT INTO journal (
        id, source, identifier, device_id, home_id, kind, outcome, incident_id, occurred_at, received_at, stored_at,
        lat, lng, text, extra, flags, raw
    )
    SELECT journal_id, source, identifier, device_id, home_id, kind, 'opened', opened.id, occurred_at, received_at,
           $1, lat, lng, text, extra, flags, decode(raw, 'hex')
    FROM input JOIN opened ON opened.id = input.incident_id
)
SELECT input.journal_id, fresh.journal_id IS NOT NULL AS fresh, opened.number
FROM input
LEFT JOIN fresh USING (journal_id)
LEFT JOIN opened ON opened.id = input.incident_id
"""
