"""Two hundred people outside move: the wall has name, job and since when of each, and within two seconds where they went. Whoever closes the
page grows old there, whoever goes off duty is gone: story 4 of the field, as the server tells it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

from callcenter.api.application import create_api
from callcenter.core.database import Database
from callcenter.dispatch.positions.reading import FieldReading
from callcenter.dispatch.positions.tracker import Trackers
from tests.support.api import browser, context_for, person, sign_in
from tests.support.clock import HandClock
from tests.support.community import Community

PEOPLE = 200
HOLLOW_AFTER = timedelta(minutes=5)
STEP = 0.0001  # degrees, eleven metres


@dataclass
class Wall:
    """A screen in the hall that shows names and asks every two seconds; what it has is kept by name."""

    community: Community
    clock: HandClock
    screen: httpx.AsyncClient
    tracker: httpx.AsyncClient
    staff: list[int]
    shown: dict[int, dict[str, Any]]
    cursor: str = ""
    moves: int = 0

    async def looks(self) -> int:
        """Two seconds later; how many dots have changed."""
        self.clock.advance(2)
        answer = await self.screen.get("/api/v1/wall/dots", params={"since": self.cursor})
        assert answer.status_code == 200, answer.text
        said = answer.json()
        self.cursor = said["cursor"]
        if said["whole"]:
            self.shown.clear()
        self.shown |= {dot["staff_id"]: dot for dot in said["dots"]}
        for staff_id in said["gone"]:
            del self.shown[staff_id]
        return len(said["dots"])

    async def all_move(self, *without: int) -> None:
        """Eleven metres north, as their phones or watches tell."""
        self.moves += 1
        at = self.clock.now().isoformat()
        positions = [
            {"staff_id": each, "at": at, "lat": 40.0 + STEP * self.moves, "lng": 104.0 + STEP * n, "accuracy_m": 9}
            for n, each in enumerate(self.staff)
            if each not in without
        ]  # fmt: skip
        answer = await self.tracker.post("/api/v1/field/positions", json={"positions": positions})
        assert answer.json() == {"moved": len(positions), "unknown": []}

    def age(self, staff_id: int) -> timedelta:
        return self.clock.now() - datetime.fromisoformat(self.shown[staff_id]["at"])


@pytest.fixture
async def wall(database: Database, owner, clock: HandClock) -> AsyncIterator[Wall]:
    community = await Community.found(owner)
    staff = [
        row["id"] for row in await owner.fetch(_STAFF, community.street, date(2020, 1, 1), PEOPLE)
    ]
    await owner.execute(_DUTY, staff, clock.now())
    await owner.execute(_TASKS, staff, clock.now())
    token = "of-the-watches"
    await owner.execute(_SOURCE, community.street, sha256(token.encode()).digest())
    reading, trackers = FieldReading(database, clock), Trackers(database)
    ports = {FieldReading: reading, Trackers: trackers}
    app = create_api(context_for(database, clock, ports=ports))
    await person(owner, "boss", ("supervisor", community.root))
    async with browser(app) as boss, browser(app) as screen, browser(app) as tracker:
        await sign_in(boss, "boss")
        body = {"name": "大厅", "region_id": community.street, "shows": "names"}
        code = (await boss.post("/api/v1/walls", json=body)).json()["code"]
        await screen.post("/api/v1/wall/pair", json={"code": code})
        tracker.headers["Authorization"] = f"Bearer {token}"
        yield Wall(community, clock, screen, tracker, staff, {})
    await trackers.connections.close()
    await reading.connections.close()


async def test_two_hundred_move_one_closes_the_page_and_one_goes_home(wall: Wall, clock: HandClock):
    await wall.all_move()
    assert await wall.looks() == PEOPLE
    began = (clock.now() - timedelta(seconds=2)).isoformat()
    for n, staff_id in enumerate(wall.staff, 1):
        dot = wall.shown[staff_id]
        assert (dot["name"], dot["task_kind"], dot["task_state"]) == (
            f"护理员{n}",
            "visit",
            "under_way",
        )
        assert datetime.fromisoformat(dot["since"]) == datetime.fromisoformat(began)

    closed, home = wall.staff[0], wall.staff[-1]
    for _ in range(3):
        await wall.all_move(closed)
        assert await wall.looks() == PEOPLE - 1, "each is where they went two seconds ago"
        lat = 40.0 + STEP * wall.moves
        assert all(dot["lat"] == lat for key, dot in wall.shown.items() if key != closed)
    assert await wall.looks() == 0, "nobody has moved, and nothing is sent again"

    clock.advance(HOLLOW_AFTER.total_seconds())
    await wall.all_move(closed)
    await wall.looks()
    assert wall.age(closed) > HOLLOW_AFTER > wall.age(wall.staff[1])

    await wall.all_move()
    assert await wall.looks() == PEOPLE, "the page that was closed is open again"
    assert max(map(wall.age, wall.staff)) == timedelta(seconds=2)

    free = wall.staff[1]
    for staff_id in (free, home):
        await wall.community.owner.execute(_ENDS, staff_id, clock.now())
    await wall.looks()
    jobs = {key: dot["task_kind"] for key, dot in wall.shown.items()}
    assert [key for key, kind in jobs.items() if kind is None] == [free, home]
    await wall.community.owner.execute(_OFF_DUTY, home, clock.now())
    await wall.looks()
    assert set(wall.shown) == set(wall.staff) - {home}
    left = "SELECT count(*) FROM staff_position WHERE staff_id = $1"
    assert await wall.community.owner.fetchval(left, home) == 0


_STAFF = """
INSERT INTO staff (name, region_id, kinds, active_from)
SELECT '护理员' || n, $1, '{caregiver}', $2 FROM generate_series(1, $3::int) AS n RETURNING id
"""
_DUTY = "INSERT INTO duty (staff_id, began_at, began_by) SELECT one, $2, 'page' FROM unnest($1::bigint[]) AS one"
_OFF_DUTY = (
    "UPDATE duty SET ended_at = $2, ended_by = 'page' WHERE staff_id = $1 AND ended_at IS NULL"
)
_ENDS = "UPDATE task SET state = 'cancelled', ended_at = $2 WHERE staff_id = $1"
_TASKS = """
INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, staff_id, accepted_at, set_out_at)
SELECT gen_random_uuid(), 'visit', 'under_way', region.id, region.path, 123, $2, $2, staff.id, $2, $2
FROM staff JOIN region ON region.id = staff.region_id WHERE staff.id = ANY ($1::bigint[])
"""
_SOURCE = "INSERT INTO source (name, kind, region_id, bearer_hash) VALUES ('watches', 'http_json', $1, $2)"
