"""How quick the dispatcher's desk answers with a full day: `python -m benchmarks.desk`. 6,000 tasks of today, 300 staff on duty, and a year
of tasks behind them; each question is asked again and again as a page asks it, on a server's own code over its own database.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx

from callcenter.core.clock import SystemClock
from callcenter.core.database import Database
from callcenter.core.ids import new_id
from tests.support.api import api_for, browser, person, sign_in
from tests.support.community import Community
from tests.support.postgres import running_test_cluster

TASKS: Final = 6_000
STAFF: Final = 300
PAST: Final = 200_000
TIMES: Final = 60
HELD: Final = ("accepted", "accepted", "accepted", "under_way", "arrived")
DESK: Final = "/api/v1/desk"


async def seed(owner: asyncpg.Connection, community: Community) -> None:
    """Staff with duty and positions, their day, and what was done before."""
    chance = random.Random(54)
    now = SystemClock().now()
    street = community.street
    path = await owner.fetchval("SELECT path FROM region WHERE id = $1", street)
    homes = [await community.home(address=f"榆荫里{n}号") for n in range(200)]
    residents = [await community.resident(home) for home in homes]
    staff = [
        await owner.fetchval(
            "INSERT INTO staff (name, phone, region_id, kinds, active_from)"
            " VALUES ($1, $2, $3, '{caregiver}', '2020-01-01') RETURNING id",
            f"何{n:03}",
            f"+861390031{n:04}",
            street,
        )
        for n in range(STAFF)
    ]
    await owner.executemany(
        "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, $2, 'page')",
        [(each, now - timedelta(hours=3)) for each in staff],
    )
    await owner.executemany(
        "INSERT INTO staff_position (staff_id, at, lat, lng, source) VALUES ($1, $2, $3, 104.0, 'page')",
        [(each, now, 40 + chance.random() / 10) for each in staff],
    )

    def row(at: int, past: bool) -> tuple[Any, ...]:
        state = "cancelled" if past else _state(chance)
        begins = now + timedelta(minutes=chance.randint(-240, 600))
        if past:
            begins -= timedelta(days=chance.randint(1, 365))
        place = at % len(homes)
        who = chance.choice(staff) if state in HELD or past else None
        ended = begins if past or state == "cancelled" else None
        return (
            new_id(), chance.choice(["visit", "errand", "inspection"]), state, street, path, homes[place], residents[place], 40.0, 104.0,
            "打扫", 100 + at % 900, begins - timedelta(hours=9), begins, begins + timedelta(minutes=20), 45, who,
            begins if state == "arrived" else None, ended,
        )  # fmt: skip

    rows = [row(at, False) for at in range(TASKS)] + [row(at, True) for at in range(PAST)]
    columns = [
        "id", "kind", "state", "region_id", "region_path", "home_id", "resident_id", "lat", "lng", "what", "code", "created_at", "begins_at",
        "until_at", "minutes", "staff_id", "arrived_at", "ended_at",
    ]  # fmt: skip
    await owner.copy_records_to_table("task", records=rows, columns=columns)
    await owner.execute("ANALYZE task")


def _state(chance: random.Random) -> str:
    return chance.choice((*HELD, "open", "open", "offered", "unplaced", "cancelled"))


async def measure(name: str, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
    """p50 and p99 in milliseconds."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = await ask()
        taken.append((time.perf_counter() - begun) * 1_000)
        assert answer.status_code == 200, answer.text
    taken.sort()
    print(f"{name:48} p50 {statistics.median(taken):7.1f} ms   p99 {taken[-1]:7.1f} ms")


async def run(dsn: str) -> None:
    """Everything that a page asks."""
    owner = await asyncpg.connect(dsn)
    community = await Community.found(owner)
    await seed(owner, community)
    database = Database(dsn)
    clock = SystemClock()
    await person(owner, "zhou", ("dispatcher", community.root))
    async with browser(api_for(database, clock)) as client:
        await sign_in(client, "zhou")
        today = str(clock.now().date())
        page = (await client.get(f"{DESK}/tasks", params={"limit": 200})).json()
        task, after, mark = page["items"][0]["id"], page["after"], page["mark"]
        got = client.get
        await measure("list, first 200", lambda: got(f"{DESK}/tasks", params={"limit": 200}))
        await measure("list, next 200", lambda: got(f"{DESK}/tasks", params={"limit": 200, "after": after}))  # fmt: skip
        await measure("list, of today, unplaced", lambda: got(f"{DESK}/tasks", params={"day": today, "state": "unplaced"}))  # fmt: skip
        await measure("list, by words", lambda: client.post(f"{DESK}/tasks/search", json={"q": "号1"}))  # fmt: skip
        await measure("counts", lambda: got(f"{DESK}/counts"))
        await measure("changes, none", lambda: got(f"{DESK}/changes", params={"mark": mark}))
        await measure("one task", lambda: got(f"{DESK}/tasks/{task}"))
        await measure("whom it could go to, of 300", lambda: got(f"{DESK}/tasks/{task}/people"))
        await measure("people of the field", lambda: got(f"{DESK}/people"))
        busy = await owner.fetchval("SELECT staff_id FROM task WHERE ended_at IS NULL AND staff_id IS NOT NULL LIMIT 1")  # fmt: skip
        await measure("day of a person", lambda: got(f"{DESK}/people/{busy}/day"))
        ask = {"staff_id": busy, "since": clock.now().isoformat(), "until": (clock.now() + timedelta(hours=10)).isoformat()}  # fmt: skip
        plan = (await client.post(f"{DESK}/replanning/proposal", json=ask)).json()
        name = f"plan again, {len(plan['lines'])} tasks of one person"
        await measure(name, lambda: client.post(f"{DESK}/replanning/proposal", json=ask))
    await database.close()
    await owner.close()


def main() -> None:
    """A database of its own, thrown away afterwards."""
    with running_test_cluster() as databases:
        asyncio.run(run(asyncio.run(databases.clone())))


if __name__ == "__main__":
    main()
