"""Rounds and their runs as people see them, within the regions that they see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from callcenter.auth.permissions import Action
from callcenter.calls.statement import statement
from callcenter.core.errors import NotFound
from callcenter.residents.access import Asking
from callcenter.rounds.schemas import (
    RoundRunDetail,
    RoundRunView,
    RoundStopView,
    RoundView,
    RoundVisitView,
)

MOST_RUNS: Final = 1_000
MOST_STOPS: Final = 2_000


def _regions(asking: Asking) -> list[int]:
    return sorted(asking.principal.regions(Action.SEE_FIELD))


async def rounds_of(asking: Asking, round_id: int | None = None) -> list[RoundView]:
    """Templates, by name."""
    parts = {"regions": _regions(asking), "round_id": round_id, "today": asking.now.date()}
    rows = (await asking.session.execute(_ROUNDS, parts)).mappings()
    return [RoundView.model_validate(dict(row)) for row in rows]


async def round_of(asking: Asking, round_id: int) -> RoundView:
    """Raises NotFound."""
    found = await rounds_of(asking, round_id)
    if not found:
        raise NotFound("no such round", what="round")
    return found[0]


async def stops_of(asking: Asking, round_id: int) -> list[RoundStopView]:
    """Of a template, in their order; the look is written down."""
    await round_of(asking, round_id)
    parts = {"round_id": round_id, "most": MOST_STOPS}
    rows = (await asking.session.execute(_STOPS, parts)).mappings().all()
    await _note(asking, "round_stops_seen", f"round:{round_id}", [r["home_id"] for r in rows])
    return [RoundStopView.model_validate(dict(row)) for row in rows]


async def runs_of(asking: Asking, day: date, run_id: int | None = None) -> list[RoundRunView]:
    """Of a day: what wants eyes first, that is doors that did not open, then what is open still."""
    parts = {"regions": _regions(asking), "day": day, "run_id": run_id, "most": MOST_RUNS}
    rows = (await asking.session.execute(_RUNS, parts)).mappings()
    return [RoundRunView.model_validate(_run(dict(row))) for row in rows]


def _run(row: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: number for name, number in (row["counts"] or {}).items() if number}
    return {**row, "counts": counts, "stops": sum(counts.values())}


async def run_of(asking: Asking, run_id: int) -> RoundRunDetail:
    """With its stops; the look is written down. Raises NotFound."""
    found = await runs_of(asking, asking.now.date(), run_id)
    if not found:
        raise NotFound("no such run", what="round_run")
    parts = {"run_id": run_id, "most": MOST_STOPS}
    rows = (await asking.session.execute(_VISITS, parts)).mappings().all()
    round_ = await round_of(asking, found[0].round_id)
    await _note(asking, "round_run_seen", f"round_run:{run_id}", [r["home_id"] for r in rows])
    visits = [RoundVisitView.model_validate(dict(row)) for row in rows]
    return RoundRunDetail(run=found[0], check_list=round_.check_list, visits=visits)


async def _note(asking: Asking, action: str, subject: str, homes: list[int]) -> None:
    await asking.note(action, subject, _regions(asking), {"home_ids": sorted(set(homes))})


_NAMES = """
ARRAY(SELECT staff.name FROM unnest({ids}) WITH ORDINALITY AS walks(id, place)
      JOIN staff ON staff.id = walks.id ORDER BY place)
"""

_ROUNDS = statement(
    f"""
SELECT round.*, region.name AS region_name, region.name_en AS region_name_en, organisation.name AS organisation_name,
       {_NAMES.format(ids="round.staff_ids")} AS staff,
       (SELECT count(*) FROM round_stop WHERE round_id = round.id AND removed_at IS NULL) AS stops
FROM round JOIN region ON region.id = round.region_id
LEFT JOIN organisation ON organisation.id = round.organisation_id
WHERE region.path && CAST(:regions AS bigint[]) AND (CAST(:round_id AS bigint) IS NULL OR round.id = :round_id)
    AND (CAST(:round_id AS bigint) IS NOT NULL OR round.until_day IS NULL OR round.until_day > CAST(:today AS date))
