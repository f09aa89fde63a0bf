"""What is counted can be read, and no label can carry a person."""

from __future__ import annotations

import asyncio

from callcenter.core import metrics
from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor


def test_counts_stand_in_the_exposition():
    metrics.SIGNALS.labels("dc09", "opened").inc(3)
    assert b'callcenter_signals_total{outcome="opened",source="dc09"}' in metrics.exposition()


def test_labels_name_kinds_never_people():
    allowed = {"source", "outcome", "lane", "state", "listener", "processor", "result", "le"}
    used = {
        label
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        for label in sample.labels
    }
    assert used <= allowed


async def test_a_blocked_loop_shows_as_lag():
    clock = SystemClock()
    async with Supervisor() as supervisor:
        supervisor.start(metrics.watch_loop_lag(clock, every_s=0.01), name="loop lag")
        await asyncio.sleep(0)
        until = clock.monotonic() + 0.1
        while clock.monotonic() < until:
            pass
        await asyncio.sleep(0.02)
    lag = metrics.REGISTRY.get_sample_value("callcenter_loop_lag_seconds_sum")
    assert lag is not None
    assert lag > 0.05
