"""Who looks after whom: of a home and of the regions in which it lies, as what, on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid
from callcenter.core.written import Written
from callcenter.records.entering import goes_on, seen
from callcenter.records.models import Responsible, Staff
from callcenter.records.staff_kinds import CareDuty
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.dating import FIRST_DAY
from callcenter.residents.fields import Reading
from callcenter.residents.models import Home
from callcenter.residents.names import latin_name
from callcenter.residents.schemas import View


class ResponsibleChanges(Written):
    """`from_day`: today, unless given; from `until_day` on somebody else does, or nobody."""

    staff_id: int
    duty: CareDuty
    from_day: date | None = None
    until_day: date | None = None


class ResponsibleBody(ResponsibleChanges):
    """Of a home or of a region: one of the two."""

    home_id: int | None = None
    region_id: int | None = None


class ResponsibleView(View):
    """`home_id` is null where they look after everybody of the region."""

    id: int
    home_id: int | None
    region_id: int | None
    staff_id: int
    duty: CareDuty
    name: str
    name_latin: str
    phone: str | None
    languages: list[str]
    from_day: date
    until_day: date | None


async def of_home(
    asking: Asking, home_id: int, region_path: Sequence[int], day: date
) -> list[ResponsibleView]:
    """Those of the home first, then those of its regions from the nearest upwards."""
    of_place = or_(Responsible.home_id == home_id, Responsible.region_id.in_(region_path))
    nearest = {region_id: -step for step, region_id in enumerate(region_path, start=1)}
    views = await _views(asking, of_place, day)
    return sorted(views, key=lambda view: (nearest.get(view.region_id or 0, -1_000), view.id))


async def looked_after(asking: Asking, home_id: int, day: date) -> list[ResponsibleView]:
    """The same, asked for a home that the asker may see. Raises NotFound."""
    home = await asking.home(home_id, Action.SEE_PROFILES)
    path = await asking.path_of(home.region_id)
    await asking.note("responsible_seen", f"home:{home_id}", path, {"day": day.isoformat()})
    return await of_home(asking, home_id, path, day)


async def of_region(asking: Asking, region_id: int, day: date) -> list[ResponsibleView]:
    """Of the region, of those above it and of those in it; not of single homes. Raises NotFound."""
    region = await asking.region(region_id, Action.SEE_PROFILES)
    within = select(Region.id).where(Region.path.contains([region_id]))
    of_place = or_(Responsible.region_id.in_(region.path), Responsible.region_id.in_(within))
    return await _views(asking, of_place, day)


async def add_responsible(asking: Asking, body: ResponsibleBody) -> ResponsibleView:
    """Raises NotFound, Invalid `of_one_place`, InvalidFields."""
    if body.home_id is not None:
        await asking.home(body.home_id, Action.EDIT_RESIDENTS)
    if body.region_id is not None:
        await asking.region(body.region_id, Action.EDIT_RESIDENTS)
    if (body.home_id is None) == (body.region_id is None):
        raise Invalid("Give home_id or region_id, one of the two.", code="of_one_place")
    row = Responsible(home_id=body.home_id, region_id=body.region_id)
    return await _write(asking, row, body, "responsible_added")


async def change_responsible(
    asking: Asking, responsible_id: int, body: ResponsibleChanges
) -> ResponsibleView:
    """Raises NotFound, InvalidFields."""
    return await _write(asking, await _held(asking, responsible_id), body, "responsible_changed")


async def remove_responsible(asking: Asking, responsible_id: int) -> None:
    """For a row that was entered by mistake; the audit trail keeps it. Raises NotFound."""
    row = await _held(asking, responsible_id)
    before = _told(row)
    subject, path = await _place(asking, row)
    await asking.session.delete(row)
    await asking.session.flush()
    await asking.note("responsible_removed", subject, path, {"before": before, "after": {}})


async def _write(
    asking: Asking, row: Responsible, body: ResponsibleChanges, action: str
) -> ResponsibleView:
    staff = await seen(asking, Staff, body.staff_id, "staff")
    begins = body.from_day or row.from_day or asking.now.date()
    reading = Reading(asking.now.date())
    if begins < FIRST_DAY:
        reading.blame("from_day", "unlikely_day", begins)
    if body.until_day is not None and body.until_day <= begins:
        reading.blame("until_day", "ends_before_it_begins", body.until_day)
    reading.finish()
    before = {} if row.id is None else _told(row)
    row.staff_id, row.duty = staff.id, body.duty
    row.from_day, row.until_day = begins, body.until_day
    asking.session.add(row)
    await asking.session.flush()
    subject, path = await _place(asking, row)
    await asking.note(action, subject, path, {"before": before, "after": _told(row)})
    return _view(row, staff)


async def _held(asking: Asking, responsible_id: int) -> Responsible:
    query = (
        select(Responsible)
        .outerjoin(Home, Home.id == Responsible.home_id)
        .join(Region, Region.id.in_((Responsible.region_id, Home.region_id)))
        .where(Responsible.id == responsible_id)
    )
    return await asking.one(query, "responsible", Action.EDIT_RESIDENTS)


async def _place(asking: Asking, row: Responsible) -> tuple[str, Sequence[int]]:
    """Its subject in the audit trail, and the path of its region."""
    if row.region_id is not None:
        return f"region:{row.region_id}", await asking.path_of(row.region_id)
    home = await asking.session.get_one(Home, row.home_id)
    return f"home:{home.id}", await asking.path_of(home.region_id)


def _told(row: Responsible) -> dict[str, object]:
    return {
        "responsible_id": row.id,
        "staff_id": row.staff_id,
        "duty": row.duty,
        "from_day": row.from_day.isoformat(),
        "until_day": row.until_day.isoformat() if row.until_day else None,
    }


async def _views(asking: Asking, of_place: ColumnElement[bool], day: date) -> list[ResponsibleView]:
    """In force on the day, of staff who helped on that day, by what they are."""
    found = await asking.session.execute(_in_force(day).where(of_place))
    return [_view(row, staff) for row, staff in found]


def _in_force(day: date) -> Any:
    return (
        select(Responsible, Staff)
        .join(Staff, Staff.id == Responsible.staff_id)
        .where(
            Responsible.from_day <= day,
            goes_on(Responsible.until_day, day),
            goes_on(Staff.active_until, day),
        )
        .order_by(Responsible.duty, Responsible.id)
    )


def _view(row: Responsible, staff: Staff) -> ResponsibleView:
    own = {name: getattr(row, name) for name in ResponsibleView.model_fields if hasattr(row, name)}
    theirs = {
        "name": staff.name,
        "name_latin": latin_name(staff.name).latin,
        "phone": staff.phone,
        "languages": staff.languages,
    }
    return ResponsibleView.model_validate(own | theirs)
