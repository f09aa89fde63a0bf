"""REST for records with a past: who lived where on a day, the past of one resident, and its corrections."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime

from callcenter.auth.guards import DatabaseSession, current_user, require
from callcenter.auth.permissions import Action
from callcenter.records import calendar, past
from callcenter.records.as_of import AsOf, headcount_as_of, people_as_of
from callcenter.records.models import FactKind
from callcenter.records.schemas import (
    By,
    CalendarList,
    Deadline,
    EventCorrection,
    FactCorrection,
    Headcount,
    NamesToRead,
    PastPage,
    PastView,
    ResidenceCorrection,
)
from callcenter.records.workdays import add_workdays
from callcenter.residents.guards import Hint, Part, Sealed, Trail
from callcenter.residents.names import latin_name

router = APIRouter(prefix="/api/v1", tags=["records"])

Viewer = require(Action.SEE_PROFILES)
Editor = require(Action.EDIT_RESIDENTS)
Manager = require(Action.MANAGE_USERS)
Anybody = Depends(current_user)
Year = Annotated[int, Path(ge=1949, le=2200)]


def asked_of(
    region_id: int,
    day: date,
    by: By = By.RESIDENCE,
    known_at: AwareDatetime | None = None,
    kind: FactKind | None = None,
    value: Annotated[str | None, Query(max_length=100)] = None,
) -> AsOf:
    """Which people on which day."""
    return AsOf(region_id, day, by, known_at, kind, value)


Asked = Annotated[AsOf, Depends(asked_of)]


@router.get("/residents/as-of", dependencies=[Viewer])
async def list_people_as_of(asking: Trail, asked: Asked, window: Part) -> PastPage:
    """Who lived in the region, and below it, on the day, by name, with what held of them then. By `hukou`: whose household was
    registered there, as far as they lived where you may see profiles. `known_at`: by what was known at that time; `kind` and
    `value`: only those of that class.
    """
    return await people_as_of(asking, asked, window)


@router.get("/residents/as-of/headcount", dependencies=[Viewer])
async def count_people_as_of(asking: Trail, asked: Asked) -> Headcount:
    """How many they were, counted to the last one, and how many of each class. No names; needs no audit entry."""
    return await headcount_as_of(asking, asked)


@router.get("/residents/{resident_id:int}/past", dependencies=[Viewer])
async def show_past(
    resident_id: int,
    asking: Trail,
    seal: Sealed,
    day: date | None = None,
    with_withdrawn: bool = False,
) -> PastView:
    """Where somebody lived, which facts held, what happened; with `day`: on that day, and what had happened until then."""
    return await past.past_of(asking, seal, resident_id, day=day, with_withdrawn=with_withdrawn)


@router.post("/residents/{resident_id:int}/past/residences", dependencies=[Editor, Hint])
async def correct_residences(
    resident_id: int, body: ResidenceCorrection, asking: Trail, seal: Sealed
) -> PastView:
    """Take stays back and put others in. What is the home today is changed more simply by `PATCH /residents/{id}`."""
    return await past.correct_residences(asking, seal, resident_id, body)


@router.post("/residents/{resident_id:int}/past/facts", dependencies=[Editor, Hint])
async def correct_facts(
    resident_id: int, body: FactCorrection, asking: Trail, seal: Sealed
) -> PastView:
    """Put facts in or take them back. A fact may end on a day to come; on that day today's copy follows by itself."""
    return await past.correct_facts(asking, seal, resident_id, body)


@router.post("/residents/{resident_id:int}/past/events", dependencies=[Editor, Hint])
async def correct_events(
    resident_id: int, body: EventCorrection, asking: Trail, seal: Sealed
) -> PastView:
    """Put events in or take them back: the wrong day of a death, a stay in hospital that nobody entered."""
    return await past.correct_events(asking, seal, resident_id, body)


# ---- the calendar of workdays


@router.get("/calendar", dependencies=[Anybody])
async def list_calendar_years(session: DatabaseSession) -> list[int]:
    """The years whose list of holidays and make-up workdays is known."""
    return await calendar.known_years(session)


@router.get("/calendar/deadline", dependencies=[Anybody])
async def work_out_deadline(
    session: DatabaseSession,
    from_day: date,
    workdays: Annotated[int, Query(ge=0, le=1_000)],
) -> Deadline:
    """The day on which so many workdays are over, not counting the first. 422 `calendar_year_missing` names a year whose list is
    missing.
    """
    due = add_workdays(await calendar.load_calendar(session), from_day, workdays)
    return Deadline(from_day=from_day, workdays=workdays, due=due)


@router.get("/calendar/{year:int}", dependencies=[Anybody])
async def show_calendar_year(year: Year, session: DatabaseSession) -> calendar.YearView:
    return await calendar.year_view(session, year)


@router.put("/calendar/{year:int}", dependencies=[Manager])
async def replace_calendar_year(year: Year, body: CalendarList, asking: Trail) -> calendar.YearView:
    """Enter the list of a whole year, or the corrected one, as an administrator of the whole site."""
    return await calendar.replace_year(asking, year, body.csv, body.source)


# ---- names in Latin letters


@router.post("/names/latin", dependencies=[Anybody])
def read_names(body: NamesToRead) -> dict[str, str]:
    """How names are read in Latin letters: of the staff, whose names stand as they are registered wherever they have done something.
    Says nothing of who bears one; needs no audit entry.
    """
    return {name: latin_name(name).latin for name in body.names}
