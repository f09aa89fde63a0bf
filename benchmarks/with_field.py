"""The cell "with the field": alarms beside 1,500 people on duty, every map asking for them, and the tasks of a busy day."""

from __future__ import annotations

import asyncio
import statistics
from datetime import UTC, datetime
from typing import Any

import asyncpg

from benchmarks.driving import drive, measured, to_ours
from benchmarks.server import Server
from benchmarks.site import LONG_AGO, TOKEN, Site, reset

CONSOLES = 36
RATES = (50.0, 500.0)
"""At the second two cores are full without a field."""
PEOPLE = 1_500
BEFORE_S = 8.0
"""Every map has everybody before the first alarm comes."""

Figures = dict[str, Any]


def name_of(rate: float) -> str:
    """Of the cell."""
    return f"{CONSOLES} consoles, {rate:g}/s, with the field"


async def employ(owner: asyncpg.Connection, people: int) -> tuple[list[int], int]:
    """So many people on duty and no others, and the root region's id."""
    await owner.execute(
        "UPDATE duty SET ended_at = $1, ended_by = 'page' WHERE ended_at IS NULL", datetime.now(UTC)
    )
    root = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    found = await owner.fetch(_STAFF, people, root, LONG_AGO.date())
    staff = [row["id"] for row in found]
    await owner.execute(_DUTY, staff, datetime.now(UTC))
    return staff, root


async def run(
    site: Site, ours: Server, rate: float, load: Figures, staff: list[int], root: int
) -> tuple[Figures, Figures]:
    """Alarms as in the other cells; what they met, and what the field was answered."""
    there = ours.ground.folder / "field-there"
    there.touch()
    settings = {
        "port": ours.port,
        "dsn": ours.ground.dsn,
        "token": TOKEN,
        "cookies": site.everywhere[:CONSOLES],
        "staff": staff,
        "region_id": root,
        "while_there": str(there),
    }
    field = asyncio.create_task(drive("field_client", settings))
    try:
        await asyncio.sleep(BEFORE_S)
        alarms = await measured(to_ours(ours, site.everywhere, CONSOLES, rate, **load), ours.spent)
    finally:
        there.unlink(missing_ok=True)
    return alarms, await field


async def compare(
    owner: asyncpg.Connection,
    site: Site,
    ours: Server,
    rate: float,
    runs: int,
    load: Figures,
) -> tuple[list[Figures], list[Figures]]:
    """Without and with, in turn, in the same minutes; prints what the field was answered."""
    staff, root = await employ(owner, PEOPLE)
    quiet: list[Figures] = []
    busy: list[Figures] = []
    for _ in range(runs):
        await reset(owner)
        settings = to_ours(ours, site.everywhere, CONSOLES, rate, **load)
        quiet.append(await measured(settings, ours.spent))
        quiet[-1]["rows"] = await _opened(owner)
        await reset(owner)
        alarms, field = await run(site, ours, rate, load, staff, root)
        alarms["rows"] = await _opened(owner)
        busy.append(alarms | {"field": field})
    await reset(owner)
    return quiet, busy


async def _opened(owner: asyncpg.Connection) -> int:
    rows: int = await owner.fetchval("SELECT count(*) FROM journal WHERE outcome = 'opened'")
    return rows


def said_of(busy: list[Figures]) -> str:
    """What the field was answered in all runs together."""
    answers: dict[str, int] = {}
    for each in busy:
        for name, n in each["field"]["answers"].items():
            answers[name] = answers.get(name, 0) + n
    slowest = {
        name: max(each["field"]["slowest_ms"][name] for each in busy)
        for name in busy[0]["field"]["slowest_ms"]
    }
    listed = ", ".join(f"{name}: {n}" for name, n in sorted(answers.items()))
    slow = ", ".join(f"{name} {ms:.0f} ms" for name, ms in sorted(slowest.items()))
    mib = statistics.median(each["field"]["mib_of_dots"] for each in busy)
    return f"{PEOPLE} people: {listed}; slowest {slow}; {mib:.1f} MiB of dots a run"


_STAFF = """
INSERT INTO staff (name, region_id, kinds, active_from)
SELECT '护理员' || n, $2, '{caregiver}', $3 FROM generate_series(1, $1::int) AS n RETURNING id
"""
_DUTY = "INSERT INTO duty (staff_id, began_at, began_by) SELECT one, $2, 'page' FROM unnest($1::bigint[]) AS one"
