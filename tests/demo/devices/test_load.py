"""Open-loop load against the real HTTP listener."""

from __future__ import annotations

from callcenter.core.clock import SystemClock
from callcenter.demo.devices.load import Figures, Load, read_source, run_load
from tests.demo.devices.conftest import DEVICES
from tests.support.centre import Centre, bound_socket


async def test_every_signal_is_sent_and_counted(centre: Centre):
    credentials, identifiers = read_source(DEVICES)
    seen: list[int] = []
    load = Load(rate=200, seconds=0.2, devices=identifiers)
    figures = await run_load(centre.url, credentials, load, SystemClock(), seen.append)
    assert (figures.sent, figures.acknowledged, dict(figures.statuses)) == (40, 40, {"201": 40})
    assert len({s.dedup_key for s in centre.receiver.intake.stored}) == 40
    assert seen[-1] == 40
    assert figures.took_s >= 0.19


async def test_what_is_refused_is_not_counted_as_acknowledged(centre: Centre):
    centre.receiver.intake.store_is_away = True
    credentials, identifiers = read_source(DEVICES)
    load = Load(rate=100, seconds=0.1, devices=identifiers)
    figures = await run_load(centre.url, credentials, load, SystemClock())
    assert (figures.sent, figures.acknowledged, dict(figures.statuses)) == (10, 0, {"503": 10})


def test_percentiles():
    figures = Figures(sent=100, latencies=[n / 1000 for n in range(1, 101)], took_s=2.0)
    assert (figures.percentile_ms(0.5), figures.percentile_ms(0.99)) == (51.0, 100.0)
    assert "50.0/s" in figures.lines()[1]


async def test_a_server_that_is_away_is_counted(centre: Centre):
    with bound_socket() as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    credentials, identifiers = read_source(DEVICES)
    load = Load(rate=100, seconds=0.05, devices=identifiers)
    figures = await run_load(nobody, credentials, load, SystemClock())
    assert (figures.acknowledged, dict(figures.statuses)) == (0, {"ConnectionRefusedError": 5})