ORDER BY round.name COLLATE "C", round.id
"""  # noqa: S608 constant parts
)

_WHO = "coalesce(resident.name, other.name) AS name, coalesce(resident.name_latin, other.name_latin) AS name_latin"
_BEHIND = """
LEFT JOIN resident ON resident.id = {row}.resident_id
LEFT JOIN LATERAL (
    SELECT name, name_latin FROM resident AS any_of WHERE {row}.resident_id IS NULL AND any_of.home_id = {row}.home_id
    AND any_of.status NOT IN ('deceased', 'moved') ORDER BY any_of.id LIMIT 1
) AS other ON true
"""

_STOPS = statement(
    f"""
SELECT stop.id, stop.n, stop.home_id, stop.resident_id, {_WHO}, home.address, home.address_en, stop.window_from,
       stop.window_until, stop.alternate, stop.every_days, stop.from_day, stop.note
FROM round_stop AS stop JOIN home ON home.id = stop.home_id
{_BEHIND.format(row="stop")}
WHERE stop.round_id = :round_id AND stop.removed_at IS NULL ORDER BY stop.n, stop.id LIMIT :most
"""  # noqa: S608 constant parts
)

_RUNS = statement(
    f"""
SELECT run.id, run.round_id, round.name, round.kind, round.region_id, run.day, run.state, run.begins_at, run.closes_at,
       run.began_at, run.closed_at, run.staff_ids, {_NAMES.format(ids="run.staff_ids")} AS staff,
       ARRAY(SELECT staff.name FROM staff WHERE staff.id = ANY(run.staff_ids) AND EXISTS (
           SELECT FROM absence WHERE absence.staff_id = staff.id AND from_day <= run.day
           AND (until_day IS NULL OR until_day > run.day)) ORDER BY staff.id) AS absent,
       jsonb_build_object('pending', visits.pending, 'done', visits.done, 'no_answer', visits.no_answer,
           'refused', visits.refused, 'away_known', visits.away_known, 'missed', visits.missed) AS counts,
       visits.far, visits.faults
FROM round_run AS run JOIN round ON round.id = run.round_id JOIN region ON region.id = round.region_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'done') AS done,
           count(*) FILTER (WHERE state = 'no_answer') AS no_answer, count(*) FILTER (WHERE state = 'refused') AS refused,
           count(*) FILTER (WHERE state = 'away_known') AS away_known, count(*) FILTER (WHERE state = 'missed') AS missed,
           count(*) FILTER (WHERE 'far' = ANY(flags)) AS far,
           coalesce(sum(jsonb_array_length(jsonb_path_query_array(answers, '$[*] ? (@.well == false)'))), 0) AS faults
    FROM round_visit WHERE run_id = run.id
) AS visits
WHERE region.path && CAST(:regions AS bigint[])
    AND CASE WHEN CAST(:run_id AS bigint) IS NULL THEN run.day = CAST(:day AS date) ELSE run.id = :run_id END
ORDER BY (visits.no_answer + visits.missed) > 0 DESC, run.state = 'closed', run.closes_at, round.name COLLATE "C", run.id
LIMIT :most
"""  # noqa: S608 constant parts
)

_VISITS = statement(
    f"""
SELECT visit.id, visit.n, visit.state, visit.home_id, visit.resident_id, {_WHO}, home.address, home.address_en,
       visit.due_from, visit.due_until, visit.for_days, visit.said_at, staff.name AS staff, visit.note, visit.flags,
       visit.answers, item.state AS call_state, raised.incident_id, incident.number AS incident_number
FROM round_visit AS visit JOIN home ON home.id = visit.home_id
{_BEHIND.format(row="visit")}
LEFT JOIN staff ON staff.id = visit.staff_id
LEFT JOIN call_item AS item ON item.id = visit.call_item_id
LEFT JOIN LATERAL (
    SELECT incident_id FROM call_signal WHERE call_signal.item_id = item.id ORDER BY created_at DESC LIMIT 1
) AS raised ON true
LEFT JOIN incident ON incident.id = raised.incident_id
WHERE visit.run_id = :run_id
ORDER BY visit.state IN ('no_answer', 'missed') DESC, visit.n, visit.id LIMIT :most
"""  # noqa: S608 constant parts
)
