"""Writing what became of texts: answers of gateways, and what only the clock can decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.core import metrics
from callcenter.sms import lifetime, progress
from callcenter.sms.claiming import Attempt
from callcenter.sms.flights import Answer
from callcenter.sms.lifetime import Trust
from callcenter.sms.models import SmsState
from callcenter.sms.progress import NextState, Watched

_TAKEN: Final = frozenset({SmsState.SUBMITTED, SmsState.BUFFERED, SmsState.DELIVERED})
SWEEP_LIMIT: Final = 200
"""Rows of each kind that one sweep decides on."""
_LONGEST_WATCH_S: Final = 86_400.0


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


async def sweep(
    connection: asyncpg.Connection,
    gateways: int,
    now: datetime,
    trust: Callable[[], Trust],
    left: Collection[UUID] = (),
) -> int:
    """`left` without their rows: none of them expires for want of it. Decides on expired texts, those of dead senders, and receipts that never came; returns the number of rows that changed."""
    expired = await _expire(connection, now, trust, left)
    trusted = trust()
    watched = await connection.fetch(_WATCHED, now, SWEEP_LIMIT, trusted.steady, trusted.lived)
    writes = [_Write(row["id"], row["attempt"], _after_waiting(row, gateways)) for row in watched]
    return expired + await _write(connection, writes, progress.CLOCK_MOVES, now)


async def shorten_leases(connection: asyncpg.Connection) -> None:
    """Those that are longer than any is, since the database's clock was set back: their senders may be dead."""
    await connection.execute(_SHORTEN, timedelta(seconds=progress.RECEIPT_WINDOW_S))


async def _expire(
    connection: asyncpg.Connection,
    now: datetime,
    trust: Callable[[], Trust],
    left: Collection[UUID],
) -> int:
    """What is over. Nothing if the clock was set while it was looked for: what has come since was written by the other time."""
    before = trust()
    rows = await connection.fetch(_OVER, now, SWEEP_LIMIT, before.steady, before.lived, list(left))
    if not rows or trust().steady < before.steady:
        return 0
    await connection.execute(_EXPIRE, [row["id"] for row in rows], now)
    return len(rows)


def _after_answer(answer: Answer, gateways: int, now: datetime) -> NextState:
    attempt = answer.attempt
    return progress.after_answer(
        answer.result,
        priority=attempt.priority,
        attempt=attempt.number,
        gateways=gateways,
        valid_for_s=_valid_for_s(attempt, now),
    )


def _valid_for_s(attempt: Attempt, now: datetime) -> float:
    """As the gateway was told; of one whose words are not here any more, a day at most."""
    if attempt.message is not None:
        return attempt.message.valid_for_s
    return min((attempt.expires_at - now) / timedelta(seconds=1), _LONGEST_WATCH_S)


def _after_waiting(row: Mapping[str, Any], gateways: int) -> NextState:
    watched = Watched(
        state=SmsState(row["state"]),
        attempt=row["attempt"],
        priority=row["priority"],
        is_over=row["is_over"],
        error=row["error"],
    )
    return progress.after_waiting(watched, gateways=gateways)


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

_OVER = f"""
SELECT id FROM sms_message WHERE state = 'queued' AND id <> ALL ($5::uuid[]) AND {lifetime.over("$1", "$3", "$4")}
ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""  # noqa: S608 names of parameters

_EXPIRE = """
UPDATE sms_message
SET state = 'expired', error = coalesce(error, 'expired'), settled_at = $2, version = version + 1
WHERE id = ANY($1::uuid[])
"""

_SHORTEN = """
UPDATE sms_message SET lease_until = clock_timestamp() + $1::interval
WHERE id IN (
    SELECT id FROM sms_message
    WHERE lease_until > clock_timestamp() + $1::interval AND state IN ('submitting', 'unknown', 'failed')
    ORDER BY id FOR UPDATE SKIP LOCKED
)
"""

_WATCHED = f"""
SELECT id, state, attempt, priority, {lifetime.over("$1", "$3", "$4")} AS is_over, error
FROM sms_message
WHERE lease_until <= clock_timestamp()
ORDER BY lease_until
LIMIT $2
FOR UPDATE SKIP LOCKED
"""  # noqa: S608 names of parameters
