"""How long nobody answers after a start, what the processes weigh, and how alarms fare then."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass

import httpx

from benchmarks.driving import measured, to_ours
from benchmarks.first_alarm import Shown, first_alarm
from benchmarks.growth_place import Place
from benchmarks.server import Server, our_server

COMPLETE = re.compile(r"^callcenter_registry_complete(?:\{[^}]*\})? 1(?:\.0)?$", re.MULTILINE)
COMPLETE_WITHIN_S = 900.0
RATE = 50.0
CONSOLES = 36


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds since the process was made; MiB by process."""

    first: Shown
    then: dict[str, float]
    complete_s: float
    at_last: dict[str, float]


async def measure(place: Place) -> None:
    """Each start is a server of its own; alarms are sent to the last one."""
    for number in range(place.runs):
        with our_server(place.on, ready=False) as server:
            _print(await _start(server, place, number))
            if number == place.runs - 1:
                await _alarms(server, place)
        await place.clear()


async def _start(server: Server, place: Place, number: int) -> Start:
    first = await first_alarm(server, place.cookies[0], number, server.started_at)
    then = server.resident()
    complete_s = await until_complete(server)
    return Start(first, then, complete_s, server.resident())


async def until_complete(server: Server) -> float:
    """Seconds since the start until all devices are in memory. Raises SystemExit after a quarter of an hour."""
    async with httpx.AsyncClient(base_url=server.address, timeout=5) as http:
        while time.perf_counter() - server.started_at < COMPLETE_WITHIN_S:
            if await _is_complete(http):
                return time.perf_counter() - server.started_at
            await asyncio.sleep(0.1)
    raise SystemExit("the registry is not complete")


async def _is_complete(http: httpx.AsyncClient) -> bool:
    try:
        answer = await http.get("/metrics")
    except httpx.TransportError:
        return False
    return COMPLETE.search(answer.text) is not None


async def _alarms(server: Server, place: Place) -> None:
    await asyncio.to_thread(server.wait_until_ready)
    some = {"first_device": place.runs, "devices": place.homes - place.runs}
    seconds = min(place.seconds, some["devices"] / RATE)
    load = to_ours(server, place.cookies, CONSOLES, RATE, seconds=seconds, dc09=True, **some)
    found = await measured(load, server.spent)
    cpu = ", ".join(f"{name} {ms:.2f}" for name, ms in found["cpu"].items())
    print(
        f"   alarms at {RATE:g}/s, {CONSOLES} consoles: p50 {found['p50']:.1f}, p99 {found['p99']:.1f}, max {found['max']:.1f} ms;"
        f" shown {found['shown']} of {found['sent']}; cpu ms an alarm: {cpu}",
        flush=True,
    )


def _print(start: Start) -> None:
    print(
        f"   start: first alarm acknowledged after {start.first.acknowledged_s:.2f} s, shown after {start.first.shown_s:.2f} s"
        f" ({_mib(start.then)}); registry complete after {start.complete_s:.1f} s ({_mib(start.at_last)})",
        flush=True,
    )


def _mib(resident: dict[str, float]) -> str:
    return ", ".join(f"{name} {mb:.0f}" for name, mb in resident.items()) + " MiB"
