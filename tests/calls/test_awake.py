"""The server writes down that it is there, and nothing while it cannot store alarms."""

from __future__ import annotations

from callcenter.calls.awake import Awake
from callcenter.core.ids import new_id


async def spans(owner) -> int:
    return await owner.fetchval("SELECT count(*) FROM watch_span")


async def test_one_row_grows(database, owner, clock):
    awake = Awake(database, new_id(), lambda: True)
    for _ in range(3):
        await awake.run_once(clock.now())
    row = await owner.fetchrow("SELECT * FROM watch_span")
    assert row["until"] > row["since"]
    assert await spans(owner) == 1
    await awake.connections.close()


async def test_after_a_pause_another_begins(database, owner, clock):
    awake = Awake(database, new_id(), lambda: True)
    await awake.run_once(clock.now())
    await owner.execute("UPDATE watch_span SET until = until - interval '31 seconds'")
    await awake.run_once(clock.now())
    assert await spans(owner) == 2
    await awake.connections.close()


async def test_while_alarms_cannot_be_stored_nothing_is_written(database, owner, clock):
    awake = Awake(database, new_id(), lambda: False)
    await awake.run_once(clock.now())
    assert await spans(owner) == 0
    await awake.connections.close()
