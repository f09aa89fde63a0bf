"""Entering a task: where it is, when it is wanted, and what whoever goes there may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.errors import NotFound
from callcenter.core.ids import new_id
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.doing import Doer
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.offering import first_look
from callcenter.dispatch.steps import write_step
from callcenter.dispatch.task import TaskKind, TaskState, TaskStepKind
from callcenter.regions.models import Region
from callcenter.residents.models import Home

_LEAST_CODE: Final = 100
_CODES: Final = 900
NORMAL: Final = 5
MOST_URGENT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A task as it is asked for. Of a home the place is looked up; `staff_id`: asked for by name, they alone are asked first."""

    kind: TaskKind
    region_id: int
    begins_at: datetime
    what: str = ""
    minutes: int = 30
    until_at: datetime | None = None
    home_id: int | None = None
    resident_id: int | None = None
    incident_id: UUID | None = None
    round_visit_id: int | None = None
    place: str = ""
    destination: str = ""
    at: Spot | None = None
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    kinds: Sequence[str] = ()
    check_list: Sequence[str] = ()
    hazards: str = ""
    priority: int = NORMAL
    id: UUID | None = None
    staff_id: int | None = None


def code_of(task_id: UUID) -> int:
    """Three digits by which a text says which task it means."""
    return _LEAST_CODE + task_id.int % _CODES


async def enter(session: AsyncSession, entered: Entered, doer: Doer, now: datetime) -> TaskRow:
    """The task, written with its first step. Raises NotFound for a region or home that is not there."""
    region = await session.get(Region, entered.region_id)
    if region is None:
        raise NotFound(f"There is no region {entered.region_id}.", what="region")
    place, spot = await _where(session, entered)
    task_id = entered.id or new_id()
    task = TaskRow(
        id=task_id,
        kind=entered.kind,
        state=TaskState.OPEN,
        incident_id=entered.incident_id,
        round_visit_id=entered.round_visit_id,
        home_id=entered.home_id,
        resident_id=entered.resident_id,
        region_id=region.id,
        region_path=list(region.path),
        place=place,
        destination=entered.destination,
        lat=spot.lat if spot else None,
        lng=spot.lng if spot else None,
        what=entered.what,
        skills=list(entered.skills),
        languages=list(entered.languages),
        kinds=list(entered.kinds),
        check_list=list(entered.check_list),
        hazards=entered.hazards,
        code=code_of(task_id),
        priority=entered.priority,
        created_at=now,
        created_by=doer.user_id,
        begins_at=entered.begins_at,
        until_at=entered.until_at,
        minutes=entered.minutes,
        wanted_staff_id=entered.staff_id,
        look_at=first_look(entered.kind, entered.begins_at, now),
        version=1,
    )
    session.add(task)
    await session.flush()
    await write_step(session, task, TaskStepKind.ENTERED, doer, now)
    return task


async def _where(session: AsyncSession, entered: Entered) -> tuple[str, Spot | None]:
    """In words and on the map; what was said with the task goes before what the home has."""
    if entered.home_id is None:
        return entered.place, entered.at
    home = await session.scalar(select(Home).where(Home.id == entered.home_id))
    if home is None:
        raise NotFound(f"There is no home {entered.home_id}.", what="home")
    known = None if home.lat is None or home.lng is None else Spot(home.lat, home.lng)
    return entered.place or home.address, entered.at or known
