"""Departments, providers, shops and the chains they belong to, each in a region."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.records.models import Organisation, OrganisationKind
from callcenter.records.uscc import parse_uscc
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.schemas import Line, View

Name = Annotated[str, Field(min_length=1, max_length=100)]


class OrganisationBody(Written):
    """`uscc` is the unified social credit code, as people write it; `parent_id` the chain."""

    kind: OrganisationKind
    name: Name
    name_en: Line = ""
    uscc: Line | None = None
    region_id: int
    parent_id: int | None = None


class OrganisationView(View):
    id: int
    kind: OrganisationKind
    name: str
    name_en: str
    uscc: str | None
    region_id: int
    parent_id: int | None


async def list_organisations(asking: Asking, *, after: int, limit: int) -> list[OrganisationView]:
    """Of the granted regions by id, behind the one with the id `after`."""
    query = _joined().where(Organisation.id > after).order_by(Organisation.id).limit(limit)
    if (reach := await asking.reach(None, Action.SEE_PROFILES)) is not None:
        query = query.where(reach)
    rows = await asking.session.scalars(query)
    return [OrganisationView.model_validate(row) for row in rows]


async def add_organisation(asking: Asking, body: OrganisationBody) -> OrganisationView:
    """Raises NotFound, Invalid `uscc_form`, `uscc_check`, Conflict `uscc_taken`."""
    return await _write(asking, Organisation(), body, "organisation_added")


async def change_organisation(
    asking: Asking, organisation_id: int, body: OrganisationBody
) -> OrganisationView:
    """As `add_organisation`; Invalid `own_parent` for a chain that leads back to itself."""
    query = _joined().where(Organisation.id == organisation_id)
    organisation = await asking.one(query, "organisation", Action.MANAGE_USERS)
    return await _write(asking, organisation, body, "organisation_changed")


def _joined() -> Select[Organisation]:
    return select(Organisation).join(Region, Region.id == Organisation.region_id)


async def _write(
    asking: Asking, organisation: Organisation, body: OrganisationBody, action: str
) -> OrganisationView:
    region = await asking.region(body.region_id, Action.MANAGE_USERS)
    values = body.model_dump()
    values["uscc"] = parse_uscc(body.uscc) if body.uscc and body.uscc.strip() else None
    await _refuse_known(asking, organisation.id, values["uscc"])
    await _check_chain(asking, organisation.id, body.parent_id)
    for name, value in values.items():
        setattr(organisation, name, value)
    asking.session.add(organisation)
    await asking.session.flush()
    await asking.note(action, f"organisation:{organisation.id}", region.path)
    return OrganisationView.model_validate(organisation)


async def _refuse_known(asking: Asking, own_id: int | None, uscc: str | None) -> None:
    if uscc is None:
        return
    taken = select(Organisation.id).where(
        Organisation.uscc == uscc, Organisation.id.is_distinct_from(own_id)
    )
    if await asking.session.scalar(taken) is not None:
        raise Conflict(
            f"Another organisation is registered with the code {uscc}.", code="uscc_taken"
        )


async def _check_chain(asking: Asking, own_id: int | None, parent_id: int | None) -> None:
    """Every organisation upwards is in sight, and none of them is this one."""
    while parent_id is not None:
        if parent_id == own_id:
            raise Invalid("An organisation does not belong to itself.", code="own_parent")
        query = _joined().where(Organisation.id == parent_id)
        parent = await asking.one(query, "organisation", Action.SEE_PROFILES)
        parent_id = parent.parent_id
