"""Whose duty and roster somebody may see and plan: staff of their regions, and those who help there as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from callcenter.auth.permissions import Action
from callcenter.core.errors import NotFound
from callcenter.records.models import Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the staff: of a region and what is below it, of a kind, with a skill or a language, with this in their name or number."""

    region_id: int | None = None
    kind: str | None = None
    skill: str | None = None
    language: str | None = None
    name: str | None = None


def helps_in(regions: Sequence[int]) -> ColumnElement[bool]:
    """The condition on Staff joined with Region: they belong to one of these, or to one below, or help there."""
    area = aliased(Region)
    further = exists().where(area.id == Staff.areas.any_(), area.path.overlap(list(regions)))
    return or_(Region.path.overlap(list(regions)), further)


def staff_of(asking: Asking, wanted: Wanted, action: Action) -> Select[Staff]:
    """Those who work here today and whom the asker may see or plan."""
    today = asking.now.date()
    query = (
        select(Staff)
        .join(Region, Region.id == Staff.region_id)
        .where(
            helps_in(sorted(asking.principal.regions(action))),
            or_(Staff.active_until.is_(None), Staff.active_until > today),
        )
    )
    if wanted.region_id is not None:
        query = query.where(helps_in([wanted.region_id]))
    for column, value in (
        (Staff.kinds, wanted.kind),
        (Staff.skills, wanted.skill),
        (Staff.languages, wanted.language),
    ):
        if value is not None:
            query = query.where(column.contains([value]))
    if wanted.name is not None:
        query = query.where(
            or_(
                Staff.name.icontains(wanted.name, autoescape=True),
                Staff.phone.contains(wanted.name, autoescape=True),
            )
        )
    return query


async def one_of_staff(asking: Asking, staff_id: int, action: Action) -> Staff:
    """Raises NotFound for somebody out of reach, also for who has left: their past stays."""
    found: Staff | None = await asking.session.scalar(
        select(Staff)
        .join(Region, Region.id == Staff.region_id)
        .where(Staff.id == staff_id, helps_in(sorted(asking.principal.regions(action))))
    )
    if found is None:
        raise NotFound("no such staff", what="staff")
    return found
