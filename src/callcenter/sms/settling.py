"""Writing what became of texts: answers of gateways, and what only the clock can decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.core import metrics
from callcenter.sms import progress
from callcenter.sms.flights import Answer
from callcenter.sms.models import SmsState
from callcenter.sms.progress import NextState, Watched

_TAKEN: Final = frozenset({SmsState.SUBMITTED, SmsState.BUFFERED, SmsState.DELIVERED})
SWEEP_LIMIT: Final = 200
"""Rows of each kind that one sweep decides on."""


@dataclass(frozen=True, slots=True)
class _Write:
    """One row, if it is still at that attempt."""

    id: UUID
    attempt: int
    next: NextState
    provider_id: str | None = None


async def store(
    connection: asyncpg.Connection, answers: Sequence[Answer], gateways: int, now: datetime
) -> int:
    """Writes all answers by one statement; returns the number of rows that changed. Safe to repeat."""
    writes = [
        _Write(
            answer.attempt.id,
            answer.attempt.number,
            _after_answer(answer, gateways, now),
            answer.result.provider_id,
        )
        for answer in answers
    ]
    return await _write(connection, writes, progress.ANSWER_MOVES, now)


async def sweep(connection: asyncpg.Connection, gateways: int, now: datetime) -> int:
    """Decides on expired texts, those of dead senders, and receipts that never came; returns the number of rows that changed."""
    expired = await connection.fetch(_EXPIRE, now, SWEEP_LIMIT)
    writes = [
        _Write(row["id"], row["attempt"], _after_waiting(row, gateways, now))
        for row in await connection.fetch(_WATCHED, SWEEP_LIMIT)
    ]
    return len(expired) + await _write(connection, writes, progress.CLOCK_MOVES, now)


def _after_answer(answer: Answer, gateways: int, now: datetime) -> NextState:
    attempt = answer.attempt
    return progress.after_answer(
        answer.result,
        priority=attempt.priority,
        attempt=attempt.number,
        gateways=gateways,
        valid_for_s=progress.valid_for_s(attempt.expires_at, now),
    )


def _after_waiting(row: Mapping[str, Any], gateways: int, now: datetime) -> NextState:
    watched = Watched(
        state=SmsState(row["state"]),
        attempt=row["attempt"],
        priority=row["priority"],
        expires_at=row["expires_at"],
        error=row["error"],
    )
    return progress.after_waiting(watched, gateways=gateways, now=now)


async def _write(
    connection: asyncpg.Connection, writes: Sequence[_Write], moves: Sequence[str], now: datetime
) -> int:
    """Only where the move is allowed from the state in which the row is found."""
    if not writes:
        return 0
    in_order = sorted(writes, key=lambda write: write.id)
    rows = await connection.fetch(
        _SETTLE,
        [write.id for write in in_order],
        [write.attempt for write in in_order],
        [write.next.state.value for write in in_order],
        [write.next.error for write in in_order],
        [_after(now, write.next.due_in_s) for write in in_order],
        [_seconds(write.next.watch_for_s) for write in in_order],
        [write.provider_id for write in in_order],
        moves,
        now,
    )
    for row in rows:
        metrics.SMS.labels(row["state"]).inc()
        if row["state"] in _TAKEN:
            metrics.SMS_SENT_AT.set(now.timestamp())
    return len(rows)


def _after(now: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=seconds)


def _seconds(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


_SETTLE = """
UPDATE sms_message AS message
SET state = new.state,
    error = new.error,
    due_at = coalesce(new.due_at, message.due_at),
    lease_until = clock_timestamp() + new.watch_for,
    provider_id = coalesce(new.provider_id, message.provider_id),
    submitted_at = CASE WHEN new.state IN ('submitted', 'buffered', 'delivered')
                        THEN coalesce(message.submitted_at, $9) ELSE message.submitted_at END,
    settled_at = CASE WHEN new.state IN ('delivered', 'failed', 'unknown') THEN $9::timestamptz END,
    version = message.version + 1
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::interval[], $7::text[])
     AS new (id, attempt, state, error, due_at, watch_for, provider_id)
WHERE message.id = new.id AND message.attempt = new.attempt
  AND message.state || '>' || new.state = ANY ($8::text[])
RETURNING message.state
"""

_EXPIRE = """
UPDATE sms_message AS message
SET state = 'expired', error = coalesce(message.error, 'expired'), settled_at = $1, version = message.version + 1
FROM (SELECT id FROM sms_message WHERE state = 'queued' AND expires_at <= $1
      ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) AS stale
WHERE message.id = stale.id
RETURNING message.id
"""

_WATCHED = """
SELECT id, state, attempt, priority, expires_at, error
FROM sms_message
WHERE lease_until <= clock_timestamp()
ORDER BY lease_until
LIMIT $1
FOR UPDATE SKIP LOCKED
"""
