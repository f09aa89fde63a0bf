"""The hotline of a city in ten months, 303,000 calls: what its figures cost, and whether they are what a plain count says."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks.server import Ground
from callcenter.core.database import Database
from callcenter.demo.many_calls.invented import Wanted
from callcenter.demo.many_calls.writing import figures_of, lines_of, write_days
from callcenter.hotline.figures.counted import CountedBy
from callcenter.regions.upkeep import root_region

ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST_DAY: Final = date(2013, 1, 1)
DAYS: Final = 303
CALLS_A_DAY: Final = 1000
EFFECTIVE: Final = 121_200
SEATS: Final = 36
RUNS: Final = 5


async def measure(on: Ground) -> bool:
    """Write them and tell; whether the figures are those of the plain count, and 121,200 of them effective."""
    owner = await asyncpg.connect(on.dsn)
    database = Database(on.dsn)
    try:
        async with database.transaction() as session:
            root = (await root_region(session)).id
        await _people(owner, root)
        began = time.perf_counter()
        async with database.transaction() as session:
            wanted = await write_days(
                session, ZONE, first_day=FIRST_DAY, days=DAYS, calls_a_day=CALLS_A_DAY, seed=2014
            )
        print(f"{DAYS * CALLS_A_DAY} calls written in {time.perf_counter() - began:.0f} s")
        await owner.execute("ANALYZE call; ANALYZE call_leg")
        await _times(database, wanted)
        return await _agrees(database, owner, wanted)
    finally:
        await database.close()
        await owner.close()


async def _people(owner: asyncpg.Connection, root: int) -> None:
    """36 who answer."""
    await owner.execute(
        "WITH seat AS (INSERT INTO app_user (login, name, name_en, password_hash, created_at)"
        " SELECT 'seat' || n, '坐席' || n, 'Seat ' || n, '', $2 FROM generate_series(1, $3) AS n RETURNING id)"
        " INSERT INTO role_grant (user_id, role, region_id) SELECT id, 'operator', $1 FROM seat",
        root,
        datetime(2012, 1, 1, tzinfo=UTC),
        SEATS,
    )


async def _times(database: Database, wanted: Wanted) -> None:
    for by in CountedBy:
        taken = [await _once(database, wanted, by) for _ in range(RUNS)]
        print(f"figures of {wanted.days} days by {by:12} {_ms(taken)}")
    day = Wanted(FIRST_DAY, 1, 0, ZONE, wanted.seats, wanted.effective, wanted.not_effective)
    taken = [await _once(database, day, CountedBy.HOUR) for _ in range(RUNS)]
    print(f"figures of one day by hour            {_ms(taken)}")


async def _once(database: Database, wanted: Wanted, by: CountedBy) -> float:
    began = time.perf_counter()
    async with database.transaction() as session:
        await figures_of(session, wanted, by, datetime(2014, 1, 1, tzinfo=UTC))
    return time.perf_counter() - began


def _ms(taken: Sequence[float]) -> str:
    return f"median {1000 * statistics.median(taken):6.0f} ms, most {1000 * max(taken):6.0f} ms"


async def _agrees(database: Database, owner: asyncpg.Connection, wanted: Wanted) -> bool:
    async with database.transaction() as session:
        figures = await figures_of(
            session, wanted, CountedBy.HOUR, datetime(2014, 1, 1, tzinfo=UTC)
        )
    for line in lines_of(figures):
        print(line)
    plain = await owner.fetchrow(
        "SELECT count(*) AS offered, count(answered_at) AS answered, count(*) FILTER (WHERE effective) AS effective"
        " FROM call LEFT JOIN disposition ON disposition.code = call.disposition"
    )
    total = figures.total
    same = tuple(plain) == (total.offered, total.answered, total.effective)
    peak = {row.key for row in sorted(figures.rows, key=lambda row: -row.offered)[:2]} == {
        "9",
        "10",
    }
    print(f"a plain count says the same: {same}; most between nine and eleven: {peak}")
    return same and peak and total.effective == EFFECTIVE
