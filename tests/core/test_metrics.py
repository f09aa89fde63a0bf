"""What is counted can be read, and no label can carry a person."""

from __future__ import annotations

import asyncio

from prometheus_client.parser import text_string_to_metric_families

from callcenter.core import metrics
from callcenter.core.clock import SystemClock
from callcenter.core.supervisor import Supervisor


def test_counts_stand_in_the_exposition():
    metrics.SIGNALS.labels("dc09", "opened").inc(3)
    assert b'callcenter_signals_total{outcome="opened",source="dc09"}' in metrics.exposition()


def test_labels_name_kinds_never_people():
    allowed = {
        "source",
        "outcome",
        "lane",
        "state",
        "listener",
        "processor",
        "result",
        "le",
        "places",
        "what",
        "answer",
    }
    used = {
        label
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        for label in sample.labels
    }
    assert used <= allowed


def test_two_processes_are_one_exposition_that_tells_them_apart():
    alarm = b'# HELP a_total A.\n# TYPE a_total counter\na_total 1.0\n# HELP b B.\n# TYPE b gauge\nb{x="1"} 2.0\n'
    office = b"# HELP a_total A.\n# TYPE a_total counter\na_total 5.0\n"
    assert metrics.merged({"alarm": alarm, "office": office}).decode().splitlines() == [
        "# HELP a_total A.",
        "# TYPE a_total counter",
        'a_total{process="alarm"} 1.0',
        'a_total{process="office"} 5.0',
        "# HELP b B.",
        "# TYPE b gauge",
        'b{process="alarm",x="1"} 2.0',
    ]


def test_what_is_merged_is_still_read_by_the_parser():
    found = text_string_to_metric_families(
        metrics.merged({"alarm": metrics.exposition(), "office": metrics.exposition()}).decode()
    )
    processes = {s.labels["process"] for family in found for s in family.samples}
    assert processes == {"alarm", "office"}


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
