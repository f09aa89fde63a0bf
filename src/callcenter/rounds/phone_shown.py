"""What a phone at a door sees: its rounds of today and tomorrow with their stops, and whom its owner looks in on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.calls.statement import statement
from callcenter.rounds.pairs.said import PairSaid
from callcenter.rounds.pairs.ticking import pairs_of
from callcenter.rounds.visit import RoundKind, RunState, VisitState

SEEN: Final = "round_seen"
"""In the audit trail: where the homes of a run are, and how one gets in."""


class PhoneStop(BaseModel):
    """A stop as it stands on the phone: whom to ask for and where, nothing of what is known of them."""

    id: int
    n: int
    state: VisitState
    name: str
    name_latin: str
    address: str
    address_en: str
    access_note: str
    due_from: datetime | None
    due_until: datetime | None
    for_days: int
    todo: str
    note: str
    lat: float | None
    lng: float | None


class PhoneRun(BaseModel):
    id: int
    name: str
    kind: RoundKind
    day: str
    state: RunState
    begins_at: datetime
    closes_at: datetime
    check_list: list[str]
    stops: list[PhoneStop]


class PhonePair(BaseModel):
    id: int
    code: int
    name: str
    name_latin: str
    address: str
    address_en: str
    due_at: datetime
    said_at: datetime | None
    said: PairSaid | None


class PhoneRounds(BaseModel):
    now: datetime
    runs: list[PhoneRun]
    pairs: list[PhonePair]


async def rounds_of(session: AsyncSession, staff_id: int, now: datetime) -> PhoneRounds:
    """Of somebody of the staff; `now` is of the site's clock. The look is written down."""
    day = now.date()
    parts = {"staff_id": staff_id, "day": day, "until_day": day + timedelta(days=1)}
    runs = (await session.execute(_RUNS, parts)).mappings().all()
    await _note_looks(session, staff_id, runs, now)
    stops = await _stops_of(session, [row["id"] for row in runs])
    shown = [PhoneRun.model_validate({**row, "stops": stops.get(row["id"], [])}) for row in runs]
    ids = [pair.id for pair in await pairs_of(session, staff_id, day)]
    pairs = (await session.execute(_PAIRS, {"ids": ids})).mappings()
    looked = [PhonePair.model_validate(dict(row)) for row in pairs]
    return PhoneRounds(now=now, runs=shown, pairs=looked)


async def _stops_of(session: AsyncSession, runs: Sequence[int]) -> dict[int, list[PhoneStop]]:
    """By run, in their order."""
    stops: dict[int, list[PhoneStop]] = {}
    for row in (await session.execute(_STOPS, {"runs": runs})).mappings():
        stops.setdefault(row["run_id"], []).append(PhoneStop.model_validate(dict(row)))
    return stops


async def _note_looks(
    session: AsyncSession, staff_id: int, runs: Sequence[RowMapping], now: datetime
) -> None:
    """Once a run and person: a phone asks each minute."""
    for run in runs:
        if run["seen"]:
            continue
        await record(
            session,
            at=now,
            principal_id=None,
            action=SEEN,
            subject=f"round_run:{run['id']}:staff:{staff_id}",
            region_ids=run["path"],
            detail={"home_ids": run["home_ids"], "staff_id": staff_id},
        )


_RUNS = statement(
    """
SELECT run.id, round.name, round.kind, CAST(run.day AS text) AS day, run.state, run.begins_at, run.closes_at, round.check_list,
       region.path, EXISTS (
           SELECT FROM audit_entry WHERE subject = 'round_run:' || run.id || ':staff:' || CAST(:staff_id AS bigint)
       ) AS seen,
       ARRAY(SELECT DISTINCT home_id FROM round_visit WHERE run_id = run.id ORDER BY home_id) AS home_ids
FROM round_run AS run JOIN round ON round.id = run.round_id JOIN region ON region.id = round.region_id
WHERE run.staff_ids @> ARRAY[CAST(:staff_id AS bigint)] AND run.day BETWEEN CAST(:day AS date) AND CAST(:until_day AS date)
ORDER BY run.begins_at, run.id
"""
)

# Called out at the door: the name on the list of the dairy, never what is known of them.
_STOPS = statement(
    """
SELECT visit.run_id, visit.id, visit.n, visit.state, coalesce(person.name, '') AS name,
       coalesce(person.name_latin, '') AS name_latin, home.address, home.address_en, home.access_note, visit.due_from,
       visit.due_until, visit.for_days, stop.note AS todo, visit.note, home.lat, home.lng
FROM round_visit AS visit JOIN home ON home.id = visit.home_id JOIN round_stop AS stop ON stop.id = visit.stop_id
LEFT JOIN LATERAL (
    SELECT name, name_latin FROM resident
    WHERE resident.home_id = home.id AND (visit.resident_id IS NULL OR resident.id = visit.resident_id)
        AND status NOT IN ('deceased', 'moved') ORDER BY id LIMIT 1
) AS person ON true
WHERE visit.run_id = ANY(CAST(:runs AS bigint[])) ORDER BY visit.n, visit.id
"""
)

_PAIRS = statement(
    """
SELECT pair.id, pair.code, coalesce(person.name, '') AS name, coalesce(person.name_latin, '') AS name_latin, home.address,
       home.address_en, pair.due_at, pair.said_at, pair.said
FROM pair JOIN responsible ON responsible.id = pair.responsible_id JOIN home ON home.id = responsible.home_id
LEFT JOIN LATERAL (
    SELECT name, name_latin FROM resident
    WHERE resident.home_id = home.id AND (pair.resident_id IS NULL OR resident.id = pair.resident_id)
        AND status NOT IN ('deceased', 'moved') ORDER BY id LIMIT 1
) AS person ON true
WHERE pair.id = ANY(CAST(:ids AS bigint[])) ORDER BY pair.code
"""
)
