"""Tasks in the database of a running demo, for stories with a phone: they run beside Playwright, whose loop is not theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.cluster import Cluster
from callcenter.core.database import Database
from callcenter.dispatch import moving
from callcenter.dispatch.asking import offer
from callcenter.dispatch.doing import CLOCK, Doer, StepBy
from callcenter.dispatch.entering import Entered, enter
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.task import TaskKind
from callcenter.records.models import Staff
from callcenter.residents.models import Resident
from tests.support.field import suggested
from tests.support.show import Demo

T = TypeVar("T")
DESK = Doer(StepBy.DESK, 1, "周敏")


@dataclass(frozen=True)
class DemoField:
    demo: Demo

    def _run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def within() -> T:
            database = Database(Cluster.attach(self.demo.data_dir).dsn(), role=None)
            try:
                async with database.transaction() as session:
                    return await work(session)
            finally:
                await database.close()

        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, within()).result(timeout=60)

    def staff(self, kind: str) -> tuple[int, str]:
        """The first of a kind: id and name."""

        async def find(session: AsyncSession) -> tuple[int, str]:
            row = await session.scalar(
                select(Staff).where(Staff.kinds.contains([kind])).order_by(Staff.id)
            )
            assert row is not None
            return row.id, row.name

        return self._run(find)

    def visit_to(self, name: str, staff_id: int, **parts: Any) -> UUID:
        """Entered now, and offered to one for an hour."""
        now = datetime.now(UTC)

        async def enter_and_offer(session: AsyncSession) -> UUID:
            resident = await session.scalar(select(Resident).where(Resident.name == name))
            assert resident is not None
            region = await session.scalar(
                text("SELECT region_id FROM home WHERE id = :home"), {"home": resident.home_id}
            )
            asked = Entered(
                kind=TaskKind.VISIT,
                region_id=region,
                begins_at=now,
                home_id=resident.home_id,
                resident_id=resident.id,
                **parts,
            )
            task = await enter(session, asked, DESK, now)
            until = now + timedelta(hours=1)
            await offer(session, task, suggested(staff_id), OfferBy.SCREEN, until, DESK, now)
            return task.id

        return self._run(enter_and_offer)

    def give(self, task_id: UUID, staff_id: int) -> None:
        """By hand, to somebody else."""

        async def give(session: AsyncSession) -> None:
            task = await moving.held(session, task_id)
            await moving.give(session, task, staff_id, DESK, datetime.now(UTC))

        self._run(give)

    def give_up(self, task_id: UUID) -> None:
        """As the office does when nobody is left to ask."""

        async def give_up(session: AsyncSession) -> None:
            task = await moving.held(session, task_id)
            await moving.give_up(session, task, CLOCK, datetime.now(UTC))

        self._run(give_up)

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        async def ask(session: AsyncSession) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await session.execute(text(query), values)]

        return self._run(ask)
