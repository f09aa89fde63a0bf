"""Forwardings enter their outbox in the statement of what caused them: one part, for whatever statement that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from callcenter.core.ids import new_id
from callcenter.forwarding.course import VALID_FOR
from callcenter.forwarding.parcel import What
from callcenter.forwarding.rules import MOST_HOPS


@dataclass(frozen=True, slots=True)
class Order:
    """One alarm to one centre. `dedup` is unique: by rule each centre gets an alarm once in each ring."""

    centre_id: int
    why: str
    dedup: str
    content: Mapping[str, Any]
    rule_id: int | None = None
    what: What = What.ALARM
    id: UUID = field(default_factory=new_id)


LET_ADOPT: Final = timedelta(seconds=5)
"""What was decided without the database may have left without its row: the office that sent it adopts the row before any other sends."""


def forwarding_id(cause: UUID, centre_id: int) -> UUID:
    """Of what a rule, or a command, gives to this centre: the same however often it is worked out, with the database or without, so that
    nobody is given an alarm twice where nobody knows whether it was written. A UUID of the time of its cause (RFC 9562, version 7).
    """
    rest = bytearray(sha256(cause.bytes + f"forwarding {centre_id}".encode()).digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=cause.bytes[:6] + bytes(rest))


def order_rows(
    orders: Iterable[Order], now: datetime, ago: timedelta = timedelta()
) -> list[dict[str, Any]]:
    """As rows of the document that `insert_forwardings` reads; `ago`: they were decided so long before they could be written."""
    due_at = now + ago + LET_ADOPT if ago else now
    return [
        {
            "id": one.id,
            "dedup": one.dedup,
            "what": one.what.value,
            "centre_id": one.centre_id,
            "rule_id": one.rule_id,
            "why": one.why,
            "content": one.content,
            "due_at": due_at,
            "expires_at": max(now + VALID_FOR, due_at),
        }
        for one in orders
    ]


def insert_forwardings(document: str, at: str, cause: str) -> str:
    """The part of a statement that writes them: `document` and `at` are its parameters for the rows as JSON and the time, `cause` the
    part that answers with id, region_path and mode of what was written. Of what is not real nothing is forwarded.
    """
    return f"""
    INSERT INTO forwarding (id, dedup, what, incident_id, centre_id, rule_id, why, region_path, content, created_at, due_at, expires_at)
    SELECT f.id, f.dedup, f.what, cause.id, f.centre_id, f.rule_id, f.why, cause.region_path, f.content, {at}, f.due_at, f.expires_at
    FROM json_to_recordset({document}::text::json) AS f(
        id uuid, dedup text, what text, centre_id bigint, rule_id bigint, why text, content jsonb, due_at timestamptz, expires_at timestamptz
    ) CROSS JOIN {cause} AS cause WHERE cause.mode = 'real'
    ON CONFLICT (dedup) DO NOTHING
    """  # noqa: S608 names of parameters and of a part of the statement


ORIGIN_COLUMNS: Final = (
    f"origin.id AS centre_id, greatest(0, least(coalesce((came.forwarded->>'hops')::numeric, {MOST_HOPS}), {MOST_HOPS}))::bigint AS hops,"
    " came.forwarded->>'id' AS their_id"
)
"""Of an incident that another centre has forwarded: which, through how many it has come (a protocol that does not say so has come
through as many as are allowed), and how they call it. What they have written may be any number.
"""
ORIGIN_JOINED: Final = """
LEFT JOIN LATERAL (
    SELECT id, reports_taken FROM other_centre WHERE other_centre.source = incident.source ORDER BY id LIMIT 1
) AS origin ON true
LEFT JOIN LATERAL (
    SELECT journal.extra->'forwarded' AS forwarded FROM timeline_entry
    JOIN journal ON journal.id = (timeline_entry.data->>'journal_id')::uuid
    WHERE timeline_entry.incident_id = incident.id AND timeline_entry.number = 1
      AND jsonb_typeof(journal.extra->'forwarded'->'hops') = 'number'
) AS came ON origin.id IS NOT NULL
"""
