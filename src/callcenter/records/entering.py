"""Organisations, facilities and staff: found in and above the asker's regions, entered, changed on the version that was seen. They
end on a day and are never removed; the audit trail keeps how they stood before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, or_, select

from callcenter.audit.models import AuditEntry
from callcenter.auth.models import User
from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.records.models import Facility, Organisation, Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.schemas import View

MOST: Final = 50
"""Changes that are told of one row."""

Entered = TypeVar("Entered", Organisation, Facility, Staff)
EnteredView = TypeVar("EnteredView", bound=View)

_ENDS: Final[Mapping[type, Any]] = MappingProxyType(
    {
        Organisation: Organisation.until_day,
        Facility: Facility.until_day,
        Staff: Staff.active_until,
    }
)


class Change(BaseModel):
    """Who changed what of a row when. `before` and `after` hold only what differs."""

    at: datetime
    name: str
    name_en: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of a list: of a region and what is below it, of a kind, also those that have ended; behind the id `after`."""

    region_id: int | None = None
    kind: str | None = None
    with_ended: bool = False
    after: int = 0
    limit: int = 500


async def sought(asking: Asking, table: type[Entered], wanted: Sought) -> list[Entered]:
    """By id."""
    query = (
        select(table)
        .join(Region, Region.id == table.region_id)
        .where(table.id > wanted.after, await in_sight(asking))
        .order_by(table.id)
        .limit(wanted.limit)
    )
    if wanted.region_id is not None:
        query = query.where(Region.path.contains([wanted.region_id]))
    if wanted.kind is not None:
        query = query.where(_is_a(table, wanted.kind))
    if not wanted.with_ended:
        query = query.where(goes_on(_ENDS[table], asking.now.date()))
    return list(await asking.session.scalars(query))


async def in_sight(asking: Asking) -> ColumnElement[bool]:
    """The condition on Region: those in which the asker sees profiles, and those above them, whose people serve them as well."""
    granted = asking.principal.regions(Action.SEE_PROFILES)
    above = select(func.unnest(Region.path)).where(Region.id.in_(granted))
    found = set(await asking.session.scalars(above))
    return or_(asking.within(Action.SEE_PROFILES), Region.id.in_(found))


async def seen(asking: Asking, table: type[Entered], row_id: int, what: str) -> Entered:
    """One that is referred to. Raises NotFound for one out of sight."""
    query = (
        select(table)
        .join(Region, Region.id == table.region_id)
        .where(table.id == row_id, await in_sight(asking))
    )
    row = await asking.session.scalar(query)
    if row is None:
        raise NotFound(f"no such {what}", what=what)
    return row


async def held(asking: Asking, table: type[Entered], row_id: int, action: Action) -> Entered:
    """One that is to be changed, where the action is granted. Raises NotFound."""
    query = (
        select(table)
        .join(Region, Region.id == table.region_id)
        .where(table.id == row_id)
        .with_for_update(of=table)
    )
    return await asking.one(query, table.__tablename__, action)


async def keep(
    asking: Asking,
    row: Entered,
    values: Mapping[str, Any],
    view: type[EnteredView],
    version: int | None = None,
) -> EnteredView:
    """Write a new row or a changed one. Raises Conflict `changed_meanwhile` for a version that is not the row's; without one
    whatever stands there is written over.
    """
    is_new = row.id is None
    before = {} if is_new else _told(view, row)
    if not is_new:
        check_version(row, row.version if version is None else version)
    for name, value in values.items():
        setattr(row, name, value)
    asking.session.add(row)
    await asking.session.flush()
    after = _told(view, row)
    detail = {"before": _unlike(before, after), "after": _unlike(after, before)}
    what, path = row.__tablename__, await asking.path_of(row.region_id)
    action = f"{what}_{'added' if is_new else 'changed'}"
    await asking.note(action, f"{what}:{row.id}", path, detail)
    return view.model_validate(row)


async def changes_of(asking: Asking, table: type[Entered], row_id: int) -> list[Change]:
    """The latest first, at most 50. Raises NotFound for a row out of sight."""
    what = table.__tablename__
    await seen(asking, table, row_id, what)
    wanted = (
        select(AuditEntry.at, AuditEntry.detail, User.name, User.name_en)
        .join(User, User.id == AuditEntry.user_id, isouter=True)
        .where(
            AuditEntry.subject == f"{what}:{row_id}",
            AuditEntry.action.in_((f"{what}_added", f"{what}_changed")),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    )
    return [
        Change(
            at=row.at,
            name=row.name or "",
            name_en=row.name_en or "",
            before=row.detail.get("before", {}),
            after=row.detail.get("after", {}),
        )
        for row in await asking.session.execute(wanted)
    ]


def goes_on(ends: Any, day: date) -> ColumnElement[bool]:
    """Not over on the day."""
    lasting: ColumnElement[bool] = ends.is_(None) | (ends > day)
    return lasting


def _is_a(table: type[Entered], kind: str) -> ColumnElement[bool]:
    kinds: Any = table
    found: ColumnElement[bool]
    found = Staff.kinds.contains([kind]) if table is Staff else kinds.kind == kind
    return found


def _told(view: type[EnteredView], row: Any) -> dict[str, Any]:
    return view.model_validate(row).model_dump(mode="json", exclude={"id", "version"})


def _unlike(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What of the one is not so in the other; what says nothing on either side is left out."""
    nothing: tuple[Any, ...] = (None, "", [])
    return {
        name: value
        for name, value in one.items()
        if value != other.get(name) and not (value in nothing and other.get(name) in nothing)
    }
