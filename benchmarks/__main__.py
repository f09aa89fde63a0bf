"""`make bench`: measures this machine. Prints what was found, with the share of the machine that others used, and judges nothing.

Without a choice: our server beside the bare pipeline. `--only hotline`: beside a telephone exchange, where Asterisk and SIPp are
installed. `--disturbed`: alarms while the office works. `--restart`: until a
press is acknowledged after kill -9. `--growth`: many residents, a long history, many seats, many devices. `--week`: a week's
events, and what they leave behind in memory, descriptors, tasks and on the disk: this one judges. `--calls`: the figures of 303,000 calls;
it judges, too.
"""

from __future__ import annotations

import argparse
import asyncio
import signal

import asyncpg

from benchmarks import calls, disturbed, growth, restart, standard, week
from benchmarks.server import Ground, ground
from benchmarks.site import furnish
from callcenter.core.cluster import SUPERUSER
from callcenter.core.migrating import migrate


def main() -> int:
    given = _arguments().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped, too
    if given.quick:
        given.runs, given.seconds = 2, 4.0
    if given.restart:
        restart.measure(given.runs)
        return 0
    if given.growth is not None:
        growth.measure(_extent(given))
        return 0
    with ground() as on:
        if given.week is not None:
            return 0 if asyncio.run(_week(given.week, on)) else 1
        if given.calls:
            return 0 if asyncio.run(_calls(on)) else 1
        asyncio.run(_measure(given, on))
    return 0


async def _week(minutes: float, on: Ground) -> bool:
    await migrate(on.dsn)
    return await week.measure(on, week.HOURS, 60 * minutes)


async def _calls(on: Ground) -> bool:
    await migrate(on.dsn)
    return await calls.measure(on)


def _arguments() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = arguments.add_argument
    add("--quick", action="store_true", help="2 runs of 4 s a cell")
    add("--runs", type=int, default=5)
    add("--seconds", type=float, default=20.0, help="of load a run")
    add("--residents", type=int, default=50_000, help="without --growth")
    add("--only", default="", help="cells whose name contains this; without --growth")
    add("--disturbed", action="store_true", help="alarms while the office works")
    add("--restart", action="store_true", help="the demo, killed with -9 and started again")
    add(
        "--calls",
        action="store_true",
        help="ten months of a city's hotline and its figures; exit code 1 where they are not those of a plain count",
    )
    add(
        "--growth",
        type=_parts,
        nargs="?",
        const=list(growth.PARTS),
        metavar="PARTS",
        help=f"all, or some of {','.join(growth.PARTS)}",
    )
    add(
        "--week",
        type=float,
        nargs="?",
        const=7.0,
        metavar="MINUTES",
        help="a week's events in so many minutes; exit code 1 where something does not stay flat",
    )
    add("--sizes", type=_numbers, default=[10_000, 100_000, 1_000_000], help="residents")
    add("--journal", type=_numbers, default=[0, 10_000_000], help="rows of history")
    return arguments


def _extent(given: argparse.Namespace) -> growth.Extent:
    return growth.Extent(given.growth, given.sizes, given.journal, given.runs, given.seconds)


async def _measure(given: argparse.Namespace, on: Ground) -> None:
    await migrate(on.cluster.dsn())
    owner = await asyncpg.connect(on.cluster.dsn(SUPERUSER))
    print(
        f"{given.runs} runs of {given.seconds:g} s a cell, {given.residents} residents, each alarm a new home"
    )
    try:
        site = await furnish(owner, given.residents)
        effort = standard.Effort(given.runs, given.seconds, given.residents, given.only)
        table = disturbed.compare if given.disturbed else standard.compare
        await table(effort, on, owner, site)
    finally:
        await owner.close()


def _numbers(text: str) -> list[int]:
    return [int(each.replace("_", "")) for each in text.split(",")]


def _parts(text: str) -> list[str]:
    chosen = text.split(",")
    if unknown := sorted(set(chosen) - set(growth.PARTS)):
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}")
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
