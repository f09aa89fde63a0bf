"""Who had a telephone number from when until when. A number that was given back is sold again: whoever had it is told as such, with
its end, and never as who has it now.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.core.phone import parse_phone
from callcenter.records.models import Holder, NumberUse, Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Contact, Home, Resident
from callcenter.residents.people import note_resident
from callcenter.residents.schemas import View

MOST: Final = 50


class NumberView(View):
    """`until_day` null: it is theirs. `resident_id` is whose contact had it, or the resident; null for staff."""

    id: int
    e164: str
    holder: Holder
    holder_id: int
    name: str
    name_latin: str
    resident_id: int | None
    from_day: date
    until_day: date | None
    last_confirmed: date | None


async def numbers_of(asking: Asking, resident_id: int) -> list[NumberView]:
    """Of a resident and their contacts, those that hold first. Raises NotFound."""
    resident = await asking.resident(resident_id, Action.SEE_PROFILES)
    await note_resident(asking, resident, "numbers_seen")
    return await _views(asking, _uses().where(_theirs(resident_id)))


async def holders_of(asking: Asking, typed: str) -> list[NumberView]:
    """Who in the asker's regions has this number or had it, those that hold first; nobody where it is no whole number."""
    try:
        number = parse_phone(typed).e164
    except Invalid:
        return []
    region = Region.id == func.coalesce(Home.region_id, Staff.region_id)
    within = asking.within(Action.SEE_PROFILES)
    views = await _views(
        asking, _uses().join(Region, region).where(NumberUse.e164 == number, within)
    )
    detail = {
        "by": "number",
        "ids": sorted({each.resident_id for each in views if each.resident_id}),
    }
    granted = sorted(asking.principal.regions(Action.SEE_PROFILES))
    await asking.note("residents_searched", "residents", granted, detail)
    return views


async def confirm_number(asking: Asking, resident_id: int, number_id: int) -> NumberView:
    """Somebody was reached at it today. Raises NotFound, also for a number that is theirs no more."""
    resident = await asking.resident(resident_id, Action.EDIT_RESIDENTS)
    wanted = _uses().where(
        NumberUse.id == number_id, NumberUse.until_day.is_(None), _theirs(resident_id)
    )
    row = (await asking.session.execute(wanted)).one_or_none()
    if row is None:
        raise NotFound("no such number", what="number")
    row.NumberUse.last_confirmed = asking.now.date()
    await asking.session.flush()
    await note_resident(asking, resident, "number_confirmed", {"number_id": number_id})
    return _view(row)


def _theirs(resident_id: int) -> ColumnElement[bool]:
    contacts = select(Contact.id).where(Contact.resident_id == resident_id)
    own = (NumberUse.holder == Holder.RESIDENT) & (NumberUse.holder_id == resident_id)
    return own | ((NumberUse.holder == Holder.CONTACT) & NumberUse.holder_id.in_(contacts))


def _uses() -> Any:
    """With whoever has or had the number. A contact who was taken out since is nobody that could be named."""
    holder, holder_id = NumberUse.holder, NumberUse.holder_id
    contact = (holder == Holder.CONTACT) & (Contact.id == holder_id)
    whose = case((holder == Holder.RESIDENT, holder_id), else_=Contact.resident_id)
    staff = (holder == Holder.STAFF) & (Staff.id == holder_id)
    return (
        select(NumberUse, Contact, Resident, Staff)
        .outerjoin(Contact, contact)
        .outerjoin(Resident, Resident.id == whose)
        .outerjoin(Staff, staff)
        .outerjoin(Home, Home.id == Resident.home_id)
        .where(func.num_nonnulls(Resident.id, Staff.id) == 1)
        .order_by(NumberUse.until_day.desc().nulls_first(), NumberUse.id)
        .limit(MOST)
    )


async def _views(asking: Asking, uses: Any) -> list[NumberView]:
    return [_view(row) for row in await asking.session.execute(uses)]


def _view(row: Any) -> NumberView:
    person = row.Contact or row.Resident or row.Staff
    return NumberView(
        **{
            name: getattr(row.NumberUse, name)
            for name in NumberView.model_fields
            if hasattr(row.NumberUse, name)
        },
        name=person.name,
        name_latin=getattr(person, "name_latin", ""),
        resident_id=row.Resident.id if row.Resident else None,
    )
