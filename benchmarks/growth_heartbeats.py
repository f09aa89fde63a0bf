"""Twenty thousand life signs a second, and somebody who presses the button once a second meanwhile."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks.driving import drive, measured, to_ours
from benchmarks.growth_place import Place

RATE = 20_000
CONNECTIONS = 16
BEATING = 2_000
"""Devices that say so; each connection carries some of them, as a receiver that passes signals on does."""
LEAD_S = 2.0


async def measure(place: Place) -> None:
    """The same button presses without the life signs first."""
    beating = min(BEATING, place.homes // 2)
    seconds = min(place.seconds, float(place.homes - beating))
    load = to_ours(
        place.served, place.cookies, 1, 1.0,
        seconds=seconds, dc09=True, first_device=beating, devices=place.homes - beating,
    )  # fmt: skip
    _print("no heartbeats", await measured(load, place.served.spent), None)
    await place.clear()
    beats = {
        "port": place.served.dc09,
        "rate": RATE,
        "connections": CONNECTIONS,
        "devices": beating,
        "seconds": seconds + 2 * LEAD_S,
    }
    task = asyncio.create_task(drive("heartbeats_client", beats))
    await asyncio.sleep(LEAD_S)
    began, before = time.perf_counter(), place.served.spent()
    found = await measured(load, place.served.spent)
    spent = place.served.spent()["alarm"] - before["alarm"]
    share = 100 * spent / (time.perf_counter() - began)
    _print(f"{RATE:,} heartbeats/s", found, await task | {"share": share})


def _print(name: str, sos: dict[str, Any], beats: dict[str, Any] | None) -> None:
    print(
        f"   {name}: SOS p50 {sos['p50']:.1f}, p99 {sos['p99']:.1f}, max {sos['max']:.1f} ms,"
        f" shown {sos['shown']} of {sos['sent']}",
        flush=True,
    )
    if beats is not None:
        print(
            f"   answered {beats['answered_per_s']:,.0f} heartbeats/s of {beats['offered_per_s']:,.0f} offered"
            f" ({beats['held_back']:,} held back by full sockets, {beats['lost']:,} without an answer);"
            f" the alarm process used {beats['share']:.0f} % of a core",
            flush=True,
        )
