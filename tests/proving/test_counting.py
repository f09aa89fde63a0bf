"""What listeners have counted is written down, hour by hour, and can be held against the journal."""

from __future__ import annotations

from callcenter.core import metrics
from callcenter.core.ids import new_id
from callcenter.proving.counting import HeardCounts, heard


async def test_an_hours_row_grows_and_the_next_hour_has_its_own(database, owner, clock):
    counts = {("dc09", "settled"): 3, ("dc09", "liveness"): 40, ("http", "settled"): 0}
    began = clock.now()
    processor = HeardCounts(database, new_id(), began, lambda: dict(counts))
    await processor.run_once(clock.advance(60))
    counts[("dc09", "settled")] = 5
    await processor.run_once(clock.advance(3600))
    counts[("dc09", "settled")] = 6
    await processor.run_once(clock.advance(60))
    await processor.connections.close()
    rows = await owner.fetch("SELECT * FROM heard_count ORDER BY since")
    assert [(row["source"], row["settled"], row["liveness"]) for row in rows] == [
        ("dc09", 5, 40),
        ("dc09", 1, 0),
    ]
    assert (rows[0]["since"], rows[0]["until"]) == (began, rows[1]["since"])
    assert await owner.fetchval("SELECT count(*) FROM database_start") == 1


def test_every_counter_is_read_by_source():
    before = heard()
    metrics.SIGNALS.labels("of-a-test", "opened").inc()
    metrics.SIGNALS.labels("of-a-test", "joined").inc()
    metrics.GARBAGE.labels("of-a-test").inc()
    after = heard()
    grown = {key: count - before.get(key, 0) for key, count in after.items()}
    assert grown["of-a-test", "settled"] == 2
    assert grown["of-a-test", "garbage"] == 1
