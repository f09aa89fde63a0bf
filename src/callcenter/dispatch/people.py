"""Who could be asked about a task, as they stand at this moment: what `choosing` ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.dispatch.asking import as_offer, offers_of
from callcenter.dispatch.choosing import Hindrance, Need, Person, Spot
from callcenter.dispatch.models import TaskRow
from callcenter.dispatch.offering import answers_of
from callcenter.dispatch.task import TaskKind
from callcenter.dispatch.works_there import works_there
from callcenter.records.staff_kinds import StaffKind

ON_FOOT: Final = 80.0
BY_VEHICLE: Final = 350.0
"""Metres a minute as the crow flies: walking 5 km/h, driving 20 km/h in a town."""


def need_of(task: TaskRow) -> Need:
    """What a task asks for."""
    spot = None if task.lat is None or task.lng is None else Spot(task.lat, task.lng)
    return Need(
        TaskKind(task.kind),
        spot,
        task.begins_at,
        timedelta(minutes=task.minutes),
        frozenset(task.skills),
        frozenset(task.languages),
        frozenset(StaffKind(each) for each in task.kinds),
    )


async def people_for(
    session: AsyncSession, task: TaskRow, now: datetime, zone: tzinfo
) -> list[Person]:
    """Staff who help where the task is (`works_there`), with what they have said of it. Whose duty is over and goes on only for a task in
    hand is asked about no other. `zone`: the site's, in which absences and today are days.
    """
    answers = answers_of([as_offer(row) for row in await offers_of(session, task)])
    asked = {
        "path": list(task.region_path),
        "home": task.home_id,
        "task": task.id,
        "now": now,
        "begins": max(task.begins_at, now),
        "ends": max(task.begins_at, now) + timedelta(minutes=task.minutes),
        "day": now.astimezone(zone).date(),
        "day_begins": now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0),
        "that_day": task.begins_at.astimezone(zone).date(),
    }
    rows = await session.execute(text(_PEOPLE), asked)
    return [_person(row, answers) for row in rows.mappings()]


def _person(row: RowMapping, answers: Mapping[int, Hindrance]) -> Person:
    at = None if row["lat"] is None else Spot(row["lat"], row["lng"])
    return Person(
        staff_id=row["id"],
        name=row["name"],
        kinds=frozenset(StaffKind(each) for each in row["kinds"]),
        on_duty=row["on_duty"],
        reachable=bool(row["phone"]),
        skills=frozenset(row["skills"]),
        languages=frozenset(row["languages"]),
        absent=row["absent"],
        certificate_ended=row["certificate_ended"],
        lives_there=row["lives_there"],
        holds_key="key_holder" in _duties(row),
        looks_after=bool(set(_duties(row)) - {"key_holder"}),
        at=at,
        seen_at=row["seen_at"],
        speed_m_per_min=BY_VEHICLE if row["vehicle"] else ON_FOOT,
        busy_until=row["busy_until"],
        jobs_today=row["jobs_today"],
        answer=answers.get(row["id"]),
    )


def _duties(row: RowMapping) -> Sequence[str]:
    return row["duties"] or ()


_PEOPLE = f"""
SELECT staff.id, staff.name, staff.phone, staff.kinds, staff.skills, staff.languages, staff.vehicle,
       coalesce(duty.planned_until > CAST(:now AS timestamptz) - interval '1 minute', duty.id IS NOT NULL) AS on_duty,
       coalesce(staff.health_cert_until < :day, false) AS certificate_ended,
       EXISTS (
           SELECT FROM absence WHERE absence.staff_id = staff.id AND from_day <= :that_day
           AND (until_day IS NULL OR until_day > :that_day)
       ) AS absent,
       EXISTS (
           SELECT FROM resident WHERE resident.home_id = CAST(:home AS bigint)
           AND staff.phone IN (resident.phone, resident.second_phone)
       ) AS lives_there,
       (SELECT array_agg(responsible.duty) FROM responsible
        WHERE responsible.staff_id = staff.id AND responsible.home_id = CAST(:home AS bigint)
          AND from_day <= :day AND (until_day IS NULL OR until_day > :day)) AS duties,
       staff_position.lat, staff_position.lng, staff_position.at AS seen_at,
       busy.until AS busy_until, today.jobs AS jobs_today
FROM staff
JOIN region ON region.id = staff.region_id
LEFT JOIN duty ON duty.staff_id = staff.id AND duty.ended_at IS NULL
LEFT JOIN staff_position ON staff_position.staff_id = staff.id
CROSS JOIN LATERAL (
    SELECT max(greatest(other.begins_at, coalesce(other.arrived_at, other.begins_at)) + make_interval(mins => CAST(other.minutes AS int))) AS until
    FROM task AS other
    WHERE other.staff_id = staff.id AND other.ended_at IS NULL AND other.id <> :task
      AND other.begins_at >= CAST(:day_begins AS timestamptz) - interval '1 day' AND other.begins_at < CAST(:ends AS timestamptz)
) AS busy
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs FROM task AS other
    WHERE other.staff_id = staff.id AND other.state <> 'cancelled'
      AND other.begins_at >= :day_begins AND other.begins_at < CAST(:day_begins AS timestamptz) + interval '1 day'
) AS today
WHERE staff.active_from <= :day AND (staff.active_until IS NULL OR staff.active_until > :day)
  AND {works_there("CAST(:path AS bigint[])", "region.path")}
ORDER BY staff.id
"""  # noqa: S608 constants
