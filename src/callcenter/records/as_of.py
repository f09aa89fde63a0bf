"""Who lived in a region on a day, in which class; as it is known today, or as it was known at a time.

Whoever may see profiles in a region sees who lived in it then, also those who live elsewhere today: it is that region's record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Text, cast, distinct, exists, func, literal, select
from sqlalchemy.sql.expression import ColumnElement

from callcenter.auth.permissions import Action
from callcenter.core.errors import Invalid, NotFound
from callcenter.records.hukou import digits_that_name
from callcenter.records.models import FactKind, Residence, ResidentFact
from callcenter.records.schemas import (
    By,
    FactCount,
    Headcount,
    HeldFact,
    PastLine,
    PastPage,
)
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.age import age_on
from callcenter.residents.models import Home, Resident
from callcenter.residents.paging import Branch, Window, find_page, in_bytes

_AFTER_DIGITS = ":"
"""The byte after 9: codes that begin with some digits lie before those digits and this."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which people, on which day. `known_at`: by what was known then; None: by what is known now. `kind` and `value` narrow to
    those of whom a fact held.
    """

    region_id: int
    day: date
    by: By = By.RESIDENCE
    known_at: datetime | None = None
    kind: FactKind | None = None
    value: str | None = None

    def holds(self, table: type[Residence | ResidentFact]) -> ColumnElement[bool]:
        """Of rows of the past: in force on the day."""
        lasts = table.until_day.is_(None) | (table.until_day > self.day)
        in_force = (table.from_day <= self.day) & lasts
        if self.known_at is None:
            return in_force & table.withdrawn_at.is_(None)
        stood = table.withdrawn_at.is_(None) | (table.withdrawn_at > self.known_at)
        return in_force & (table.recorded_at <= self.known_at) & stood


async def people_as_of(asking: Asking, asked: AsOf, window: Window) -> PastPage:
    """One page by name, of whom the asker may see. Raises NotFound, Invalid `region_without_code`."""
    where = await _where(asking, asked)
    by_name: Any = _stays(where).with_only_columns(
        Resident.id.label("id"), Resident.name.label("key")
    )
    found = await find_page(asking.session, [Branch(by_name, walked=True)], window)
    items = await _lines(asking, asked, found.ids)
    detail = {
        "region_id": asked.region_id,
        "day": asked.day.isoformat(),
        "by": asked.by.value,
        "total": found.total,
        "ids": [item.resident_id for item in items],
    }
    granted = sorted(asking.principal.regions(Action.SEE_PROFILES))
    await asking.note("residents_seen_as_of", "residents", granted, detail)
    return PastPage(
        items=items,
        total=found.total,
        total_is_capped=found.total_is_capped,
        page=window.page,
        limit=window.limit,
        after=found.after,
        day=asked.day,
    )


async def headcount_as_of(asking: Asking, asked: AsOf) -> Headcount:
    """Counted to the last one. Raises NotFound, Invalid `region_without_code`."""
    where = await _where(asking, asked)
    homes = distinct(func.coalesce(cast(Residence.home_id, Text), Residence.address))
    people, homes_lived_in = (
        await asking.session.execute(
            _stays(where).with_only_columns(func.count(), func.count(homes))
        )
    ).one()
    stays = _stays(where).with_only_columns(Residence.resident_id)
    counted = (
        select(ResidentFact.kind, ResidentFact.value, func.count())
        .where(ResidentFact.resident_id.in_(stays), asked.holds(ResidentFact))
        .group_by(ResidentFact.kind, ResidentFact.value)
        .order_by(ResidentFact.kind, ResidentFact.value)
    )
    rows = await asking.session.execute(counted)
    facts = [
        FactCount(kind=FactKind(kind), value=value, people=count) for kind, value, count in rows
    ]
    return Headcount(day=asked.day, people=people, homes=homes_lived_in, facts=facts)


async def _where(asking: Asking, asked: AsOf) -> list[ColumnElement[bool]]:
    """Conditions on Residence joined with Region and Resident."""
    conditions = [asked.holds(Residence)]
    narrowed = asked.region_id if asked.by is By.RESIDENCE else None
    if (reach := await asking.reach(narrowed, Action.SEE_PROFILES)) is not None:
        conditions.append(reach)
    if asked.by is By.HUKOU:
        conditions.append(await _registered_in(asking, asked.region_id))
    if asked.kind is not None:
        conditions.append(_of_class(asked))
    return conditions


async def _registered_in(asking: Asking, region_id: int) -> ColumnElement[bool]:
    region = await asking.session.get(Region, region_id)
    if region is None:
        raise NotFound("no such region", what="region")
    digits = digits_that_name(region.code)
    if digits is None:
        raise Invalid(
            f"The region {region.name} has no code of 6 to 12 digits, so that nobody's household can be found in it.",
            code="region_without_code",
            region_id=region.id,
        )
    code = in_bytes(Residence.hukou_region_code)
    return (code >= digits) & (code < digits + _AFTER_DIGITS)


def _of_class(asked: AsOf) -> ColumnElement[bool]:
    held = (
        (ResidentFact.resident_id == Residence.resident_id)
        & (ResidentFact.kind == asked.kind)
        & asked.holds(ResidentFact)
    )
    if asked.value is not None:
        held &= ResidentFact.value == asked.value
    return exists(literal(1)).where(held)


def _stays(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(Residence.id)
        .join(Region, Region.id == Residence.region_id)
        .join(Resident, Resident.id == Residence.resident_id)
        .where(*where)
    )


async def _lines(asking: Asking, asked: AsOf, ids: Sequence[int]) -> list[PastLine]:
    """In the order of the ids."""
    query = (
        select(Resident, Residence, Home.address)
        .join(Residence, Residence.resident_id == Resident.id)
        .outerjoin(Home, Home.id == Residence.home_id)
        .where(Resident.id.in_(ids), asked.holds(Residence))
    )
    facts = await _facts_of(asking, asked, ids)
    lines = {
        resident.id: _line(asked.day, resident, stay, address, facts.get(resident.id, []))
        for resident, stay, address in await asking.session.execute(query)
    }
    return [lines[each] for each in ids if each in lines]


def _line(
    day: date, resident: Resident, stay: Residence, address: str | None, facts: list[HeldFact]
) -> PastLine:
    return PastLine(
        resident_id=resident.id,
        name=resident.name,
        name_latin=resident.name_latin,
        sex=resident.sex,
        birth_date=resident.birth_date,
        age=age_on(resident.birth_date, day),
        home_id=stay.home_id,
        address=address or stay.address,
        region_id=stay.region_id,
        hukou_region_code=stay.hukou_region_code,
        from_day=stay.from_day,
        until_day=stay.until_day,
        facts=facts,
    )


async def _facts_of(asking: Asking, asked: AsOf, ids: Sequence[int]) -> dict[int, list[HeldFact]]:
    query = select(
        ResidentFact.resident_id, ResidentFact.kind, ResidentFact.value, ResidentFact.level
    ).where(ResidentFact.resident_id.in_(ids), asked.holds(ResidentFact))
    facts: dict[int, list[HeldFact]] = {}
    rows = await asking.session.execute(query.order_by(ResidentFact.kind, ResidentFact.value))
    for resident, kind, value, level in rows:
        held = HeldFact(kind=FactKind(kind), value=value, level=level)
        facts.setdefault(resident, []).append(held)
    return facts
