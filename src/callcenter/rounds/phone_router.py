"""The page of a phone at a door: its rounds of today and tomorrow, its pairs, and what its owner said of each.

A command that makes no sense costs that command and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from sqlalchemy import RowMapping
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.audit.trail import record
from callcenter.auth.guards import CurrentContext, DatabaseSession, site_time
from callcenter.calls.statement import statement
from callcenter.core.database import Database
from callcenter.core.errors import CallCenterError, Invalid
from callcenter.core.written import Written
from callcenter.dispatch.phone.bodies import SaidAt, demand_time
from callcenter.dispatch.phone.guards import CurrentPhone
from callcenter.dispatch.proof import put_right
from callcenter.rounds.guards import Zone
from callcenter.rounds.pairs.said import PairBy, PairSaid
from callcenter.rounds.pairs.ticking import Tick, pairs_of, tick
from callcenter.rounds.schemas import LARGEST_CLOCK_ERROR_S, StopSaidBody
from callcenter.rounds.visit import RoundKind, RunState, VisitState
from callcenter.rounds.walking import Walker, say

router = APIRouter(prefix="/api/v1/phone/rounds", tags=["phones"])

log = structlog.get_logger(__name__)

MOST_COMMANDS = 100
SEEN = "round_seen"
"""In the audit trail: where the homes of a run are, and how one gets in."""
RowId = TypeAdapter(Annotated[int, Field(ge=1, lt=2**63)])


Now = Annotated[datetime, Depends(site_time)]


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


class RoundCommand(BaseModel):
    """One thing that was done, `name` round_visit or pair_tick; `body` has visit_id and what `POST /rounds/visits/{id}` takes, or
    pair_id, said and note. `id` is made by the phone: sent twice it counts once.
    """

    id: UUID
    name: Annotated[str, Field(max_length=40)]
    said_at: SaidAt
    clock_error_s: (
        Annotated[float, Field(ge=-LARGEST_CLOCK_ERROR_S, le=LARGEST_CLOCK_ERROR_S)] | None
    ) = None
    body: dict[str, Any]


class RoundCommands(Written):
    commands: Annotated[list[RoundCommand], Field(max_length=MOST_COMMANDS)]


class RoundAnswer(BaseModel):
    """`answer`: done; otherwise (somebody has said something later: `state` is what stands); refused, with the code."""

    id: UUID
    answer: str
    code: str
    params: dict[str, Any]


class RoundAnswers(BaseModel):
    now: datetime
    answers: list[RoundAnswer]


@router.get("")
async def show_my_rounds(phone: CurrentPhone, session: DatabaseSession, now: Now) -> PhoneRounds:
    """Runs of today and tomorrow that the asker walks, with their stops in their order, and whom they look in on."""
    staff_id, day = phone.staff_id, now.date()
    parts = {"staff_id": staff_id, "day": day, "until_day": day + timedelta(days=1)}
    runs = (await session.execute(_RUNS, parts)).mappings().all()
    stops = await session.execute(_STOPS, {"runs": [row["id"] for row in runs]})
    await _note_looks(session, staff_id, runs, now)
    by_run: dict[int, list[PhoneStop]] = {}
    for stop in stops.mappings():
        by_run.setdefault(stop["run_id"], []).append(PhoneStop.model_validate(dict(stop)))
    shown = [PhoneRun.model_validate({**row, "stops": by_run.get(row["id"], [])}) for row in runs]
    ids = [pair.id for pair in await pairs_of(session, staff_id, day)]
    pairs = (await session.execute(_PAIRS, {"ids": ids})).mappings()
    return PhoneRounds(
        now=now, runs=shown, pairs=[PhonePair.model_validate(dict(row)) for row in pairs]
    )


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


@router.post("/commands")
async def carry_out_round_commands(
    body: RoundCommands, phone: CurrentPhone, context: CurrentContext, now: Now, zone: Zone
) -> RoundAnswers:
    """In the order in which they were done. Each is answered for itself, now and whenever it comes again."""
    answers = [
        await _answered(context.database, phone.staff_id, command, now, zone)
        for command in body.commands
    ]
    return RoundAnswers(now=now, answers=answers)


async def _answered(
    database: Database, staff_id: int, command: RoundCommand, now: datetime, zone: tzinfo
) -> RoundAnswer:
    """Each in a transaction of its own: two phones with the same rounds in another order never wait for each other in a circle, and what
    goes wrong half way stops no other. Raises Unavailable.
    """
    try:
        async with database.transaction() as session:
            return await carry_out(session, staff_id, command, now, zone)
    except CallCenterError as error:
        if error.status_code >= 500:
            raise
        code, params = error.code, dict(error.params)
    except (DataError, IntegrityError) as error:
        log.warning("phone_command_not_stored", command=command.name, error=str(error.orig))
        code, params = "not_possible", {}
    return RoundAnswer(id=command.id, answer="refused", code=code, params=params)


async def carry_out(
    session: AsyncSession, staff_id: int, command: RoundCommand, now: datetime, zone: tzinfo
) -> RoundAnswer:
    """One of them, for whoever brings commands of a phone. Raises what `say` and `tick` raise, Invalid `unknown_command`,
    `not_understood`, `said_at_impossible`.
    """
    demand_time(command.said_at)
    if command.name == "round_visit":
        return await _visit(session, staff_id, command, now, zone)
    if command.name == "pair_tick":
        return await _pair(session, staff_id, command, now, zone)
    raise Invalid(f"There is no command {command.name}.", code="unknown_command")


async def _visit(
    session: AsyncSession, staff_id: int, command: RoundCommand, now: datetime, zone: tzinfo
) -> RoundAnswer:
    given = {name: value for name, value in command.body.items() if name != "visit_id"}
    said = {
        "id": command.id,
        "said_at": command.said_at,
        "clock_error_s": command.clock_error_s,
    }
    try:
        body = StopSaidBody.model_validate(given | said)
        visit_id = RowId.validate_python(command.body.get("visit_id"))
    except ValidationError as error:
        raise Invalid("The command is not understood.", code="not_understood") from error
    told = await say(session, visit_id, body.at_door(now), Walker(staff_id), now, zone)
    params = {"state": told.state.value, "flags": list(told.flags)}
    answer = "done" if told.stands else "otherwise"
    code = "" if told.stands else "said_later"
    return RoundAnswer(id=command.id, answer=answer, code=code, params=params)


async def _pair(
    session: AsyncSession, staff_id: int, command: RoundCommand, now: datetime, zone: tzinfo
) -> RoundAnswer:
    mine = [pair.id for pair in await pairs_of(session, staff_id, now.date())]
    pair_id = command.body.get("pair_id")
    said = command.body.get("said")
    if pair_id not in mine or said not in list(PairSaid):
        raise Invalid("The command is not understood.", code="not_understood")
    error = None if command.clock_error_s is None else timedelta(seconds=command.clock_error_s)
    at = put_right(demand_time(command.said_at), error, now)
    word = Tick(id=command.id, said=PairSaid(said), by=PairBy.PHONE, at=at)
    await tick(session, int(pair_id), word, now, zone)
    return RoundAnswer(id=command.id, answer="done", code="", params={})


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
