"""Alarms while the office works: each kind of work beside the quiet cell, in one run."""

from __future__ import annotations

import statistics
from collections.abc import Mapping

import asyncpg

from benchmarks.disturbing import Deeds, Office, Round, disturbed_by, employ
from benchmarks.driving import measured, to_ours
from benchmarks.server import Ground, Server, our_server
from benchmarks.site import Site, reset
from benchmarks.standard import Effort, Figures, count_opened, cpu, middle

CONSOLES = 36
RATE = 200.0
QUIET = "quiet"


async def compare(effort: Effort, on: Ground, owner: asyncpg.Connection, site: Site) -> None:
    """Prints the table; each cell lasts until its work was done once. Imports come last in each run, since every one leaves 50,000 residents more."""
    print(f"{CONSOLES} consoles, {RATE:g} alarms/s, open loop; latency in ms until shown;")
    print("cpu in ms of one core an alarm; of runs the median, p99 beside that of the quiet cell\n")
    root = await employ(owner)
    with our_server(on) as ours:
        office = Office(ours, root)
        try:
            await office.log_in()
            cells = _cells(office)
            names = [name for name in cells if name == QUIET or effort.only in name]
            found: dict[str, list[Figures]] = {name: [] for name in names}
            for _ in range(effort.runs):
                for name in names:
                    found[name].append(await _run(effort, owner, site, ours, cells[name]))
        finally:
            await office.close()
        _print_table(found)
        residents = await owner.fetchval("SELECT count(*) FROM resident")
        print(f"residents in the end: {residents}")


def _cells(office: Office) -> Mapping[str, Round | None]:
    return {
        QUIET: None,
        "50 log-ins at once": office.log_in_together,
        "full export": office.export,
        "import of 50,000 rows": office.import_file,
    }


async def _run(
    effort: Effort, owner: asyncpg.Connection, site: Site, ours: Server, do: Round | None
) -> Figures:
    first_round = ours.ground.folder / "first-round"
    load = effort.load(while_there=str(first_round))
    async with disturbed_by(do, first_round) as deeds:
        settings = to_ours(ours, site.everywhere, CONSOLES, RATE, **load)
        figures = await measured(settings, ours.spent)
    figures["deeds"] = deeds
    figures["rows"] = await count_opened(owner, figures["acknowledged"])
    await reset(owner)
    return figures


def _print_table(found: Mapping[str, list[Figures]]) -> None:
    keys = ("p50", "p95", "p99", "max")
    head = " ".join(f"{key:>8}" for key in keys)
    print(
        f"{'while':24} {head} {'p99/quiet':>18} {'rows=ack':>8} {'alarm':>7} {'office':>7} {'pg':>7} {'others %':>9}"
    )
    for name, runs in found.items():
        times = " ".join(f"{middle(runs, key):8.2f}" for key in keys)
        exact = all(f["rows"] == f["acknowledged"] == f["sent"] for f in runs)
        spent = " ".join(cpu(runs, process) for process in ("alarm", "office", "postgres"))
        print(
            f"{name:24} {times} {_ratio(runs, found[QUIET]):>18} {'yes' if exact else 'NO':>8}"
            f" {spent} {middle(runs, 'others'):9.0f}"
        )
    for name, runs in found.items():
        if name != QUIET:
            print(f"{name}: {'; '.join(str(_deeds(each)) for each in runs)}")


def _deeds(figures: Figures) -> Deeds:
    deeds: Deeds = figures["deeds"]
    return deeds


def _ratio(runs: list[Figures], quiet: list[Figures]) -> str:
    """Run by run, since each has its quiet cell in the same minutes."""
    ratios = [
        each["p99"] / calm["p99"] for each, calm in zip(runs, quiet, strict=True) if calm["p99"] > 0
    ]
    if not ratios:
        return "-"
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"
