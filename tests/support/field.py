"""A community with staff who can be sent: rows for tests of the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.dispatch import moving
from callcenter.dispatch.choosing import Person, Spot, Suggestion
from callcenter.dispatch.doing import Doer, StepBy
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.task import TaskKind
from tests.support.community import Community

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SEAT = Doer(StepBy.SEAT, 7, "林晓雯")
DESK = Doer(StepBy.DESK, 8, "周敏")
PHONE = Doer(StepBy.PHONE)


def suggested(*staff_ids: int) -> list[Suggestion]:
    """As if `choosing` had found them, in this order."""
    nobody: frozenset[str] = frozenset()
    return [
        Suggestion(Person(each, f"staff {each}", frozenset(), True, True, nobody), 7)
        for each in staff_ids
    ]


@dataclass
class Field:
    """Writes staff and tasks; each method answers with the new id or row."""

    database: Database
    owner: asyncpg.Connection
    community: Community
    _phones: int = 0

    async def staff(
        self,
        name: str,
        kinds: Sequence[str] = ("social_worker",),
        *,
        on_duty: bool = True,
        region: int | None = None,
        at: Spot | None = None,
        phone: str | None = None,
        languages: Sequence[str] = (),
    ) -> int:
        self._phones += 1
        staff_id: int = await self.owner.fetchval(
            "INSERT INTO staff (name, phone, region_id, kinds, languages, active_from)"
            " VALUES ($1, $2, $3, $4, $5, '2020-01-01') RETURNING id",
            name,
            phone or f"+8613800001{self._phones:03}",
            region or self.community.street,
            list(kinds),
            list(languages),
        )
        if on_duty:
            await self.begin_duty(staff_id)
        if at is not None:
            await self.place(staff_id, at)
        return staff_id

    async def begin_duty(self, staff_id: int, at: datetime = NOW) -> None:
        await self.owner.execute(
            "INSERT INTO duty (staff_id, began_at, began_by) VALUES ($1, $2, 'page')", staff_id, at
        )

    async def end_duty(self, staff_id: int, at: datetime = NOW) -> None:
        await self.owner.execute(
            "UPDATE duty SET ended_at = greatest($2, began_at), ended_by = 'page'"
            " WHERE staff_id = $1 AND ended_at IS NULL",
            staff_id,
            at,
        )

    async def place(self, staff_id: int, at: Spot, seen: datetime = NOW) -> None:
        await self.owner.execute(
            "INSERT INTO staff_position (staff_id, at, lat, lng, source) VALUES ($1, $2, $3, $4, 'page')"
            " ON CONFLICT (staff_id) DO UPDATE SET at = excluded.at, lat = excluded.lat, lng = excluded.lng",
            staff_id,
            seen,
            at.lat,
            at.lng,
        )

    async def visit(self, session: AsyncSession, **parts: object) -> TaskRow:
        """A visit to a home of the street, now, unless the parts say otherwise."""
        home = await self.community.home()
        asked = {
            "kind": TaskKind.VISIT,
            "region_id": self.community.street,
            "begins_at": NOW,
            "home_id": home,
            "what": "打扫",
            "minutes": 60,
        }
        return await enter(session, Entered(**asked | parts), DESK, NOW)  # type: ignore[arg-type]

    async def task(self, **parts: object) -> UUID:
        """The same, committed."""
        async with self.database.transaction() as session:
            return (await self.visit(session, **parts)).id

    async def accepted(self, staff_id: int, **parts: object) -> UUID:
        """One that somebody has."""
        task_id = await self.task(**parts)
        async with self.database.transaction() as session:
            task = await moving.held(session, task_id)
            await moving.accept(session, task, staff_id, PHONE, NOW)
        return task_id

    async def steps(self, task_id: UUID) -> list[str]:
        rows = await self.owner.fetch(
            "SELECT kind FROM task_step WHERE task_id = $1 ORDER BY n", task_id
        )
        return [row["kind"] for row in rows]

    async def row(self, task_id: UUID) -> asyncpg.Record:
        return await self.owner.fetchrow("SELECT * FROM task WHERE id = $1", task_id)


def later(**parts: float) -> datetime:
    """After NOW."""
    return NOW + timedelta(**parts)
