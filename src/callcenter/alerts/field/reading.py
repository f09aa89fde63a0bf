"""Reads who is sent to an incident, and who could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.alerts.field.figures import Went
from callcenter.alerts.field.shown import (
    MOST_HINDERED,
    FieldOfIncident,
    SentTaskView,
    hindered_of,
    suggestions_of,
    task_view,
)
from callcenter.alerts.handling.sending import may_be_named
from callcenter.core.ids import new_id
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.people import need_of, people_for
from callcenter.dispatch.task import TaskKind, TaskState
from callcenter.records.staff_kinds import StaffKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a seat looks for."""

    kinds: Sequence[StaffKind] = ()
    skills: Sequence[str] = ()
    seen: frozenset[int] = frozenset()
    """Regions whose people the user sees."""


async def find_place(session: AsyncSession, incident_id: UUID) -> Mapping[str, Any] | None:
    """Of the incident: where it is, and in which regions."""
    row = (await session.execute(text(_PLACE), {"id": incident_id})).mappings().one_or_none()
    return dict(row) if row is not None else None


async def read_field(
    session: AsyncSession, place: Mapping[str, Any], wanted: Wanted, now: datetime, zone: tzinfo
) -> FieldOfIncident:
    """Of the incident at this place: its tasks, the last first, and who may be asked at this moment, the best first. Whoever may not
    be picked by this user is not shown; the office asks them all the same.
    """
    tasks = await _tasks(session, place["id"])
    asked = _not_written(place, wanted, now)
    need, people = need_of(asked), await people_for(session, asked, now, zone)
    phones = await _phones(session, [each.staff_id for each in people], place, wanted.seen)
    people = [each for each in people if each.staff_id in phones]
    others = hindered_of(need, people, phones)
    return FieldOfIncident(
        at=now,
        tasks=tasks,
        suggestions=suggestions_of(need, people, phones, now),
        hindered=others[:MOST_HINDERED],
        hindered_count=len(others),
    )


def _not_written(place: Mapping[str, Any], wanted: Wanted, now: datetime) -> TaskRow:
    """The task that would be asked for."""
    return TaskRow(
        id=new_id(),
        kind=TaskKind.RESCUE,
        state=TaskState.OPEN,
        incident_id=place["id"],
        home_id=place["home_id"],
        region_id=place["region_id"],
        region_path=list(place["region_path"]),
        lat=place["lat"],
        lng=place["lng"],
        skills=list(wanted.skills),
        languages=[each for each in place["dialects"] if each],
        kinds=[kind.value for kind in wanted.kinds],
        begins_at=now,
        minutes=30,
    )


async def _tasks(session: AsyncSession, incident_id: UUID) -> list[SentTaskView]:
    rows = (await session.execute(text(_TASKS), {"id": incident_id})).mappings().all()
    ids = {"ids": [row["id"] for row in rows]}
    asked = (await session.execute(text(_ASKED), ids)).mappings().all()
    steps = (await session.execute(text(_STEPS), ids)).mappings().all()
    given, said = [dict(each) for each in asked], [dict(each) for each in steps]
    return [task_view(dict(row), given, said) for row in rows]


async def _phones(
    session: AsyncSession, staff_ids: Sequence[int], place: Mapping[str, Any], seen: frozenset[int]
) -> dict[int, str | None]:
    """Of those who may be picked."""
    rows = await session.execute(text(_PHONES), {"ids": list(staff_ids)})
    path = place["region_path"]
    return {row.id: row.phone for row in rows if may_be_named(row.path, path, seen)}


async def read_went(session: AsyncSession, regions: frozenset[int], since: datetime) -> list[Went]:
    """Of the tasks that were asked for at alarms in these regions since then."""
    rows = await session.execute(text(_WENT), {"since": since, "regions": sorted(regions)})
    return [Went(*row) for row in rows]


_WENT = """
SELECT created_at, accepted_at, arrived_at, ended_at FROM task
WHERE kind = 'rescue' AND created_at >= :since AND region_path && CAST(:regions AS bigint[])
"""

_PLACE = """
SELECT incident.id, incident.home_id, incident.region_id, incident.region_path, incident.lat, incident.lng,
       coalesce((SELECT array_agg(DISTINCT dialect) FROM resident WHERE resident.home_id = incident.home_id
                 AND (incident.resident_id IS NULL OR resident.id = incident.resident_id)), '{}') AS dialects
FROM incident WHERE incident.id = :id
"""

_TASKS = """
SELECT task.*, staff.name AS staff, staff.phone AS phone
FROM task LEFT JOIN staff ON staff.id = coalesce(task.staff_id, task.wanted_staff_id)
WHERE incident_id = :id ORDER BY created_at DESC, task.id DESC
"""

_ASKED = """
SELECT task_id, staff_id, name, phone, by, offered_at, expires_at, answer, answered_at
FROM task_offer JOIN staff ON staff.id = staff_id WHERE task_id = ANY(:ids) ORDER BY n
"""

_STEPS = "SELECT task_id, n, at, kind, data FROM task_step WHERE task_id = ANY(:ids) ORDER BY n"

_PHONES = """
SELECT staff.id, staff.phone, region.path FROM staff JOIN region ON region.id = staff.region_id WHERE staff.id = ANY(:ids)
"""
