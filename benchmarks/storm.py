"""A storm of technical alarms, and somebody who presses the button once a second in it; beside the same presses in quiet."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from benchmarks.driving import drive, measured, to_ours
from benchmarks.machine import flushes_ms
from benchmarks.server import Server
from benchmarks.site import Site, reset

NAME = "storm: 5,000 technical alarms at 1,000/s, an SOS a second"
RATE, MANY = 1_000, 5_000
PRESSES = 10
"""The storm is over after half of them: what it leaves behind may still be in the way."""
CONSOLES = 36
LEAD_S = 0.7


async def measure(owner: asyncpg.Connection, site: Site, ours: Server, runs: int) -> None:
    """Prints SOS to seat, without and with the storm, over all runs, beside what the disk alone takes."""
    print(f"\n{NAME}; {CONSOLES} consoles", flush=True)
    alone = flushes_ms(ours.ground.folder)
    print(
        f"   the disk alone: p50 {alone[len(alone) // 2]:.1f}, p99 {alone[-len(alone) // 100]:.1f},"
        f" worst {alone[-1]:.1f} ms to keep 8 KiB",
        flush=True,
    )
    for name, storm in (("quiet", False), ("in the storm", True)):
        found = [await _run(owner, site, ours, storm=storm) for _ in range(runs)]
        shown, sent = (sum(each[key] for each in found) for key in ("shown", "sent"))
        worst = [max(each[key] for each in found) for key in ("p50", "p99")]
        print(
            f"   {name}: SOS to seat p50 {worst[0]:.1f}, p99 {worst[1]:.1f} ms (worst of {runs} runs),"
            f" {shown} of {sent} shown",
            flush=True,
        )
    await reset(owner)


async def _run(
    owner: asyncpg.Connection, site: Site, ours: Server, *, storm: bool
) -> dict[str, Any]:
    await reset(owner)
    presses = to_ours(ours, site.everywhere, CONSOLES, 1.0, seconds=float(PRESSES), devices=PRESSES)
    if not storm:
        return await measured(presses, ours.spent)
    technical = to_ours(
        ours, [], 0, float(RATE), seconds=MANY / RATE, first_device=PRESSES, devices=MANY, kind="technical"
    )  # fmt: skip
    pressing = asyncio.create_task(measured(presses, ours.spent))
    await asyncio.sleep(LEAD_S)
    poured = await drive("client", technical)
    if poured["acknowledged"] != MANY:
        print(f"!! {poured['acknowledged']} of {MANY} technical alarms acknowledged", flush=True)
    return await pressing
