"""The site as it grows: a fresh cluster for each size, a history in steps, each part measured on both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import asyncpg

from benchmarks import growth_district, growth_heartbeats, growth_search, growth_seats, growth_start
from benchmarks.growth_data import seed
from benchmarks.growth_history import write_history
from benchmarks.growth_place import Place
from benchmarks.machine import Meter
from benchmarks.server import Ground, ground, our_server
from benchmarks.site import seat_of
from callcenter.core.cluster import SUPERUSER
from callcenter.core.migrating import migrate

Part = Callable[[Place], Awaitable[None]]

SERVED: Mapping[str, Part] = {
    "search": growth_search.measure,
    "seats": growth_seats.reconnecting,
    "heartbeats": growth_heartbeats.measure,
    "snapshot": growth_seats.snapshots,
    "district": growth_district.measure,
}
"""Measured on a server that runs."""

PARTS = ("start", *SERVED)


@dataclass(frozen=True, slots=True)
class Extent:
    """What is measured; `sizes` in residents, `journal` in rows of history, `seconds` of load a run."""

    parts: list[str]
    sizes: list[int]
    journal: list[int]
    runs: int
    seconds: float


def measure(extent: Extent) -> None:
    """Prints as it goes. Every size begins with an empty cluster, which is gone afterwards."""
    for size in extent.sizes:
        with ground() as on:
            asyncio.run(_size(extent, on, size))


async def _size(extent: Extent, on: Ground, size: int) -> None:
    await migrate(on.cluster.dsn())
    owner = await asyncpg.connect(on.cluster.dsn(SUPERUSER))
    try:
        began = time.monotonic()
        await seed(owner, size)
        print(f"\n== {size:,} residents (written in {time.monotonic() - began:.0f} s)", flush=True)
        root = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
        cookies = [await seat_of(owner, f"seat-{n}", root) for n in range(200)]
        for rows in sorted(extent.journal):
            began = time.monotonic()
            written = await write_history(owner, rows)
            print(f"-- {written:,} journal rows (in {time.monotonic() - began:.0f} s)", flush=True)
            await _parts(extent, Place(on, owner, size, cookies, extent.runs, extent.seconds))
    finally:
        await owner.close()


async def _parts(extent: Extent, place: Place) -> None:
    if "start" in extent.parts:
        await _one("start", growth_start.measure, place)
    served = [name for name in SERVED if name in extent.parts]
    if not served:
        return
    with our_server(place.on) as server:
        await growth_start.until_complete(server)
        for name in served:
            await _one(name, SERVED[name], place.on_server(server))


async def _one(name: str, part: Part, place: Place) -> None:
    meter = Meter()
    try:
        await part(place)
    finally:
        await place.clear()
    print(f"   {name}: others used {meter.others():.0f} % of the machine", flush=True)
