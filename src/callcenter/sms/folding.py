"""Texts that fold: those about strangers go to a number once a minute, as one text with their count.

A storm of unknown callers must not bury the one text about a known home, nor the phone it comes to. The first goes out at
once; what follows within the minute waits, and then one row carries all: the others are `combined`, as is said beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from callcenter.sms.catalogue import FOLDS

ONCE_IN: Final = timedelta(minutes=1)

Row = Mapping[str, Any]


def folds(row: Row) -> bool:
    """Whether it waits for its minute. One that was tried before carries what it carries."""
    params = row["params"]
    return isinstance(params, dict) and bool(params.get(FOLDS)) and row["attempt"] == 0


def counted(params: Mapping[str, Any], more: int) -> dict[str, Any]:
    """The parameters of a text that stands for `more` besides itself and what it carries already."""
    others = int(params.get("more") or 0) + more
    return {**params, "more": others, "count": others + 1} if others else dict(params)


async def fold(
    connection: asyncpg.Connection,
    due: Sequence[Row],
    now: datetime,
    flown: Collection[UUID] = frozenset(),
) -> list[Row]:
    """Of these locked rows those that go out now; the caller's transaction combines or postpones the others. What has `flown` before its
    row was there stands for itself.
    """
    bearers: dict[tuple[str, str], Row] = {}
    for row in due:
        if folds(row) and row["id"] not in flown:
            bearers.setdefault((row["recipient"], row["kind"]), row)
    if not bearers:
        return list(due)
    going = [row for row in due if not folds(row) or row["id"] in flown]
    for bearer in bearers.values():
        carried = await _carry(connection, bearer, now, list(flown))
        if carried is not None:
            going.append(carried)
    return going


async def _carry(
    connection: asyncpg.Connection, bearer: Row, now: datetime, flown: Sequence[UUID]
) -> Row | None:
    """The row with all that waits for the same number; None while the number was told within the minute."""
    to = bearer["recipient"], bearer["kind"]
    last = await connection.fetchval(_LAST, *to, now - ONCE_IN, 2 * ONCE_IN)
    if last is not None:
        await connection.execute(_POSTPONE, *to, now, last + ONCE_IN, flown)
        return None
    rows = await connection.fetch(_COMBINE, *to, bearer["id"], now, flown)
    combined = {row["reference"] for row in rows} - {bearer["reference"]}
    params = counted(bearer["params"], len(combined))
    if combined:
        await connection.execute(_COUNT, bearer["id"], params)
    return {**bearer, "params": params}


_LAST = """
SELECT max(greatest(due_at, submitted_at)) FROM sms_message
WHERE recipient = $1 AND kind = $2 AND created_at > $3::timestamptz - interval '1 hour' AND params ? 'fold'
  AND attempt > 0 AND greatest(due_at, submitted_at) > $3
  AND greatest(due_at, submitted_at) < $3::timestamptz + $4::interval  -- else the clock was set back since
"""

_POSTPONE = """
UPDATE sms_message SET due_at = $4 WHERE id IN (
    SELECT id FROM sms_message
    WHERE recipient = $1 AND kind = $2 AND state = 'queued' AND attempt = 0 AND due_at <= $3 AND params ? 'fold'
      AND id <> ALL($5::uuid[])
    ORDER BY id FOR UPDATE SKIP LOCKED
)
"""

_COMBINE = """
UPDATE sms_message SET state = 'combined', settled_at = $4, version = version + 1 WHERE id IN (
    SELECT id FROM sms_message
    WHERE recipient = $1 AND kind = $2 AND state = 'queued' AND attempt = 0 AND params ? 'fold' AND id <> $3
      AND id <> ALL($5::uuid[])
    ORDER BY id FOR UPDATE SKIP LOCKED
)
RETURNING reference
"""
"""Two texts about one incident count once."""

_COUNT = "UPDATE sms_message SET params = $2 WHERE id = $1"
