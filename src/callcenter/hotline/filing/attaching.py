"""Who called or was called, as somebody has said: found within what they may see, and what that says of home and region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.hotline.filing.schemas import AttachedTo
from callcenter.hotline.models import CallRow
from callcenter.records.models import Organisation, Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Contact, Home, Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Ids as they stand in a call; `region_id` of the home or of those who have none."""

    home_id: int | None = None
    resident_id: int | None = None
    contact_id: int | None = None
    staff_id: int | None = None
    organisation_id: int | None = None
    region_id: int | None = None
    path: Sequence[int] = ()


async def attached(asking: Asking, said: AttachedTo) -> Attached:
    """The most precise of what was said. Raises NotFound for anybody who is not the asker's."""
    if said.contact_id is not None:
        return await _contact(asking, said.contact_id)
    if said.resident_id is not None:
        return await _resident(asking, said.resident_id)
    if said.home_id is not None:
        return await _home(asking, said.home_id)
    if said.staff_id is not None:
        query = select(Staff).join(Region, Region.id == Staff.region_id)
        staff = await asking.one(
            query.where(Staff.id == said.staff_id), "staff", Action.ANSWER_CALLS
        )
        return Attached(staff_id=staff.id, region_id=staff.region_id)
    if said.organisation_id is not None:
        query_of = select(Organisation).join(Region, Region.id == Organisation.region_id)
        found = await asking.one(
            query_of.where(Organisation.id == said.organisation_id),
            "organisation",
            Action.ANSWER_CALLS,
        )
        return Attached(organisation_id=found.id, region_id=found.region_id)
    return Attached()


async def _contact(asking: Asking, contact_id: int) -> Attached:
    contact = await asking.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound("no such contact", what="contact")
    try:
        found = await _resident(asking, contact.resident_id)
    except NotFound:
        raise NotFound("no such contact", what="contact") from None
    return Attached(
        home_id=found.home_id,
        resident_id=found.resident_id,
        contact_id=contact.id,
        region_id=found.region_id,
        path=found.path,
    )


async def _resident(asking: Asking, resident_id: int) -> Attached:
    kept = await asking.kept(resident_id)
    resident: Resident = await asking.resident(kept, Action.ANSWER_CALLS)
    found = await _home(asking, resident.home_id)
    return Attached(
        home_id=found.home_id,
        resident_id=resident.id,
        region_id=found.region_id,
        path=found.path,
    )


async def _home(asking: Asking, home_id: int) -> Attached:
    home = await asking.home(home_id, Action.ANSWER_CALLS)
    path = await asking.path_of(home.region_id)
    return Attached(home_id=home.id, region_id=home.region_id, path=path)


async def as_it_stands(asking: Asking, call: CallRow) -> Attached:
    """Whoever it is attached to already."""
    region_id = call.region_id
    if call.home_id is not None:
        region_id = await _region_of(asking, call.home_id) or region_id
    return Attached(
        home_id=call.home_id,
        resident_id=call.resident_id,
        contact_id=call.contact_id,
        staff_id=call.staff_id,
        organisation_id=call.organisation_id,
        region_id=region_id,
        path=await asking.path_of(region_id),
    )


async def _region_of(asking: Asking, home_id: int) -> int | None:
    found: int | None = await asking.session.scalar(
        select(Home.region_id).where(Home.id == home_id)
    )
    return found
