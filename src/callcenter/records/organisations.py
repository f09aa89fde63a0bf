"""Departments, providers, shops and the chains they belong to, each in a region."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.records.entering import Sought, held, keep, seen, sought
from callcenter.records.models import Organisation, OrganisationKind
from callcenter.records.uscc import parse_uscc
from callcenter.residents.access import Asking
from callcenter.residents.fields import Reading
from callcenter.residents.schemas import Line, View

Name = Annotated[str, Field(min_length=1, max_length=100)]
SeenVersion = Annotated[
    int | None, Field(description="The version you have seen; 409 if it has changed since.")
]


class OrganisationBody(Written):
    """`uscc` is the unified social credit code, as people write it; `parent_id` the chain; from `until_day` on it is no more."""

    kind: OrganisationKind
    name: Name
    name_en: Line = ""
    uscc: Line | None = None
    phone: Line | None = None
    """Under which it rings and is rung; whoever takes its call sees that it is theirs."""
    region_id: int
    parent_id: int | None = None
    until_day: date | None = None
    version: SeenVersion = None


class OrganisationView(View):
    id: int
    kind: OrganisationKind
    name: str
    name_en: str
    uscc: str | None
    phone: str | None
    region_id: int
    parent_id: int | None
    until_day: date | None
    version: int


async def list_organisations(asking: Asking, wanted: Sought) -> list[OrganisationView]:
    """In the asker's regions and above them, by id."""
    rows = await sought(asking, Organisation, wanted)
    return [OrganisationView.model_validate(row) for row in rows]


async def add_organisation(asking: Asking, body: OrganisationBody) -> OrganisationView:
    """Raises NotFound, Invalid `uscc_form`, `uscc_check`, InvalidFields, Conflict `uscc_taken`."""
    return await _write(asking, Organisation(), body)


async def change_organisation(
    asking: Asking, organisation_id: int, body: OrganisationBody
) -> OrganisationView:
    """As `add_organisation`; Invalid `own_parent` for a chain that leads back to itself, Conflict `changed_meanwhile`."""
    organisation = await held(asking, Organisation, organisation_id, Action.MANAGE_USERS)
    return await _write(asking, organisation, body)


async def _write(
    asking: Asking, organisation: Organisation, body: OrganisationBody
) -> OrganisationView:
    await asking.region(body.region_id, Action.MANAGE_USERS)
    values = body.model_dump(exclude={"version"})
    values["uscc"] = parse_uscc(body.uscc) if body.uscc and body.uscc.strip() else None
    reading = Reading(asking.now.date())
    values["phone"] = reading.phone("phone", body.phone)
    reading.finish()
    await _refuse_known(asking, organisation.id, values["uscc"])
    await _check_chain(asking, organisation.id, body.parent_id)
    return await keep(asking, organisation, values, OrganisationView, body.version)


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
        parent = await seen(asking, Organisation, parent_id, "organisation")
        parent_id = parent.parent_id
