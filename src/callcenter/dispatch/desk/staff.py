"""The people of the field beside the list, and the day of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import DateTime, bindparam, text

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.desk.asked_for import day_of
from callcenter.dispatch.desk.days import Laid, Piece, laid_out
from callcenter.dispatch.desk.reading import lines_of, note_look, regions_of
from callcenter.dispatch.desk.schemas import (
    DayTask,
    FieldPersonLine,
    PersonDay,
    PersonShift,
    TaskLine,
)
from callcenter.dispatch.people import BY_VEHICLE, ON_FOOT
from callcenter.records.models import Staff
from callcenter.residents.access import Asking

MOST_PEOPLE: Final = 500


async def people_of(asking: Asking, name: str) -> list[FieldPersonLine]:
    """Those on duty first, by name. At most 500: whoever is missing is found by the beginning of a name."""
    plain = name.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {
        "regions": regions_of(asking),
        "like": f"%{plain}%",
        "today": asking.now.date(),
        "most": MOST_PEOPLE,
    }
    rows = (await asking.session.execute(_PEOPLE, values)).mappings()
    return [FieldPersonLine.model_validate(dict(each)) for each in rows]


async def somebody(asking: Asking, staff_id: int, action: Action = Action.SEE_FIELD) -> Staff:
    """Of the staff, where the asker may do this. Raises NotFound."""
    reached = await reached_of(asking, [staff_id], action)
    found = await asking.session.get(Staff, staff_id) if reached else None
    if found is None:
        raise NotFound("There is nobody of the staff with this number.", what="staff")
    return found


async def reached_of(
    asking: Asking, ids: Sequence[int], action: Action = Action.SEE_FIELD
) -> frozenset[int]:
    """Those of them whom the asker sees."""
    values = {"ids": list(ids), "regions": regions_of(asking, action)}
    return frozenset(await asking.session.scalars(_REACHED, values))


def speed_of(staff: Staff) -> float:
    """Metres a minute."""
    return BY_VEHICLE if staff.vehicle else ON_FOOT


async def day_of_person(asking: Asking, staff_id: int, day: date, zone: tzinfo) -> PersonDay:
    """What the roster has, what was worked, and their tasks in their order. Raises NotFound."""
    staff = await somebody(asking, staff_id)
    since, until = day_of(day, zone)
    values = {"id": staff_id, "since": since, "until": until, "day": day, "now": asking.now}
    shifts = (await asking.session.execute(_SHIFTS, values)).mappings()
    ids = list(await asking.session.scalars(_TASKS, values))
    lines = await lines_of(asking, ids)
    await note_look(asking, lines)
    return PersonDay(
        staff_id=staff.id,
        name=staff.name,
        phone=staff.phone,
        day=day,
        begins_at=since,
        ends_at=until,
        absent=bool(await asking.session.scalar(_ABSENT, values)),
        shifts=[PersonShift.model_validate(dict(each)) for each in shifts],
        tasks=_in_order(lines, speed_of(staff)),
    )


def _in_order(lines: Sequence[TaskLine], speed: float) -> list[DayTask]:
    by_id = {each.id: each for each in lines}
    return [_day_task(by_id, each) for each in laid_out(map(piece_of, lines), speed)]


def piece_of(task: TaskLine) -> Piece:
    """When it is to be done; of one that is there since another time, from then on; of one that has ended, until then."""
    begins = task.arrived_at or task.begins_at
    lasts = timedelta(minutes=task.minutes)
    if task.ended_at is not None:
        lasts = max(task.ended_at - begins, timedelta(minutes=1))
    at = None if task.lat is None or task.lng is None else Spot(task.lat, task.lng)
    return Piece(task.id, begins, lasts, at)


def _day_task(by_id: Mapping[Any, TaskLine], laid: Laid) -> DayTask:
    return DayTask(
        task=by_id[laid.piece.task_id],
        begins_at=laid.piece.begins,
        ends_at=laid.piece.ends,
        way_minutes=laid.way_minutes,
        overlaps=laid.overlaps,
    )


_ZONED: Final = DateTime(timezone=True)

_WITHIN: Final = """
(region.path && CAST(:regions AS bigint[])
 OR EXISTS (SELECT FROM region AS mine WHERE mine.id = ANY(CAST(:regions AS bigint[])) AND mine.path @> ARRAY[staff.region_id]))
"""
"""Of a region that the asker sees, or of one above it: whoever works for the whole district works here."""

_REACHED: Final = text(
    f"SELECT staff.id FROM staff JOIN region ON region.id = staff.region_id WHERE staff.id = ANY(CAST(:ids AS bigint[])) AND {_WITHIN}"  # noqa: S608 constant parts
)

_PEOPLE: Final = text(
    f"""
SELECT staff.id AS staff_id, staff.name, staff.kinds, staff.phone, duty.id IS NOT NULL AS on_duty, duty.began_at AS on_duty_since,
       duty.planned_until, staff_position.lat, staff_position.lng, staff_position.at AS seen_at,
       EXISTS (SELECT FROM absence WHERE absence.staff_id = staff.id AND from_day <= :today
               AND (until_day IS NULL OR until_day > :today)) AS absent,
       (SELECT count(*) FROM task WHERE task.staff_id = staff.id AND task.ended_at IS NULL) AS jobs
FROM staff
JOIN region ON region.id = staff.region_id
LEFT JOIN duty ON duty.staff_id = staff.id AND duty.ended_at IS NULL
LEFT JOIN staff_position ON staff_position.staff_id = staff.id
WHERE {_WITHIN} AND staff.name ILIKE :like
    AND staff.active_from <= :today AND (staff.active_until IS NULL OR staff.active_until > :today)
ORDER BY duty.id IS NULL, staff.name COLLATE "C", staff.id LIMIT :most
"""  # noqa: S608 likewise
)

_SHIFTS: Final = text(
    """
SELECT begins_at, ends_at, false AS is_duty FROM roster_shift
WHERE staff_id = :id AND begins_at < :until AND ends_at > :since
UNION ALL
SELECT began_at, coalesce(ended_at, planned_until, greatest(began_at, :now)), true FROM duty
WHERE staff_id = :id AND began_at < :until AND coalesce(ended_at, planned_until, greatest(began_at, :now)) >= :since
ORDER BY 1, 2
"""
).bindparams(*(bindparam(each, type_=_ZONED) for each in ("since", "until", "now")))

_TASKS: Final = text(
    """
SELECT id FROM task WHERE staff_id = :id AND state <> 'cancelled' AND begins_at < :until
    AND (begins_at >= :since OR (ended_at IS NULL
         AND (begins_at + make_interval(mins => minutes::int) > :since OR (:now >= :since AND :now < :until))))
ORDER BY begins_at LIMIT 200
"""
).bindparams(*(bindparam(each, type_=_ZONED) for each in ("since", "until", "now")))
"""Of today also what is open from before."""

_ABSENT: Final = text(
    "SELECT EXISTS (SELECT FROM absence WHERE staff_id = :id AND from_day <= :day AND (until_day IS NULL OR until_day > :day))"
)
