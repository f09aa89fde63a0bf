"""Putting texts into the outbox, in the transaction of what caused them (G6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.sms.catalogue import MessageKind
from callcenter.sms.models import SmsMessage
from callcenter.sms.progress import EMERGENCY

EMERGENCY_VALIDITY = timedelta(minutes=10)
"""An emergency text that could not leave in this time is stale: it expires and shows so."""
NORMAL_VALIDITY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class NewText:
    """One text to one number. `dedup` lets only the first of several equal ones in; see `dedup_key`."""

    id: UUID
    dedup: str
    reference: UUID | None
    """The incident."""
    region_id: int
    contact_id: int | None
    recipient: str
    """E.164"""
    kind: MessageKind
    language: str
    priority: int
    created_at: datetime
    expires_at: datetime
    params: Mapping[str, object] = field(default_factory=dict)


def dedup_key(reference: UUID, recipient: str, kind: MessageKind, repeat: str = "") -> str:
    """One text of a kind per incident and number; `repeat` names what makes a further one wanted."""
    return f"{reference}:{recipient}:{kind}" + (f":{repeat}" if repeat else "")


def validity(priority: int) -> timedelta:
    return EMERGENCY_VALIDITY if priority <= EMERGENCY else NORMAL_VALIDITY


async def enqueue(
    target: asyncpg.Connection | AsyncSession, texts: Sequence[NewText]
) -> list[UUID]:
    """Writes the texts in the caller's transaction and returns the ids of those that were new. Sorted by `dedup`, so that
    two writers of the same texts wait for each other instead of deadlocking."""
    if not texts:
        return []
    in_order = sorted(texts, key=lambda text: text.dedup)
    if isinstance(target, AsyncSession):
        return await _enqueue_in_session(target, in_order)
    rows = await target.fetch(_ENQUEUE, *map(list, zip(*map(_columns, in_order), strict=True)))
    return [row["id"] for row in rows]


async def _enqueue_in_session(session: AsyncSession, texts: Sequence[NewText]) -> list[UUID]:
    statement = (
        insert(SmsMessage)
        .values([_row(text) for text in texts])
        .on_conflict_do_nothing(index_elements=[SmsMessage.dedup])
        .returning(SmsMessage.id)
    )
    return list((await session.scalars(statement)).all())


_ENQUEUE = """
INSERT INTO sms_message (id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority,
                         created_at, due_at, expires_at)
SELECT id, dedup, reference, region_id, contact_id, recipient, kind, params::jsonb, language, priority,
       created_at, created_at, expires_at
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::bigint[], $11::timestamptz[], $12::timestamptz[])
     WITH ORDINALITY AS new (id, dedup, reference, region_id, contact_id, recipient, kind, params, language, priority,
                             created_at, expires_at, place)
ORDER BY place
ON CONFLICT (dedup) DO NOTHING
RETURNING id
"""


def _columns(text: NewText) -> tuple[object, ...]:
    return (
        text.id,
        text.dedup,
        text.reference,
        text.region_id,
        text.contact_id,
        text.recipient,
        text.kind.value,
        orjson.dumps(dict(text.params)).decode(),
        text.language,
        text.priority,
        text.created_at,
        text.expires_at,
    )


def _row(text: NewText) -> dict[str, object]:
    return {
        "id": text.id,
        "dedup": text.dedup,
        "reference": text.reference,
        "region_id": text.region_id,
        "contact_id": text.contact_id,
        "recipient": text.recipient,
        "kind": text.kind.value,
        "params": dict(text.params),
        "language": text.language,
        "priority": text.priority,
        "created_at": text.created_at,
        "due_at": text.created_at,
        "expires_at": text.expires_at,
    }
