"""Staff on duty on a real database, with positions as phones and trackers say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.dispatch.models import PositionSource
from callcenter.dispatch.positions.keeping import record
from tests.support.clock import HandClock
from tests.support.community import Community

YUYIN = (40.0, 104.0)


class Staffed:
    """Some people, and what becomes of them."""

    def __init__(self, owner: asyncpg.Connection, database: Database, clock: HandClock) -> None:
        self.owner, self.database, self.clock = owner, database, clock
        self.community = Community(owner)

    async def found(self) -> Staffed:
        self.community = await Community.found(self.owner)
        return self

    async def somebody(
        self, name: str = "刘芳", region: int | None = None, kind: str = "caregiver"
    ) -> int:
        staff_id: int = await self.owner.fetchval(
            "INSERT INTO staff (name, region_id, kinds, active_from) VALUES ($1, $2, $3, $4) RETURNING id",
            name,
            region or self.community.street,
            [kind],
            date(2020, 1, 1),
        )
        return staff_id

    async def begins(self, staff_id: int) -> None:
        await self.owner.execute(
            "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, $2, 'page')",
            staff_id,
            self.clock.now() - timedelta(hours=1),
        )

    async def on_duty(
        self, name: str = "刘芳", region: int | None = None, kind: str = "caregiver"
    ) -> int:
        staff_id = await self.somebody(name, region, kind)
        await self.begins(staff_id)
        return staff_id

    async def ends(self, staff_id: int) -> None:
        await self.owner.execute(
            "UPDATE duty SET ended_at = $2, ended_by = 'page' WHERE staff_id = $1 AND ended_at IS NULL",
            staff_id,
            self.clock.now(),
        )

    async def is_at(
        self,
        staff_id: int,
        lat: float | None = YUYIN[0],
        lng: float | None = YUYIN[1],
        at: datetime | None = None,
    ) -> bool:
        now = self.clock.now()
        async with self.database.transaction() as session:
            return await record(
                session, staff_id, at or now, lat, lng, 12.0, PositionSource.PAGE, now
            )

    async def has_task(self, staff_id: int, state: str = "under_way", kind: str = "visit") -> str:
        task_id = await self.owner.fetchval(
            "INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, staff_id, accepted_at,"
            " set_out_at) SELECT gen_random_uuid(), $2, $3, region.id, region.path, 123, $4, $4, $1, $4, $4"
            " FROM staff JOIN region ON region.id = staff.region_id WHERE staff.id = $1 RETURNING id",
            staff_id,
            kind,
            state,
            self.clock.now(),
        )
        return str(task_id)

    async def known(self) -> dict[int, tuple[float, float]]:
        rows = await self.owner.fetch("SELECT staff_id, lat, lng FROM staff_position")
        return {row["staff_id"]: (row["lat"], row["lng"]) for row in rows}

    async def way(self, staff_id: int) -> list[datetime]:
        rows = await self.owner.fetch(
            "SELECT at FROM staff_track WHERE staff_id = $1 ORDER BY at", staff_id
        )
        return [row["at"] for row in rows]


@pytest.fixture
async def staffed(owner: asyncpg.Connection, database: Database, clock: HandClock) -> Staffed:
    return await Staffed(owner, database, clock).found()
