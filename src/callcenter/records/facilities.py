"""Places that somebody runs for older people: day stations, canteens, institutions... with their hours, beds and place on the map."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from callcenter.auth.permissions import Action
from callcenter.core.written import Written
from callcenter.records.entering import Sought, held, keep, seen, sought
from callcenter.records.models import Facility, FacilityKind, Organisation
from callcenter.records.organisations import Name, SeenVersion
from callcenter.residents.access import Asking
from callcenter.residents.fields import Reading
from callcenter.residents.schemas import Line, View

MOST_BEDS = 100_000


class FacilityBody(Written):
    """`operator_id` is the organisation that runs it, `functions` what it is beside its kind; lat and lng are WGS-84 degrees; from
    `until_day` on it is no more.
    """

    kind: FacilityKind
    name: Name
    name_en: Line = ""
    operator_id: int | None = None
    region_id: int
    lat: float | None = None
    lng: float | None = None
    area_m2: Annotated[float | None, Field(gt=0, lt=1e9)] = None
    beds: Annotated[int | None, Field(ge=0, le=MOST_BEDS)] = None
    hours: Line = ""
    level: Line = ""
    functions: Annotated[list[FacilityKind], Field(max_length=20, default_factory=list)]
    until_day: date | None = None
    version: SeenVersion = None


class FacilityView(View):
    id: int
    kind: FacilityKind
    name: str
    name_en: str
    operator_id: int | None
    region_id: int
    lat: float | None
    lng: float | None
    area_m2: float | None
    beds: int | None
    hours: str
    level: str
    functions: list[FacilityKind]
    until_day: date | None
    version: int


async def list_facilities(asking: Asking, wanted: Sought) -> list[FacilityView]:
    """In the asker's regions and above them, by id."""
    rows = await sought(asking, Facility, wanted)
    return [FacilityView.model_validate(row) for row in rows]


async def add_facility(asking: Asking, body: FacilityBody) -> FacilityView:
    """Raises NotFound, InvalidFields for a position that is none."""
    return await _write(asking, Facility(), body)


async def change_facility(asking: Asking, facility_id: int, body: FacilityBody) -> FacilityView:
    """As `add_facility`; Conflict `changed_meanwhile`."""
    facility = await held(asking, Facility, facility_id, Action.EDIT_RESIDENTS)
    return await _write(asking, facility, body)


async def _write(asking: Asking, facility: Facility, body: FacilityBody) -> FacilityView:
    await asking.region(body.region_id, Action.EDIT_RESIDENTS)
    if body.operator_id is not None and body.operator_id != facility.operator_id:
        await seen(asking, Organisation, body.operator_id, "organisation")
    reading = Reading(asking.now.date())
    reading.position(body.lat, body.lng)
    reading.finish()
    values = body.model_dump(exclude={"version"})
    values["functions"] = list(dict.fromkeys(body.functions))
    return await keep(asking, facility, values, FacilityView, body.version)
