"""Seats that come back together, and one that comes to a full board."""

from __future__ import annotations

import asyncio
import statistics
from typing import Any

from benchmarks.driving import drive
from benchmarks.first_alarm import first_alarm
from benchmarks.growth_place import Place

OPEN = 2_000
AT_ONCE = (36, 200)
BOARDS = (200, 2_000, 10_000)
SETTLED_S = 5.0
"""Sweeps look every 2 s."""
TIMES = 5
CLASSES = 3
"""A home has at most one open incident of each class."""


async def reconnecting(place: Place) -> None:
    """All seats of the site at once, with 2,000 incidents open."""
    await open_incidents(place, min(OPEN, CLASSES * place.homes))
    for seats in AT_ONCE:
        found = await _come(place, seats)
        board = found["incidents"] // max(1, found["served"])
        print(
            f"   {seats} seats at once, {board:,} open: {found['refused']} refused, {found['served']} have their snapshot,"
            f" the first after {found['first_s']:.2f} s, the last after {found['last_s']:.2f} s"
            f" ({found['bytes'] / 1e6:.1f} MB in all)",
            flush=True,
        )
        await asyncio.sleep(SETTLED_S)


async def snapshots(place: Place) -> None:
    """One seat after the other; boards that so few homes cannot fill are left out."""
    for count in [each for each in BOARDS if each <= CLASSES * place.homes]:
        await open_incidents(place, count)
        found = [await _come(place, 1) for _ in range(TIMES)]
        times = [1000 * each["last_s"] for each in found]
        print(
            f"   snapshot of {count:,} open: {statistics.median(times):.0f} ms [{min(times):.0f}..{max(times):.0f}],"
            f" {found[0]['bytes']:,} bytes, {found[0]['incidents']:,} incidents",
            flush=True,
        )
        await place.clear()


async def _come(place: Place, seats: int) -> dict[str, Any]:
    settings = {"port": place.served.port, "cookies": place.cookies, "seats": seats}
    return await drive("seats_client", settings)


async def open_incidents(place: Place, count: int) -> None:
    """One by a real alarm, the others after its pattern, each of a home of its own while there are enough; then the class differs.
    They are marked as told, so that nobody is texted.
    """
    await first_alarm(place.served, place.cookies[0], 0, 0.0)
    await place.owner.execute(_MORE, count - 1, place.homes)
    await asyncio.sleep(SETTLED_S)


_MORE = """
WITH pattern AS (SELECT * FROM incident WHERE state <> 'closed' ORDER BY opened_at DESC LIMIT 1),
place AS (
    SELECT a.home_id, a.resident_id, device.id AS device_id, device.identifier, device.region_id, region.path,
           row_number() OVER (ORDER BY device.id) - 1 AS number
    FROM device_assignment AS a JOIN device ON device.id = a.device_id JOIN region ON region.id = device.region_id
    ORDER BY device.id LIMIT $2
),
made AS (
    INSERT INTO incident (id, subject, class, kind, priority, region_id, region_path, home_id, resident_id, device_id,
                          source, identifier, lat, lng, card, opened_at, last_signal_at, marks)
    SELECT gen_random_uuid(), 'home:' || place.home_id, (ARRAY['alarm','technical','service'])[1 + n / $2], pattern.kind,
           pattern.priority, place.region_id, place.path, place.home_id, place.resident_id, place.device_id, pattern.source,
           place.identifier, pattern.lat, pattern.lng, pattern.card, now(), now(), '{duty_told}'
    FROM generate_series(1, $1::bigint) AS n JOIN place ON place.number = n % $2 CROSS JOIN pattern
    RETURNING id, opened_at
)
INSERT INTO timeline_entry (incident_id, number, at, kind) SELECT id, 1, opened_at, 'opened' FROM made
"""
