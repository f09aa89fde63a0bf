"""People on duty in a running demo, as rows: `python -m tests.support.on_duty DATA_DIR PEOPLE` prints their ids and where homes are.

A process of its own: beside a browser no asynchronous code can run.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import orjson

from callcenter.core.cluster import Cluster
from tests.support.show import ROOT, Demo


@dataclass(frozen=True)
class OnDuty:
    """Who they are, and the middle of the homes (lat, lng)."""

    demo: Demo
    staff: list[int]
    lat: float
    lng: float

    def are_at(self, places: dict[int, tuple[float, float]], age: timedelta = timedelta()) -> None:
        """As trackers say it."""
        at = (datetime.now(UTC) - age).isoformat()
        known = orjson.loads((self.demo.data_dir / "demo-devices.json").read_bytes())
        positions = [
            {"staff_id": one, "at": at, "lat": lat, "lng": lng, "accuracy_m": 12}
            for one, (lat, lng) in places.items()
        ]
        httpx.post(
            f"{self.demo.console}/api/v1/field/positions",
            json={"positions": positions},
            headers={"Authorization": f"Bearer {known['http']['bearer']}"},
            trust_env=False,
        ).raise_for_status()

    def off_duty(self) -> None:
        """These and nobody else; nothing of them is left on a map or in a list of tasks."""
        _run(self.demo.data_dir, 0)


def on_duty(demo: Demo, people: int) -> OnDuty:
    """Half of them on their way to a visit."""
    return OnDuty(demo, **_run(demo.data_dir, people))


def _run(data_dir: Path, people: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.support.on_duty", str(data_dir), str(people)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    found: dict[str, object] = orjson.loads(said)
    return found


async def _write(data_dir: Path, people: int) -> dict[str, object]:
    owner = await asyncpg.connect(Cluster.attach(data_dir).dsn())
    try:
        now = datetime.now(UTC)
        if not people:
            await owner.execute(_GONE_HOME, now)
            await owner.execute(_DONE_WITH)
            await owner.execute(_LEFT, date(2020, 1, 2))
            return {}
        homes = await owner.fetchrow(
            "SELECT region_id, avg(lat) AS lat, avg(lng) AS lng FROM home GROUP BY region_id ORDER BY count(*) DESC LIMIT 1"
        )
        staff = await owner.fetch(_STAFF, people, homes["region_id"], date(2020, 1, 1))
        ids = [row["id"] for row in staff]
        await owner.execute(_DUTY, ids, now - timedelta(hours=1))
        await owner.execute(_TASKS, ids[::2], now - timedelta(minutes=10))
        return {"staff": ids, "lat": homes["lat"], "lng": homes["lng"]}
    finally:
        await owner.close()


_STAFF = """
INSERT INTO staff (name, region_id, kinds, active_from)
SELECT '护理员' || n, $2, ARRAY[(ARRAY['caregiver', 'driver', 'volunteer', 'nurse'])[1 + n % 4]], $3
FROM generate_series(1, $1::int) AS n RETURNING id
"""
_GONE_HOME = """
UPDATE duty SET ended_at = $1, ended_by = 'page' FROM staff
WHERE staff.id = duty.staff_id AND ended_at IS NULL AND staff.name ~ '^护理员[0-9]+$'
"""
_DONE_WITH = (
    "DELETE FROM task USING staff WHERE staff.id = task.staff_id AND staff.name ~ '^护理员[0-9]+$'"
)
_LEFT = "UPDATE staff SET active_until = $1 WHERE name ~ '^护理员[0-9]+$'"
_DUTY = "INSERT INTO duty (staff_id, began_at, began_by) SELECT one, $2, 'page' FROM unnest($1::bigint[]) AS one"
_TASKS = """
INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, staff_id, accepted_at, set_out_at)
SELECT gen_random_uuid(), 'visit', 'under_way', region.id, region.path, 123, $2, $2, staff.id, $2, $2
FROM staff JOIN region ON region.id = staff.region_id WHERE staff.id = ANY ($1::bigint[])
"""

if __name__ == "__main__":
    written = asyncio.run(_write(Path(sys.argv[1]), int(sys.argv[2])))
    sys.stdout.buffer.write(orjson.dumps(written))
