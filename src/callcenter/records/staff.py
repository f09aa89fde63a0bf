"""Those who work and help: what they can do, which languages they speak, for whom they work, from when until when."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import text

from callcenter.auth.permissions import Action
from callcenter.core.written import Written
from callcenter.records.entering import Sought, held, keep, seen, sought
from callcenter.records.models import Organisation, Staff
from callcenter.records.organisations import SeenVersion
from callcenter.records.staff_kinds import StaffKind
from callcenter.residents.access import Asking
from callcenter.residents.fields import Reading
from callcenter.residents.schemas import Line, View

Word = Annotated[str, Field(min_length=1, max_length=50)]
Words = Annotated[list[Word], Field(max_length=20, default_factory=list)]

_KEEP_NUMBERS = text("SELECT keep_numbers('staff', :id, CAST(:numbers AS text[]))")
"""Who had which number when (migration 0030b)."""


class StaffBody(Written):
    """`areas` are further regions in which they help; `languages` are words, with dialects; until `health_cert_until` the health certificate holds; from `active_until` on they help
    no more.
    """

    name: str
    phone: Line | None = None
    employer_id: int | None = None
    region_id: int
    areas: Annotated[list[int], Field(max_length=20, default_factory=list)]
    kinds: Annotated[list[StaffKind], Field(max_length=20, default_factory=list)]
    skills: Words
    languages: Words
    vehicle: Line = ""
    health_cert_until: date | None = None
    active_from: date | None = None
    """Today, unless given."""
    active_until: date | None = None
    version: SeenVersion = None


class StaffView(View):
    id: int
    name: str
    phone: str | None
    employer_id: int | None
    region_id: int
    areas: list[int]
    kinds: list[str]
    skills: list[str]
    languages: list[str]
    vehicle: str
    health_cert_until: date | None
    active_from: date
    active_until: date | None
    version: int


async def list_staff(asking: Asking, wanted: Sought) -> list[StaffView]:
    """In the asker's regions and above them, by id."""
    return [StaffView.model_validate(row) for row in await sought(asking, Staff, wanted)]


async def add_staff(asking: Asking, body: StaffBody) -> StaffView:
    """Raises NotFound, InvalidFields."""
    return await _write(asking, Staff(), body)


async def change_staff(asking: Asking, staff_id: int, body: StaffBody) -> StaffView:
    """As `add_staff`; Conflict `changed_meanwhile`."""
    staff = await held(asking, Staff, staff_id, Action.EDIT_RESIDENTS)
    return await _write(asking, staff, body)


async def _write(asking: Asking, staff: Staff, body: StaffBody) -> StaffView:
    await asking.region(body.region_id, Action.EDIT_RESIDENTS)
    if body.employer_id is not None and body.employer_id != staff.employer_id:
        await seen(asking, Organisation, body.employer_id, "organisation")
    for area in set(body.areas) - set(staff.areas or ()):
        await asking.region(area, Action.SEE_PROFILES)
    values = body.model_dump(exclude={"version"})
    values["active_from"] = body.active_from or staff.active_from or asking.now.date()
    reading = Reading(asking.now.date())
    values["name"] = reading.name("name", body.name)
    values["phone"] = reading.phone("phone", body.phone)
    if body.active_until is not None and body.active_until <= values["active_from"]:
        reading.blame("active_until", "ends_before_it_begins", body.active_until)
    reading.finish()
    values["areas"] = [each for each in body.areas if each != body.region_id]
    for words in ("areas", "kinds", "skills", "languages"):
        values[words] = list(dict.fromkeys(values[words]))
    had = staff.phone
    view = await keep(asking, staff, values, StaffView, body.version)
    if view.phone != had:
        await asking.dated()
        numbers = [view.phone] if view.phone else []
        await asking.session.execute(_KEEP_NUMBERS, {"id": view.id, "numbers": numbers})
    return view
