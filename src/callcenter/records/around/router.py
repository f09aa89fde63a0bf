"""REST for who and what stands around residents: organisations, facilities, staff; who looks after whom, who may act for whom, what
somebody agreed to, who has which number.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from callcenter.auth.guards import require
from callcenter.auth.permissions import Action
from callcenter.records import (
    agents,
    consents,
    entering,
    facilities,
    numbers,
    organisations,
    responsible,
    staff,
)
from callcenter.records.agents import AgentBody, AgentChanges, AgentView
from callcenter.records.consents import ConsentBody, ConsentView
from callcenter.records.entering import Change, Sought
from callcenter.records.facilities import FacilityBody, FacilityView
from callcenter.records.models import (
    Facility,
    FacilityKind,
    Organisation,
    OrganisationKind,
    Staff,
)
from callcenter.records.numbers import NumberView
from callcenter.records.organisations import OrganisationBody, OrganisationView
from callcenter.records.responsible import ResponsibleBody, ResponsibleChanges, ResponsibleView
from callcenter.records.staff import StaffBody, StaffView
from callcenter.records.staff_kinds import StaffKind
from callcenter.residents.guards import Trail

router = APIRouter(prefix="/api/v1", tags=["records"])

Viewer = require(Action.SEE_PROFILES)
Editor = require(Action.EDIT_RESIDENTS)
Manager = require(Action.MANAGE_USERS)


def part_of(
    region_id: int | None = None,
    with_ended: bool = False,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> dict[str, Any]:
    """Which part of a list; for more of it ask again with `after`, the id of the last one."""
    return {"region_id": region_id, "with_ended": with_ended, "after": after, "limit": limit}


Part = Annotated[dict[str, Any], Depends(part_of)]


# ---- organisations


@router.get("/organisations", dependencies=[Viewer])
async def list_organisations(
    asking: Trail, part: Part, kind: OrganisationKind | None = None
) -> list[OrganisationView]:
    """In the granted regions and above them, by id; those that are no more only `with_ended`."""
    return await organisations.list_organisations(asking, Sought(**part, kind=kind))


@router.post("/organisations", status_code=201, dependencies=[Manager])
async def add_organisation(body: OrganisationBody, asking: Trail) -> OrganisationView:
    """Enter a department, provider, shop... A code whose check character does not fit is refused."""
    return await organisations.add_organisation(asking, body)


@router.put("/organisations/{organisation_id}", dependencies=[Manager])
async def change_organisation(
    organisation_id: int, body: OrganisationBody, asking: Trail
) -> OrganisationView:
    """Nothing is removed: with `until_day` it ends."""
    return await organisations.change_organisation(asking, organisation_id, body)


@router.get("/organisations/{organisation_id}/changes", dependencies=[Viewer])
async def show_organisation_changes(organisation_id: int, asking: Trail) -> list[Change]:
    return await entering.changes_of(asking, Organisation, organisation_id)


# ---- facilities


@router.get("/facilities", dependencies=[Viewer])
async def list_facilities(
    asking: Trail, part: Part, kind: FacilityKind | None = None
) -> list[FacilityView]:
    """In the granted regions and above them, by id; those that are no more only `with_ended`."""
    return await facilities.list_facilities(asking, Sought(**part, kind=kind))


@router.post("/facilities", status_code=201, dependencies=[Editor])
async def add_facility(body: FacilityBody, asking: Trail) -> FacilityView:
    return await facilities.add_facility(asking, body)


@router.put("/facilities/{facility_id}", dependencies=[Editor])
async def change_facility(facility_id: int, body: FacilityBody, asking: Trail) -> FacilityView:
    """Nothing is removed: with `until_day` it ends."""
    return await facilities.change_facility(asking, facility_id, body)


@router.get("/facilities/{facility_id}/changes", dependencies=[Viewer])
async def show_facility_changes(facility_id: int, asking: Trail) -> list[Change]:
    return await entering.changes_of(asking, Facility, facility_id)


# ---- staff


@router.get("/staff", dependencies=[Viewer])
async def list_staff(asking: Trail, part: Part, kind: StaffKind | None = None) -> list[StaffView]:
    """In the granted regions and above them, by id; those who help no more only `with_ended`."""
    return await staff.list_staff(asking, Sought(**part, kind=kind))


@router.post("/staff", status_code=201, dependencies=[Editor])
async def add_staff(body: StaffBody, asking: Trail) -> StaffView:
    return await staff.add_staff(asking, body)


@router.put("/staff/{staff_id}", dependencies=[Editor])
async def change_staff(staff_id: int, body: StaffBody, asking: Trail) -> StaffView:
    """Nobody is removed: with `active_until` they help no more."""
    return await staff.change_staff(asking, staff_id, body)


@router.get("/staff/{staff_id}/changes", dependencies=[Viewer])
async def show_staff_changes(staff_id: int, asking: Trail) -> list[Change]:
    return await entering.changes_of(asking, Staff, staff_id)


# ---- who looks after whom


@router.get("/homes/{home_id:int}/responsible", dependencies=[Viewer])
async def list_responsible_of_home(
    home_id: int, asking: Trail, day: date | None = None
) -> list[ResponsibleView]:
    """Those of the home, then those of its regions; on a day, or today."""
    return await responsible.looked_after(asking, home_id, day or asking.now.date())


@router.get("/regions/{region_id}/responsible", dependencies=[Viewer])
async def list_responsible_of_region(
    region_id: int, asking: Trail, day: date | None = None
) -> list[ResponsibleView]:
    """Those of the region, of the regions above it and of those in it; on a day, or today."""
    return await responsible.of_region(asking, region_id, day or asking.now.date())


@router.post("/responsible", status_code=201, dependencies=[Editor])
async def add_responsible(body: ResponsibleBody, asking: Trail) -> ResponsibleView:
    """Somebody of the staff looks after a home, or everybody of a region."""
    return await responsible.add_responsible(asking, body)


@router.put("/responsible/{responsible_id}", dependencies=[Editor])
async def change_responsible(
    responsible_id: int, body: ResponsibleChanges, asking: Trail
) -> ResponsibleView:
    """Also to end it: with `until_day`."""
    return await responsible.change_responsible(asking, responsible_id, body)


@router.delete("/responsible/{responsible_id}", status_code=204, dependencies=[Editor])
async def remove_responsible(responsible_id: int, asking: Trail) -> None:
    """For what was entered by mistake; what is over has an end instead."""
    await responsible.remove_responsible(asking, responsible_id)


# ---- consent, agents, numbers


@router.get("/residents/{resident_id:int}/consents", dependencies=[Viewer])
async def list_consents(resident_id: int, asking: Trail) -> list[ConsentView]:
    """Every word, the latest first: of each purpose the first that is listed holds."""
    return await consents.consents_of(asking, resident_id)


@router.post("/residents/{resident_id:int}/consents", status_code=201, dependencies=[Editor])
async def record_consent(resident_id: int, body: ConsentBody, asking: Trail) -> ConsentView:
    """Granted, refused or withdrawn. An alarm asks for none of this."""
    return await consents.record_consent(asking, resident_id, body)


@router.get("/residents/{resident_id:int}/agents", dependencies=[Viewer])
async def list_agents(resident_id: int, asking: Trail) -> list[AgentView]:
    """Who may act for them, in what. Whoever is not here may ask, and may not spend."""
    return await agents.agents_of(asking, resident_id)


@router.post("/residents/{resident_id:int}/agents", status_code=201, dependencies=[Editor])
async def add_agent(resident_id: int, body: AgentBody, asking: Trail) -> AgentView:
    return await agents.add_agent(asking, resident_id, body)


@router.put("/agents/{agent_id}", dependencies=[Editor])
async def change_agent(agent_id: int, body: AgentChanges, asking: Trail) -> AgentView:
    """Other powers, or an end."""
    return await agents.change_agent(asking, agent_id, body)


@router.get("/residents/{resident_id:int}/numbers", dependencies=[Viewer])
async def list_numbers(resident_id: int, asking: Trail) -> list[NumberView]:
    """Telephone numbers of a resident and their contacts, with those that they had; those that hold first."""
    return await numbers.numbers_of(asking, resident_id)


@router.post("/residents/{resident_id:int}/numbers/{number_id}/confirmed", dependencies=[Editor])
async def confirm_number(resident_id: int, number_id: int, asking: Trail) -> NumberView:
    """Somebody was reached at it today."""
    return await numbers.confirm_number(asking, resident_id, number_id)


@router.get("/numbers", dependencies=[Viewer])
async def list_holders(
    asking: Trail, q: Annotated[str, Query(min_length=1, max_length=50)]
) -> list[NumberView]:
    """Who has a telephone number, and who had it before, until when."""
    return await numbers.holders_of(asking, q)
