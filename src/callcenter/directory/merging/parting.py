"""Two that are alike and are no doubles: somebody has found out, so they are not proposed again, until that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid
from callcenter.core.written import Written
from callcenter.directory.models import Double, NoDouble
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Home, Resident

MOST: Final = 50
_UNTIL_UNDONE: Final = NoDouble.undone_at.is_(None)


class ApartBody(Written):
    """The two, in any order."""

    subject: Double
    one_id: int
    other_id: int


class ApartView(BaseModel):
    """Who said of which two that they are no doubles, and when it was taken back. Names are empty where one is registered no more."""

    id: int
    subject: Double
    one_id: int
    other_id: int
    one: str
    one_en: str
    other: str
    other_en: str
    at: datetime
    by: str | None
    by_en: str | None
    undone_at: datetime | None


async def keep_apart(asking: Asking, body: ApartBody) -> ApartView:
    """Raises NotFound, Invalid `one_and_the_same`, Conflict `apart_already`."""
    one_id, other_id = sorted((body.one_id, body.other_id))
    region_id = await _region_of(asking, body.subject, one_id)
    await _region_of(asking, body.subject, other_id)
    if one_id == other_id:
        raise Invalid("These are one and the same.", code="one_and_the_same")
    mark = NoDouble(
        subject=body.subject,
        one_id=one_id,
        other_id=other_id,
        region_id=region_id,
        at=asking.now,
        by=asking.principal.user_id,
    )
    asking.session.add(mark)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict("Somebody has said so already.", code="apart_already") from error
    await _note(asking, mark, "doubles_parted")
    return await _view(asking, mark.id)


async def propose_again(asking: Asking, apart_id: int) -> ApartView:
    """Take it back. Raises NotFound, Conflict `undone_already`."""
    query = select(NoDouble).join(Region, Region.id == NoDouble.region_id)
    mark = await asking.one(
        query.where(NoDouble.id == apart_id).with_for_update(of=NoDouble),
        "mark",
        Action.EDIT_RESIDENTS,
    )
    if mark.undone_at is not None:
        raise Conflict("It has been undone.", code="undone_already")
    mark.undone_at, mark.undone_by = asking.now, asking.principal.user_id
    await asking.session.flush()
    await _note(asking, mark, "doubles_proposed_again")
    return await _view(asking, mark.id)


async def list_apart(asking: Asking) -> list[ApartView]:
    """Those that hold of the asker's regions, the latest first, at most 50."""
    marks = await asking.session.scalars(
        select(NoDouble.id)
        .join(Region, Region.id == NoDouble.region_id)
        .where(_UNTIL_UNDONE, asking.within(Action.EDIT_RESIDENTS))
        .order_by(NoDouble.id.desc())
        .limit(MOST)
    )
    views = [await _view(asking, each) for each in marks]
    people = [view for view in views if view.subject is Double.RESIDENT]
    ids = sorted({each for view in people for each in (view.one_id, view.other_id)})
    path = sorted(asking.principal.regions(Action.EDIT_RESIDENTS))
    await asking.note("doubles_listed", "residents", path, {"ids": ids})
    return views


async def homes_apart(session: AsyncSession) -> frozenset[tuple[int, int]]:
    """Pairs of homes that are not proposed, the smaller id first."""
    marks = select(NoDouble.one_id, NoDouble.other_id).where(
        NoDouble.subject == Double.HOME, _UNTIL_UNDONE
    )
    return frozenset((one, other) for one, other in await session.execute(marks))


async def _region_of(asking: Asking, subject: Double, row_id: int) -> int:
    if subject is Double.HOME:
        return (await asking.home(row_id, Action.EDIT_RESIDENTS)).region_id
    resident = await asking.resident(row_id, Action.EDIT_RESIDENTS)
    return (await asking.home(resident.home_id, Action.EDIT_RESIDENTS)).region_id


_CALLED: Final[Mapping[Double, tuple[type[Home | Resident], str, str]]] = MappingProxyType(
    {
        Double.RESIDENT: (Resident, "name", "name_latin"),
        Double.HOME: (Home, "address", "address_en"),
    }
)


async def _view(asking: Asking, apart_id: int) -> ApartView:
    mark = await asking.session.get_one(NoDouble, apart_id)
    table, zh, en = _CALLED[Double(mark.subject)]
    one, other = aliased(table), aliased(table)
    wanted = (
        select(
            *(getattr(one, zh).label("one"), getattr(one, en).label("one_en")),
            *(getattr(other, zh).label("other"), getattr(other, en).label("other_en")),
            *(User.name.label("by"), User.name_en.label("by_en")),
        )
        .select_from(NoDouble)
        .outerjoin(one, one.id == NoDouble.one_id)
        .outerjoin(other, other.id == NoDouble.other_id)
        .outerjoin(User, User.id == NoDouble.by)
        .where(NoDouble.id == apart_id)
    )
    return _shown(mark, (await asking.session.execute(wanted)).one())


def _shown(mark: NoDouble, called: Row[str, str, str, str, str, str]) -> ApartView:
    return ApartView(
        id=mark.id,
        subject=Double(mark.subject),
        one_id=mark.one_id,
        other_id=mark.other_id,
        one=called.one or "",
        one_en=called.one_en or "",
        other=called.other or "",
        other_en=called.other_en or "",
        at=mark.at,
        by=called.by,
        by_en=called.by_en,
        undone_at=mark.undone_at,
    )


async def _note(asking: Asking, mark: NoDouble, action: str) -> None:
    """One entry for each of the two, so that what is looked up of either tells it."""
    path = await asking.path_of(mark.region_id)
    for row_id, other_id in ((mark.one_id, mark.other_id), (mark.other_id, mark.one_id)):
        await asking.note(action, f"{mark.subject}:{row_id}", path, {"other": other_id})
