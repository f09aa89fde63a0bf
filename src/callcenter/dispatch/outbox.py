"""Tasks that an operator asks for at an incident: written in the statement of the timeline entry that says so, one part of it.

So a task is there exactly when its entry is, also where the command was given while the database was away; the office offers it
when it looks next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from callcenter.dispatch.task import ON_SITE, TaskKind, TaskState, TaskStepKind
from callcenter.dispatch.works_there import works_there

LEAST_CODE: Final = 100
CODES: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOrder:
    """Somebody is to go there. `staff_id`: they are asked first, and alone; `languages`: any of them is enough."""

    id: UUID
    what: str = ""
    kinds: Sequence[str] = ()
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    hazards: str = ""
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    home_id: int | None = None
    resident_id: int | None = None
    priority: int = 1
    staff_id: int | None = None


def task_id(cause: UUID) -> UUID:
    """Of what this command asks for: the same however often it is worked out. A UUID of the time of its cause (RFC 9562, version 7)."""
    rest = bytearray(sha256(cause.bytes + b"task").digest()[:10])
    rest[0] = rest[0] & 0x0F | 0x70
    rest[2] = rest[2] & 0x3F | 0x80
    return UUID(bytes=cause.bytes[:6] + bytes(rest))


def code_of(task: UUID) -> int:
    """Three digits by which a text says which task it means."""
    return LEAST_CODE + task.int % CODES


def task_rows(orders: Iterable[TaskOrder], now: datetime) -> list[dict[str, Any]]:
    """As rows of the document that `insert_tasks` reads. `now` is when it was asked for, also where it is written later."""
    return [
        {
            "id": one.id,
            "what": one.what,
            "kinds": list(one.kinds),
            "skills": list(one.skills),
            "languages": list(one.languages),
            "hazards": one.hazards,
            "place": one.place,
            "lat": one.lat,
            "lng": one.lng,
            "home_id": one.home_id,
            "resident_id": one.resident_id,
            "priority": one.priority,
            "staff_id": one.staff_id,
            "code": code_of(one.id),
            "until": now + ON_SITE,
        }
        for one in orders
    ]


def insert_tasks(document: str, at: str, user: tuple[str, str], cause: str) -> str:
    """The parts of a statement that write them, each with its first step: `document` and `at` are its parameters for the rows as JSON and
    the time, `user` those for who asks, by id and name, `cause` the part that answers with the incident. Only what is real and an alarm
    sends anybody. Somebody who is not of this region by now is not asked by name: then it goes to the best, as every other.
    """
    user_id, user_name = user
    return f"""
tasked AS (
    INSERT INTO task (
        id, kind, state, incident_id, home_id, resident_id, region_id, region_path, place, lat, lng, what, kinds, skills, languages,
        hazards, code, priority, created_at, created_by, begins_at, until_at, wanted_staff_id, look_at
    )
    SELECT t.id, '{TaskKind.RESCUE}', '{TaskState.OPEN}', cause.id, t.home_id, t.resident_id, cause.region_id, cause.region_path,
           t.place, t.lat, t.lng, t.what, t.kinds, t.skills, t.languages, t.hazards, t.code, t.priority, {at}, {user_id}::bigint,
           {at}, t.until, wanted.id, {at}
    FROM json_to_recordset({document}::text::json) AS t(
        id uuid, what text, kinds text[], skills text[], languages text[], hazards text, place text, lat float8, lng float8,
        home_id bigint, resident_id bigint, priority bigint, staff_id bigint, code bigint, until timestamptz
    ) CROSS JOIN {cause} AS cause
    LEFT JOIN LATERAL (
        SELECT staff.id FROM staff WHERE staff.id = t.staff_id AND {works_there("cause.region_path")}
    ) AS wanted ON true
    WHERE cause.mode = 'real' AND cause.class = 'alarm'
    ON CONFLICT (id) DO NOTHING
    RETURNING id, wanted_staff_id
), stepped AS (
    INSERT INTO task_step (task_id, n, at, kind, state, staff_id, by, user_id, data, told)
    SELECT tasked.id, 1, {at}, '{TaskStepKind.ENTERED}', '{TaskState.OPEN}', wanted_staff_id, 'seat', {user_id}::bigint,
           jsonb_strip_nulls(jsonb_build_object('doer', {user_name}::text, 'staff', staff.name)), true
    FROM tasked LEFT JOIN staff ON staff.id = wanted_staff_id
)
"""  # noqa: S608 names of parameters and of a part of the statement
