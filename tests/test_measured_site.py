"""The site that `make bench` measures: whatever parts are added, a run begins with nothing but the people."""

from __future__ import annotations

import asyncpg

from benchmarks.site import empty, furnish

_CALL = """
INSERT INTO call (id, pbx, pbx_call, direction, kind, line, region_id, caller_raw, presentation, state, offered_at, ended_at)
SELECT gen_random_uuid(), 'asterisk', '1', 'in', 'hotline', '95001', min(id), '', 'withheld', 'ended', now(), now() FROM region
"""


async def test_a_run_leaves_the_people_and_nothing_of_alarms_and_calls(
    owner: asyncpg.Connection,
) -> None:
    await furnish(owner, residents=40)
    await owner.execute(_CALL)

    await empty(owner)

    assert await owner.fetchval("SELECT count(*) FROM call") == 0
    assert await owner.fetchval("SELECT count(*) FROM resident") == 40
    assert await owner.fetchval("SELECT count(*) FROM device") >= 40
