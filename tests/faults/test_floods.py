"""Strangers pour in whatever they like while homes press: every press is answered, soon, and what is left behind is bounded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.flooding import flood
from tests.support.console import open_console
from tests.support.place import Place
from tests.support.server import Server
from tests.support.waiting import until, until_told
from tests.support.wire import insist, insist_dc09, sos

Measured = Callable[[str], None]

BEFORE, PRESSES = 40, 120
EVERY_S = 0.05
BOUND_S = 2.0
"""What no press may take here, on a machine that others use; the figures say what it was."""
GROWTH_MB = 200
ROWS = 200
"""Undecodable ones: some 60 a minute and source, over the minutes of a story."""


@dataclass
class Presses:
    """How long each took, its repeats included (s)."""

    took: list[float] = field(default_factory=list)

    @property
    def figures(self) -> str:
        ordered = sorted(self.took)
        at = [ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99)]
        return f"p50 {at[0]:.0f} ms, p99 {at[1]:.0f} ms, longest {ordered[-1] * 1000:.0f} ms"


async def press_all(place: Place, server: Server, numbers: range) -> Presses:
    """Of all homes in turn, over DC-09 and HTTP, one every 50 ms whatever becomes of those before."""
    made = Presses()

    async def press(number: int) -> None:
        began = time.monotonic()
        home = number % 8
        if number % 2:
            await insist(server.http_port, sos(place.site.phone(home)))
        else:
            await insist_dc09(server.tcp_port, place.site.pendant(home), number)
        made.took.append(time.monotonic() - began)

    async with asyncio.TaskGroup() as tasks:
        for number in numbers:
            tasks.create_task(press(number))
            await asyncio.sleep(EVERY_S)
    return made


def memory_mb(server: Server) -> float:
    status = Path(f"/proc/{server.process('alarm')}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def survives(place: Place, server: Server, what: str, port: int, measured: Measured) -> None:
    """Presses during this flood: none is lost, none waits long, and little is left behind."""
    before = await press_all(place, server, range(1_000, 1_000 + BEFORE))
    memory = memory_mb(server)
    with flood(what, port):
        during = await press_all(place, server, range(2_000, 2_000 + PRESSES))
    grown = memory_mb(server) - memory
    rows = await place.count("journal WHERE outcome = 'undecodable'")
    stored = await place.count("journal WHERE outcome IN ('opened', 'joined')")
    measured(f"before {before.figures}; during {during.figures}; +{grown:.0f} MB, {rows} rows")
    assert stored == BEFORE + PRESSES
    assert rows <= ROWS
    assert grown < GROWTH_MB
    assert max(during.took) < BOUND_S
    assert server.alive
    assert not server.events("process_ended")


@pytest.mark.parametrize("what", ["line_feeds", "rubbish"])
async def test_g3_bytes_that_mean_nothing_keep_no_press_waiting(
    place: Place, measured: Measured, what: str
):
    """Line feeds at full speed; rubbish from 200 addresses."""
    server = await place.serve()
    await survives(place, server, what, server.tcp_port, measured)


async def test_g3_rubbish_over_udp_keeps_no_press_waiting(place: Place, measured: Measured):
    server = await place.serve()
    [port] = [e["port"] for e in server.events("listening") if e.get("transport") == "udp"]
    await survives(place, server, "datagrams", port, measured)


@pytest.mark.parametrize("what", ["half_requests", "half_uploads", "endless_header", "line_feeds"])
async def test_g3_requests_that_never_end_keep_no_press_waiting(
    place: Place, measured: Measured, what: str
):
    """1,600 half requests of one address, 1,600 uploads of which the body does not come, heads without an end."""
    server = await place.serve()
    await survives(place, server, what, server.http_port, measured)


async def test_g3_hundreds_of_consoles_at_once_keep_no_press_waiting(
    place: Place, measured: Measured
):
    """Waves of 300 handshakes without a log-in, as after an outage of the network."""
    server = await place.serve()
    await survives(place, server, "handshakes", server.http_port, measured)


async def test_g3_more_idle_diallers_than_there_are_descriptors_keep_no_press_out(
    place: Place, measured: Measured
):
    """1,100 of them under a limit of 1,024: those that sleep longest go, which is said before the last place is taken."""
    server = await place.serve(descriptors=1024)
    await survives(place, server, "idle_diallers", server.tcp_port, measured)
    assert server.events("limit_near")


async def test_seats_are_told_within_a_second_that_alarms_are_not_written(
    place: Place, measured: Measured
):
    """The journal is locked, then the database read-only: both answer every question that is asked of them."""
    server = await place.serve()
    [wang, *_] = place.site.operators
    owner = place.site.owner
    async with open_console(server.url, wang) as console:
        await insist(server.http_port, sos(place.site.phone(0)))

        async def told(stored: bool) -> float:
            began = time.monotonic()
            await until(lambda: console.of_kind("beat")[-1]["database"] is stored, "a beat", 20)
            return time.monotonic() - began

        await console.gets("beat")
        async with owner.transaction():
            await owner.execute("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
            waiting = [
                asyncio.create_task(insist(server.http_port, sos(f"x-{n}"))) for n in range(50)
            ]
            locked = await told(False)
        let_go = await told(True)
        await asyncio.gather(*waiting)
        name = await owner.fetchval("SELECT current_database()")
        alter = f'ALTER ROLE CURRENT_USER IN DATABASE "{name}"'
        await owner.execute(f"{alter} SET default_transaction_read_only = on")
        await owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        read_only = await told(False)
        pressed = asyncio.create_task(insist_dc09(server.tcp_port, place.site.pendant(1), 1))
        await owner.execute(f"{alter} RESET default_transaction_read_only")
        writes = await told(True)
        await pressed

        async def are_written() -> bool:
            return await place.count("incident") >= 52

        await until_told(are_written, "what rang from memory to be written", 20)
    measured(
        f"told after: locked {locked:.2f} s, let go {let_go:.2f} s, read-only {read_only:.2f} s, writes {writes:.2f} s"
    )
    assert await place.count("incident") == 52
    assert not server.events("signal_refused")
    assert max(locked, read_only) < BOUND_S
