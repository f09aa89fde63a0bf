"""Press tests that tick themselves off: the press, or the test signal, of that device has arrived since the test was due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from callcenter.devices.signals import Kind

OVERLAP: Final = timedelta(minutes=2)
"""Looked at twice: what another server stored by its own clock, and what came between a test's time and its row."""
PRESSES: Final = [Kind.SOS, Kind.HELP, Kind.MEDICAL, Kind.FALL]
"""What a button says that is in test."""
BY_ITSELF: Final = ["602", "603", "608", "RP", "RY"]
"""Codes of DC-09 that a device sends without anybody: they prove its line, not its button."""


@dataclass
class Presses:
    """How far the journal was looked through. A test that was not known then is looked for from its own time on."""

    until: datetime | None = None
    known: int = 0

    async def find(self, connection: asyncpg.Connection, now: datetime) -> None:
        """Write at each open test by which signal it was passed; the one that is being called about stays in hand, and shows it."""
        row = await connection.fetchrow(_SINCE, self.known)
        looked = self.until or now
        since = min(at for at in (looked - OVERLAP, row["due_at"], now) if at is not None)
        await connection.execute(_PRESSED, since, BY_ITSELF, PRESSES)
        await connection.execute(_DONE, now)
        self.until, self.known = now, row["known"]


_SINCE = """
SELECT coalesce(max(item.id), $1::bigint) AS known, min(item.due_at) FILTER (WHERE item.id > $1) AS due_at
FROM call_item AS item JOIN call_list AS list ON list.id = item.list_id AND list.kind = 'press_test'
WHERE item.state IN ('open', 'leased')
"""

_PRESSED = """
WITH arrived AS (
    SELECT journal.id, journal.device_id, journal.kind, journal.stored_at FROM journal
    WHERE stored_at >= $1 AND device_id IS NOT NULL
        AND (kind = 'test' AND coalesce(extra->>'code', '') <> ALL($2::text[])
             OR kind = ANY($3::text[])
                AND EXISTS (SELECT FROM incident WHERE incident.id = journal.incident_id AND mode = 'test'))
), passed AS (
    SELECT DISTINCT ON (item.id) item.id, arrived.id AS signal_id, arrived.kind, arrived.stored_at
    FROM call_item AS item
    JOIN call_list AS list ON list.id = item.list_id AND list.kind = 'press_test'
    JOIN arrived ON arrived.device_id = item.device_id AND arrived.stored_at >= item.due_at
    WHERE item.state IN ('open', 'leased') AND item.signal_id IS NULL
    ORDER BY item.id, arrived.stored_at, arrived.id
), free AS (
    SELECT id FROM call_item WHERE id IN (SELECT id FROM passed) FOR UPDATE SKIP LOCKED
)
UPDATE call_item SET signal_id = passed.signal_id, signal_kind = passed.kind, signal_at = passed.stored_at
FROM passed WHERE call_item.id = passed.id AND call_item.id IN (SELECT id FROM free)
"""

_DONE = """
UPDATE call_item SET state = 'done', result = 'pressed', ended_at = $1
WHERE id IN (
    SELECT id FROM call_item WHERE state = 'open' AND signal_id IS NOT NULL FOR UPDATE SKIP LOCKED
)
"""
