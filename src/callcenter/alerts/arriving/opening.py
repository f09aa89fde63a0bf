"""The one statement that opens incidents: everything an alarm writes, in one round trip and one commit.

A row of the batch that is a repeat (its dedup key is held) or whose subject has an open incident of the class writes
nothing but its dedup key and comes back as such; `joining` deals with it. Batches hold each subject once and are sorted
by it. Written again with the same ids the statement finds its own dedup keys and goes on as if it were the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
from orjson import Fragment

from callcenter.alerts.arriving.arrival import (
    Arrival,
    call_back_by,
    escalated,
    first_look_s,
    is_watched,
    marks,
    next_contact_s,
    opened,
    opening_texts,
    own_number,
    position,
    rang_at,
    request_due_s,
)
from callcenter.alerts.incident import FIRST_RING
from callcenter.alerts.timers import TimerKind
from callcenter.core.encoding import encode_text
from callcenter.sms.outbox import insert_texts, text_rows


@dataclass(frozen=True, slots=True)
class OpeningResult:
    """What the statement says of one arrival: `number` if it opened, `fresh` False if its key was
    held.
    """

    fresh: bool
    number: int | None


async def open_incidents(
    connection: asyncpg.Connection, batch: Sequence[Arrival], now: datetime
) -> list[OpeningResult]:
    """Write what opens; one result per arrival, in order.

    The batch travels as two JSON documents: encoding thirty arrays costs the loop more than the statement itself.
    """
    arrivals = encode_text([_row(arrival, now) for arrival in batch])
    texts = encode_text(
        [row for a in batch for row in text_rows(a.incident_id, opening_texts(a), now, FIRST_RING)]
    )
    rows = await connection.fetch(OPEN_INCIDENTS, now, arrivals, texts)
    found = {row["journal_id"]: OpeningResult(row["fresh"], row["number"]) for row in rows}
    return [found[arrival.journal_id] for arrival in batch]


def _row(arrival: Arrival, now: datetime) -> dict[str, object]:
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
        "entry": opened(arrival),
        "marks": marks(arrival),
        "ring_to": arrival.ring_to,
        "watched": is_watched(arrival),
        "mode": arrival.mode.value,
        "escalated": escalated(arrival),
        "first_look_s": first_look_s(arrival),
        "next_contact_s": next_contact_s(arrival) if opening_texts(arrival) else 0,
        "call_back_by": call_back_by(arrival, rang_at(arrival, now)),
        "request_due_s": request_due_s(arrival),
        "rang_at": rang_at(arrival, now),
        "number": own_number(arrival),
    }


OPEN_INCIDENTS = f"""
WITH input AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::text::json) AS i(
        journal_id uuid, incident_id uuid, source text, identifier text, dedup_key text, received_at timestamptz,
        horizon timestamptz, occurred_at timestamptz, subject text, class text, kind text, priority bigint,
        region_id bigint, region_path bigint[], home_id bigint, resident_id bigint, device_id bigint, lat float8,
        lng float8, card jsonb, text text, extra jsonb, flags text[], raw text, entry jsonb,
        marks text[], ring_to bigint[], watched boolean, mode text, escalated bigint, first_look_s float8,
        next_contact_s float8, call_back_by timestamptz, request_due_s float8, rang_at timestamptz, number bigint
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
        identifier, lat, lng, card, opened_at, last_signal_at, marks, kinds, ring_to, escalated, mode,
        call_back_by, number
    )
    SELECT incident_id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, device_id, source,
           identifier, lat, lng, card, rang_at, rang_at, marks, ARRAY[kind], ring_to, escalated, mode,
           call_back_by, coalesce(number, nextval('incident_number_seq'))
    FROM input JOIN fresh USING (journal_id) ORDER BY subject
    ON CONFLICT (subject, class) WHERE state <> 'closed' DO NOTHING
    RETURNING id, number, region_id, ring, mode
), entries AS (
    INSERT INTO timeline_entry (incident_id, number, at, kind, data)
    SELECT opened.id, 1, rang_at, 'opened', input.entry FROM opened JOIN input ON input.incident_id = opened.id
), told AS (
    {insert_texts("$3", "$1", "opened")}
), watched AS (
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT opened.id, timer.kind, clock_timestamp() - greatest($1 - rang_at, '0'),
           clock_timestamp() - greatest($1 - rang_at, '0') + timer.after_s * interval '1 second'
    FROM opened JOIN input ON input.incident_id = opened.id CROSS JOIN LATERAL (
        VALUES ('{TimerKind.UNTAKEN}', first_look_s, watched), ('{TimerKind.CONTACT_SILENT}', next_contact_s, next_contact_s > 0),
            ('{TimerKind.REQUEST}', request_due_s, request_due_s > 0)
    ) AS timer(kind, after_s, runs)
    WHERE timer.runs
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
"""  # noqa: S608 constant parts
