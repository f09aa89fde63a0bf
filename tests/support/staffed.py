"""People of the staff of a small community, their shifts and absences, and tasks that they have or are asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from callcenter.core.database import Database
from callcenter.core.ids import new_id
from callcenter.dispatch.duty import keeping
from callcenter.dispatch.duty.by_the_clock import DutiesByTheClock
from callcenter.dispatch.models import DutyBy
from tests.support.clock import HandClock
from tests.support.community import Community

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Staffed:
    """Writes rows as the owner; begins and ends duties as the server does."""

    community: Community
    database: Database
    clock: HandClock

    @property
    def owner(self) -> asyncpg.Connection:
        return self.community.owner

    async def person(
        self,
        name: str = "张伟",
        *kinds: str,
        region: int | None = None,
        phone: str | None = "+8613900300009",
        **columns: Any,
    ) -> int:
        names = ["name", "phone", "region_id", "kinds", "active_from", *columns]
        values = [
            name,
            phone,
            region or self.community.street,
            list(kinds or ("grid_worker",)),
            date(2020, 1, 1),
            *columns.values(),
        ]
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        staff_id: int = await self.owner.fetchval(
            f"INSERT INTO staff ({', '.join(names)}) VALUES ({places}) RETURNING id",  # noqa: S608
            *values,
        )
        return staff_id

    async def shift(self, staff_id: int, begins_in_h: float, ends_in_h: float) -> int:
        """In hours from now."""
        now = self.clock.now()
        shift_id: int = await self.owner.fetchval(
            "INSERT INTO roster_shift (staff_id, planned_for, begins_at, ends_at) VALUES ($1, $1, $2, $3) RETURNING id",
            staff_id,
            now + timedelta(hours=begins_in_h),
            now + timedelta(hours=ends_in_h),
        )
        return shift_id

    async def absence(
        self, staff_id: int, from_day: date, until_day: date | None = None, kind: str = "ill"
    ) -> int:
        absence_id: int = await self.owner.fetchval(
            "INSERT INTO absence (staff_id, from_day, until_day, kind) VALUES ($1, $2, $3, $4) RETURNING id",
            staff_id,
            from_day,
            until_day,
            kind,
        )
        return absence_id

    async def task(
        self,
        state: str = "open",
        staff_id: int | None = None,
        begins_in_h: float = 0,
        region: int | None = None,
    ) -> UUID:
        """A visit. Who has it had an offer and took it."""
        task_id, street, now = new_id(), region or self.community.street, self.clock.now()
        path = await self.owner.fetchval("SELECT path FROM region WHERE id = $1", street)
        await self.owner.execute(
            "INSERT INTO task (id, kind, state, region_id, region_path, code, created_at, begins_at, staff_id)"
            " VALUES ($1, 'visit', $2, $3, $4, 100, $5, $6, $7)",
            task_id,
            state,
            street,
            path,
            now,
            now + timedelta(hours=begins_in_h),
            staff_id,
        )
        if staff_id is not None:
            await self._offer(task_id, staff_id, "accepted")
        return task_id

    async def asks(self, task_id: UUID, *staff_ids: int) -> None:
        """Offers that run."""
        await self.owner.execute("UPDATE task SET state = 'offered' WHERE id = $1", task_id)
        for staff_id in staff_ids:
            await self._offer(task_id, staff_id, None)

    async def _offer(self, task_id: UUID, staff_id: int, answer: str | None) -> None:
        now = self.clock.now()
        await self.owner.execute(
            "INSERT INTO task_offer (task_id, n, staff_id, by, offered_at, expires_at, answer, answered_at)"
            " SELECT $1, count(*) + 1, $2, 'sms', $3, $4, $5, $6 FROM task_offer WHERE task_id = $1",
            task_id,
            staff_id,
            now,
            now + timedelta(minutes=10),
            answer,
            now if answer else None,
        )

    async def begins(
        self, staff_id: int, by: DutyBy = DutyBy.SMS, until: datetime | None = None
    ) -> int:
        async with self.database.transaction() as session:
            return (await keeping.begin(session, staff_id, by, self.clock.now(), until)).id

    async def ends(self, staff_id: int, by: DutyBy = DutyBy.SMS) -> bool:
        async with self.database.transaction() as session:
            return await keeping.end(session, staff_id, by, self.clock.now())

    async def looks(self) -> int:
        """One cycle of the processor."""
        return await DutiesByTheClock(self.database, SHANGHAI).run_once(self.clock.now())

    async def duties(self, staff_id: int) -> list[tuple[Any, ...]]:
        """Began by, ended by, in hours from now until when it is planned; the oldest first."""
        rows = await self.owner.fetch(
            "SELECT began_by, ended_by, extract(epoch FROM planned_until - $2)::float / 3600 FROM duty"
            " WHERE staff_id = $1 ORDER BY id",
            staff_id,
            self.clock.now(),
        )
        return [tuple(row) for row in rows]

    async def states(self, *task_ids: UUID) -> list[str]:
        return [
            await self.owner.fetchval("SELECT state FROM task WHERE id = $1", each)
            for each in task_ids
        ]


@pytest.fixture
def staffed(community: Community, database: Database, clock: HandClock) -> Staffed:
    return Staffed(community, database, clock)
