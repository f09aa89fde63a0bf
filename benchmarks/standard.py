"""The table: our server beside the bare pipeline, interleaved, cell by cell."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

import asyncpg

from benchmarks import hotline, storm, with_field
from benchmarks.driving import measured, to_bare, to_ours
from benchmarks.server import Bare, Ground, Server, bare_server, our_server
from benchmarks.site import Site, reset

Figures = dict[str, Any]
Pair = tuple[Figures, Figures]


@dataclass(frozen=True, slots=True)
class Cell:
    consoles: int
    rate: float | None
    regions: bool = False

    @property
    def name(self) -> str:
        load = "flat out" if self.rate is None else f"{self.rate:g}/s"
        where = "" if self.consoles < 500 else ", 20 regions" if self.regions else ", one scope"
        return f"{self.consoles} consoles, {load}{where}"


CELLS = [
    Cell(1, 50), Cell(1, 500), Cell(1, None),
    Cell(36, 50), Cell(36, 500), Cell(36, None),
    Cell(500, 50), Cell(500, None), Cell(500, 50, regions=True), Cell(500, None, regions=True),
]  # fmt: skip
BURST = "burst of 600 at once, 36 consoles"


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and how long each cell is run."""

    runs: int
    seconds: float
    residents: int
    only: str

    def load(self, **more: Any) -> dict[str, Any]:
        """What every run of alarms is told."""
        return {"seconds": self.seconds, "devices": self.residents} | more


async def compare(effort: Effort, on: Ground, owner: asyncpg.Connection, site: Site) -> None:
    """Prints the table as it comes."""
    print("latency in ms from the due time of the alarm to the first frame that shows it;")
    print("cpu in ms of one core an alarm, of the alarm and office processes and of PostgreSQL;")
    print("ratio = ours / bare, median [range]\n")
    cells = [cell for cell in CELLS if effort.only in cell.name]
    with bare_server(on) as bare, our_server(on) as ours:
        _print_head()
        for cell in cells:
            runs = [
                await _pair(effort, owner, site, (bare, ours), cell) for _ in range(effort.runs)
            ]
            _print_cell(cell, runs)
        if effort.only in BURST:
            await _bursts(effort, owner, site, ours)
        for rate in with_field.RATES:
            if effort.only in with_field.name_of(rate):
                await _with_field(effort, owner, site, ours, rate)
        if effort.only in storm.NAME:
            await storm.measure(owner, site, ours, effort.runs)
    if (
        effort.only and effort.only in hotline.NAME
    ):  # with an exchange of its own: only where it is asked for
        await hotline.measure(
            hotline.Effort(effort.runs, effort.seconds, effort.load()), on, owner, site, _row
        )


async def _pair(
    effort: Effort,
    owner: asyncpg.Connection,
    site: Site,
    servers: tuple[Bare, Server],
    cell: Cell,
) -> Pair:
    """Bare, then ours, in the same minute."""
    bare, ours = servers
    await owner.execute("TRUNCATE bare_alarm")
    before = await measured(to_bare(bare, cell.consoles, cell.rate, **effort.load()), bare.spent)
    before["rows"] = await owner.fetchval("SELECT count(*) FROM bare_alarm")
    await reset(owner)
    cookies = site.by_region if cell.regions else site.everywhere
    settings = to_ours(ours, cookies, cell.consoles, cell.rate, **effort.load())
    after = await measured(settings, ours.spent)
    after["rows"] = await count_opened(owner, after["acknowledged"])
    await reset(owner)
    return before, after


async def _with_field(
    effort: Effort, owner: asyncpg.Connection, site: Site, ours: Server, rate: float
) -> None:
    """Two rows: without the field and with it, and their ratio."""
    quiet, busy = await with_field.compare(owner, site, ours, rate, effort.runs, effort.load())
    for name, figures in ((with_field.name_of(rate), quiet), ("", busy)):
        print(_row(name, "with" if figures is busy else "alone", figures))
    pairs = list(zip(quiet, busy, strict=True))
    ratios = "  ".join(_ratio(pairs, key) for key in ("p50", "p99", "rate"))
    print(f"{'':32} ratio  {ratios}  (p50, p99, rate; with / alone)")
    print(f"{'':32} {with_field.said_of(busy)}", flush=True)


async def count_opened(owner: asyncpg.Connection, acknowledged: int) -> int:
    """Rows of the journal that opened an incident; says so where they are not what was acknowledged."""
    rows: int = await owner.fetchval("SELECT count(*) FROM journal WHERE outcome = 'opened'")
    incidents = await owner.fetchval("SELECT count(*) FROM incident")
    if rows != acknowledged or incidents != rows:
        print(f"!! acknowledged {acknowledged}, journal {rows}, incidents {incidents}")
    return rows


async def _bursts(effort: Effort, owner: asyncpg.Connection, site: Site, ours: Server) -> None:
    shown = []
    for _ in range(effort.runs):
        await reset(owner)
        settings = to_ours(ours, site.everywhere, 36, None, **effort.load(burst=600))
        shown.append((await measured(settings, ours.spent))["all_shown_ms"])
    await reset(owner)
    spread = f"{statistics.median(shown):.0f} ms [{min(shown):.0f}..{max(shown):.0f}]"
    print(f"\n{BURST}: all shown at every console after {spread}")


def middle(runs: list[Figures], key: str) -> float:
    return float(statistics.median(each[key] for each in runs))


def cpu(runs: list[Figures], process: str) -> str:
    """Median in ms an alarm; a dash for a server without such a process."""
    values = [each["cpu"][process] for each in runs if process in each["cpu"]]
    return f"{statistics.median(values):7.2f}" if values else f"{'-':>7}"


def _print_head() -> None:
    print(
        f"{'cell':32} {'server':6} {'p50':>7} {'p95':>7} {'p99':>7} {'rate/s':>7} {'rows=ack':>8}"
        f" {'alarm':>7} {'office':>7} {'pg':>7} {'others %':>9}"
    )


def _print_cell(cell: Cell, runs: list[Pair]) -> None:
    for index, server in enumerate(("bare", "ours")):
        print(_row("" if index else cell.name, server, [run[index] for run in runs]))
    ratios = "  ".join(_ratio(runs, key) for key in ("p50", "p99", "rate"))
    print(f"{'':32} ratio  {ratios}  (p50, p99, rate)", flush=True)


def _row(name: str, server: str, figures: list[Figures]) -> str:
    exact = all(f["rows"] == f["acknowledged"] for f in figures)
    times = " ".join(f"{middle(figures, key):7.2f}" for key in ("p50", "p95", "p99"))
    spent = " ".join(cpu(figures, process) for process in ("alarm", "office", "postgres"))
    return (
        f"{name:32} {server:6} {times} {middle(figures, 'rate'):7.0f}"
        f" {'yes' if exact else 'NO':>8} {spent} {middle(figures, 'others'):9.0f}"
    )


def _ratio(runs: list[Pair], key: str) -> str:
    ratios = [ours[key] / bare[key] for bare, ours in runs if bare[key] > 0]
    if not ratios:
        return "-"
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"
