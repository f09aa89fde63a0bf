"""Years of signals: journal rows, and for every tenth of them an incident that is closed, with two entries of its timeline."""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from benchmarks.growth_place import history_begins

BATCH = 200_000
SPAN = timedelta(days=3 * 365)


async def write_history(owner: asyncpg.Connection, rows: int) -> int:
    """Fill up to so many journal rows, in batches, before a server runs; how many there are. Triggers do not run."""
    written: int = await owner.fetchval("SELECT count(*) FROM journal")
    for start in range(written, rows, BATCH):
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            await _write(owner, start, min(rows, start + BATCH), rows)
    if rows > written:
        await owner.execute("VACUUM ANALYZE journal, incident, timeline_entry")
    return max(written, rows)


async def _write(owner: asyncpg.Connection, start: int, end: int, rows: int) -> None:
    every = SPAN / max(1, rows)
    for statement in (_INCIDENTS, _ENTRIES, _JOURNAL):
        await owner.execute(statement, start, end - 1, history_begins(SPAN), every)


# Ids in the order of time, as uuid7 makes them: 48 bits of ms, then the number.
_ID = """
    (lpad(to_hex((extract(epoch FROM $3::timestamptz + n * $4::interval) * 1000)::bigint), 12, '0') || '7000'
     || '8' || lpad(to_hex(n), 15, '0'))::uuid
"""

_PLACED = """
    FROM generate_series($1::bigint, $2::bigint) AS n
    JOIN device ON device.id = (SELECT min(id) FROM device) + n % (SELECT count(*) FROM device)
    JOIN device_assignment AS a ON a.device_id = device.id
"""

_INCIDENTS = f"""
INSERT INTO incident (id, subject, class, kind, state, priority, region_id, region_path, home_id, resident_id, device_id,
                      source, identifier, card, opened_at, last_signal_at, closed_at, outcome, version)
SELECT {_ID}, 'home:' || a.home_id, 'alarm', 'sos', 'closed', 1, device.region_id,
       (SELECT path FROM region WHERE id = device.region_id), a.home_id, a.resident_id, device.id, device.source,
       device.identifier, jsonb_build_object('people', '[]'::jsonb, 'address', '榆荫里' || n), $3 + n * $4::interval,
       $3 + n * $4::interval, $3 + n * $4::interval + interval '9 minutes', 'mistaken_press', 2
{_PLACED} WHERE n % 10 = 0
"""  # noqa: S608 - put together of constants

_ENTRIES = f"""
INSERT INTO timeline_entry (incident_id, number, at, kind)
SELECT {_ID}, number, $3 + n * $4::interval, CASE number WHEN 1 THEN 'opened' ELSE 'closed' END
FROM generate_series($1::bigint, $2::bigint) AS n CROSS JOIN generate_series(1, 2) AS number WHERE n % 10 = 0
"""  # noqa: S608

_JOURNAL = f"""
INSERT INTO journal (id, source, identifier, device_id, home_id, kind, outcome, incident_id, received_at, stored_at, raw)
SELECT {_ID}, device.source, device.identifier, device.id, a.home_id, CASE WHEN n % 10 = 0 THEN 'sos' ELSE 'test' END,
       CASE WHEN n % 10 = 0 THEN 'opened' ELSE 'recorded' END, CASE WHEN n % 10 = 0 THEN {_ID} END,
       $3 + n * $4::interval, $3 + n * $4::interval, decode(repeat('20', 60), 'hex')
{_PLACED}
"""
