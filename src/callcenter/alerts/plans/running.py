"""The plan of an incident as the rows have it: which one it runs with, what it says, what was done of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from callcenter.alerts.incident import Incident
from callcenter.alerts.plans.built_in import built_in
from callcenter.alerts.plans.choosing import Candidate, Choice, choose
from callcenter.alerts.plans.plan import read_steps
from callcenter.alerts.plans.playing import Done, Run


async def read_run(connection: asyncpg.Connection, incident: Incident) -> Run | None:
    """The run of this incident; None before its first take, or where only a newer server can read the plan."""
    row = await connection.fetchrow(_RUNNING, incident.id)
    if row is None:
        return None
    choice = Choice(row["kind"], row["plan_id"], row["version"])
    rows = await connection.fetch(_SAID, incident.id, row["number"])
    return await _run_of(connection, choice, row["started_at"], [_done(one) for one in rows])


async def would_run(connection: asyncpg.Connection, choice: Choice) -> Run | None:
    """The plan that holds now, not begun."""
    return await _run_of(connection, choice, None, ())


async def _run_of(
    connection: asyncpg.Connection,
    choice: Choice,
    started_at: datetime | None,
    said: Sequence[Done],
) -> Run | None:
    if choice.plan_id is None:
        plan = built_in(choice.kind)
        return Run(choice, plan.name, plan.name_en, plan.steps, started_at, said)
    row = await connection.fetchrow(_PLAN, choice.plan_id, choice.version)
    steps = read_steps(row["steps"]) if row else None
    if row is None or not steps:
        return None
    return Run(choice, row["name"], row["name_en"], steps, started_at, said, row["resident_id"])


def _done(row: Mapping[str, Any]) -> Done:
    return Done(row["step"], row["answer"], row["at"], row["user_name"])


async def begun_with(connection: asyncpg.Connection, incident: Incident) -> Choice | None:
    """What it runs with, without reading the plan."""
    row = await connection.fetchrow(_RUNNING, incident.id)
    return Choice(row["kind"], row["plan_id"], row["version"]) if row else None


async def holding(
    connection: asyncpg.Connection, incident: Incident, resident_id: int | None = None
) -> Choice:
    """The plan that holds for it now; `resident_id`: who it turns out to be."""
    residents = [resident_id] if resident_id is not None else whose(incident)
    rows = await connection.fetch(
        _CANDIDATES, incident.kind, residents, list(incident.region_path), resident_id
    )
    path = rows[0]["path"] if rows else ()
    candidates = [
        Candidate(row["id"], row["version"], row["kinds"], row["resident_id"], row["region_id"])
        for row in rows
    ]
    return choose(candidates, incident.kind, residents, path)


def whose(incident: Incident) -> list[int]:
    """Whoever pressed; where that is unclear everybody of the home."""
    if incident.resident_id is not None:
        return [incident.resident_id]
    people = incident.card.get("people", ())
    return [person["resident_id"] for person in people if "resident_id" in person]


_RUNNING = """
SELECT number, plan_id, version, kind, started_at FROM incident_plan
WHERE incident_id = $1 ORDER BY number DESC LIMIT 1
"""

_PLAN = """
SELECT said.name, said.name_en, said.steps, action_plan.resident_id
FROM action_plan_version AS said LEFT JOIN action_plan ON action_plan.id = said.plan_id
WHERE said.plan_id = $1 AND said.version = $2
"""

_SAID = """
SELECT coalesce(data->>'plan_step', data->>'step') AS step,
       coalesce(data->>'answer', data->>'result', 'done') AS answer, at, user_name
FROM timeline_entry
WHERE incident_id = $1 AND number > $2
  AND (kind = 'plan_step' OR (kind IN ('step', 'told', 'sent') AND data->>'plan_step' IS NOT NULL))
ORDER BY number
"""

_CANDIDATES = """
WITH place AS (
    SELECT coalesce(
        (SELECT region.path FROM resident JOIN home ON home.id = resident.home_id
         JOIN region ON region.id = home.region_id WHERE resident.id = $4::bigint),
        $3::bigint[]) AS path
)
SELECT action_plan.id, action_plan.version, action_plan.kinds, action_plan.resident_id, action_plan.region_id, place.path
FROM action_plan, place
WHERE action_plan.active AND $1 = ANY(action_plan.kinds)
  AND (action_plan.resident_id = ANY($2::bigint[]) OR action_plan.region_id = ANY(place.path))
"""
