"""Dots of a part of the map: homes in one cell of a grid that stands still are one dot; those with an open alarm stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from callcenter.alerts.models import IncidentRow
from callcenter.auth.permissions import Action
from callcenter.communities.classes import CONDITIONS, FAMILIES, LIVING_HERE, PersonClass
from callcenter.communities.counting import OPEN_ALARM, is_silent
from callcenter.communities.schemas import AlarmDot, Dot, Dots
from callcenter.devices.models import Device, DeviceAssignment, DeviceLastSeen
from callcenter.devices.standing import holds
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.models import Building, Home, Resident
from callcenter.residents.places import door_label

MOST_DOTS: Final = 2_000
_NEAR_THE_POLE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map in WGS-84 degrees, and how high a cell of the grid is."""

    west: float
    south: float
    east: float
    north: float
    cell: float

    @property
    def cell_width(self) -> float:
        """In degrees, as long on the ground as a cell is high. By whole degrees, so that the grid does not move with the box."""
        latitude = round((self.south + self.north) / 2)
        return self.cell / max(_NEAR_THE_POLE, cos(radians(latitude)))

    def holds(self) -> ColumnElement[bool]:
        """Of a home: it lies in the box."""
        across = Home.lng.between(self.west, self.east)
        return Home.lat.between(self.south, self.north) & across


async def dots_in(asking: Asking, box: Box) -> Dots:
    """No names: needs no audit entry."""
    rows = await _cells(asking, box)
    told = rows[:MOST_DOTS]
    alone = {row.home_id for row in told if row.homes == 1}
    labels = await _labels(asking, alone)
    families = await _families(asking, alone)
    dots = [
        Dot(
            lat=row.lat,
            lng=row.lng,
            homes=row.homes,
            region_id=row.region_id,
            silent=row.silent,
            home_id=row.home_id if row.homes == 1 else None,
            label=labels.get(row.home_id, "") if row.homes == 1 else "",
            categories=families.get(row.home_id, []) if row.homes == 1 else [],
        )
        for row in told
    ]
    return Dots(dots=dots, alarms=await _alarms(asking, box), more=len(rows) > len(told))


async def _cells(asking: Asking, box: Box) -> Sequence[Any]:
    silent = (
        select(DeviceAssignment.home_id)
        .join(Device, Device.id == DeviceAssignment.device_id)
        .join(DeviceLastSeen, DeviceLastSeen.device_id == Device.id)
        .where(holds(asking.now), is_silent(asking.now))
        .distinct()
        .subquery()
    )
    homes = (
        select(
            Home.id,
            Home.region_id,
            Home.lat,
            Home.lng,
            silent.c.home_id.label("silent"),
            func.floor(Home.lat / box.cell).label("row"),
            func.floor(Home.lng / box.cell_width).label("place"),
        )
        .outerjoin(silent, silent.c.home_id == Home.id)
        .where(box.holds())
    )
    if (reach := await asking.reach(None, Action.SEE_PROFILES)) is not None:
        homes = homes.join(Region, Region.id == Home.region_id).where(reach)
    each = homes.subquery()
    query = select(
        func.count().label("homes"),
        func.avg(each.c.lat).label("lat"),
        func.avg(each.c.lng).label("lng"),
        func.min(each.c.id).label("home_id"),
        func.min(each.c.region_id).label("region_id"),
        func.count(each.c.silent).label("silent"),
    )
    grouped = query.group_by(each.c.row, each.c.place).order_by(each.c.row, each.c.place)
    return (await asking.session.execute(grouped.limit(MOST_DOTS + 1))).all()


async def _labels(asking: Asking, homes: Iterable[int]) -> dict[int, str]:
    query = (
        select(Home.id, Building.name, Home.entrance, Home.door)
        .outerjoin(Building, Building.id == Home.building_id)
        .where(Home.id.in_(homes))
    )
    return {home: door_label(*rest) for home, *rest in await asking.session.execute(query)}


async def _families(asking: Asking, homes: Iterable[int]) -> dict[int, list[PersonClass]]:
    """Categories of the people of each home, for the signs beside its dot."""
    held = [func.bool_or(CONDITIONS[family]) for family in FAMILIES]
    query = select(Resident.home_id, *held).where(Resident.home_id.in_(homes), LIVING_HERE)
    rows = await asking.session.execute(query.group_by(Resident.home_id))
    return {
        home: [family for family, holds_here in zip(FAMILIES, flags, strict=True) if holds_here]
        for home, *flags in rows
    }


async def _alarms(asking: Asking, box: Box) -> list[AlarmDot]:
    query = (
        select(
            Home.id, Home.lat, Home.lng, IncidentRow.state, Building.name, Home.entrance, Home.door
        )
        .join(IncidentRow, IncidentRow.home_id == Home.id)
        .join(Region, Region.id == Home.region_id)
        .outerjoin(Building, Building.id == Home.building_id)
        .where(OPEN_ALARM, box.holds(), asking.within(Action.SEE_PROFILES))
        .order_by(IncidentRow.opened_at)
        .limit(MOST_DOTS)
    )
    return [
        AlarmDot(home_id=home, lat=lat, lng=lng, state=state, label=door_label(*rest))
        for home, lat, lng, state, *rest in await asking.session.execute(query)
    ]
