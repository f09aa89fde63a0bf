"""Homes, buildings, points of interest, and the map of a region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict
from callcenter.core.phone import parse_phone
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.dating import fitting_the_past, read_day
from callcenter.residents.doors import door_position
from callcenter.residents.fields import Reading
from callcenter.residents.ground import basemap_of, mapped_region, picture_of
from callcenter.residents.models import Building, Home, PointKind, PointOfInterest, Resident
from callcenter.residents.paging import Window, find_page
from callcenter.residents.schemas import (
    BuildingBody,
    BuildingChanges,
    BuildingView,
    HomeBody,
    HomeChanges,
    HomeDot,
    HomeView,
    MapView,
    Page,
    PointBody,
    PointChanges,
    PointView,
)
from callcenter.residents.search import matching_homes

_MAY_BE_EMPTY = frozenset({"building_id", "floor", "lat", "lng", "phone"})
SEEING = (Action.SEE_INCIDENTS, Action.SEE_PROFILES)
GROUND = (*SEEING, Action.SEE_FIGURES)
"""Who sees what is drawn of a region: streets and buildings, and nobody who lives there."""
"""The map is for those who work alarms and for those who keep the records."""

Place = TypeVar("Place", Building, PointOfInterest)


# ---- homes


async def find_homes(
    asking: Asking, typed: str, window: Window, *, region_id: int | None
) -> Page[HomeView]:
    reach = await asking.reach(region_id, Action.SEE_PROFILES)
    found = await find_page(asking.session, matching_homes(typed, reach), window)
    rows = await asking.session.scalars(select(Home).where(Home.id.in_(found.ids)))
    views = {home.id: HomeView.model_validate(home) for home in rows}
    homes = [views[each] for each in found.ids if each in views]
    await asking.note(
        "homes_searched",
        "homes",
        sorted(asking.principal.regions(Action.SEE_PROFILES)),
        {"total": found.total, "ids": [home.id for home in homes]},
    )
    return Page[HomeView].of(homes, found, window)


async def home_dots(asking: Asking, region_id: int | None) -> list[HomeDot]:
    """Every home with a position and somebody of ours behind the door, for those who see incidents. The label is
    building-entrance-door.
    """
    where = asking.within(*SEEING)
    if region_id is not None:
        where &= Region.path.contains([region_id])
    return await dots_where(asking.session, where)


async def dots_where(session: AsyncSession, where: ColumnElement[bool]) -> list[HomeDot]:
    """The same for the homes of these regions."""
    lived_in = select(Resident.id).where(Resident.home_id == Home.id).exists()
    query = (
        select(Home.id, Home.lat, Home.lng, Home.region_id, Building.name, Home.entrance, Home.door)
        .join(Region, Region.id == Home.region_id)
        .outerjoin(Building, Building.id == Home.building_id)
        .where(
            where,
            Home.lat.is_not(None),
            Home.lng.is_not(None),
            Home.merged_into.is_(None),
            lived_in,
        )
        .order_by(Home.id)
    )
    return [
        HomeDot(home_id=home, lat=lat, lng=lng, region_id=region, label=door_label(building, *rest))
        for home, lat, lng, region, building, *rest in await session.execute(query)
    ]


def door_label(building: str | None, entrance: str, door: str) -> str:
    short = (building or "").removesuffix("号楼").removesuffix("栋")
    return "-".join(part for part in (short, entrance, door) if part)


async def add_home(asking: Asking, body: HomeBody) -> Home:
    region = await asking.region(body.region_id, Action.EDIT_RESIDENTS)
    values = body.model_dump()
    building = await _check_home(asking, values)
    home = Home(**values)
    _place(home, building)
    asking.session.add(home)
    await asking.session.flush()
    await asking.note("home_added", f"home:{home.id}", region.path)
    return home


async def change_home(asking: Asking, home_id: int, body: HomeChanges) -> Home:
    home = await asking.home(home_id, Action.EDIT_RESIDENTS, to_change=True)
    given = _given(body.model_dump(exclude_unset=True))
    region = await asking.region(given.get("region_id", home.region_id), Action.EDIT_RESIDENTS)
    check_version(home, body.version)
    standing = {"lat": home.lat, "lng": home.lng, "building_id": home.building_id}
    day = given.pop("effective_on", None)
    building = await _check_home(asking, standing | given, day)
    await asking.dated(day)
    for name, value in given.items():
        setattr(home, name, value)
    _place(home, building)
    with fitting_the_past():
        await asking.session.flush()
    await asking.note("home_changed", f"home:{home.id}", region.path, {"fields": sorted(given)})
    return home


async def _check_home(
    asking: Asking, values: dict[str, Any], day: date | None = None
) -> Building | None:
    """The building it is in, if that is known."""
    reading = Reading(asking.now.date())
    read_day(reading, "effective_on", day)
    reading.position(values.get("lat"), values.get("lng"))
    reading.finish()
    if values.get("building_id") is None:
        return None
    return await asking.building(values["building_id"], Action.SEE_PROFILES)


def _place(home: Home, building: Building | None) -> None:
    """As the import does: a home without a position of its own is at its door, so that its alarm has a dot on the map."""
    door = door_position(building, home.entrance or "") if building is not None else None
    if door is not None and home.lat is None:
        home.lat, home.lng = door


async def remove_home(asking: Asking, home_id: int, version: int) -> None:
    """Take out a home that was entered by mistake. Raises Conflict `in_use` while people or devices belong to it."""
    home = await asking.home(home_id, Action.EDIT_RESIDENTS, to_change=True)
    check_version(home, version)
    await _remove(
        asking, home, "Residents, devices or photographs belong to this home: move them first."
    )
    await asking.note("home_removed", f"home:{home_id}", await asking.path_of(home.region_id))


async def _remove(asking: Asking, row: Home | Building | PointOfInterest, why: str) -> None:
    try:
        await asking.session.delete(row)
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(why, code="in_use") from error


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """What the client sent, without nulls where a column needs a value."""
    return {
        name: value
        for name, value in values.items()
        if name != "version" and (value is not None or name in _MAY_BE_EMPTY)
    }


# ---- buildings and points


async def list_buildings(
    asking: Asking, region_id: int | None, *, after: int, limit: int
) -> Sequence[Building]:
    """By id, behind the one with the id `after`."""
    return await _list(asking, Building, region_id, after, limit)


async def list_points(
    asking: Asking, region_id: int | None, *, after: int, limit: int
) -> Sequence[PointOfInterest]:
    """By id, behind the one with the id `after`."""
    return await _list(asking, PointOfInterest, region_id, after, limit)


async def _list(
    asking: Asking, table: type[Place], region_id: int | None, after: int, limit: int
) -> Sequence[Place]:
    query = select(table).where(table.id > after).order_by(table.id).limit(limit)
    if (reach := await asking.reach(region_id, Action.SEE_PROFILES)) is not None:
        query = query.join(Region).where(reach)
    return (await asking.session.scalars(query)).all()


async def add_building(asking: Asking, body: BuildingBody) -> Building:
    return await _add(asking, Building(**body.model_dump()), "building")


async def add_point(asking: Asking, body: PointBody) -> PointOfInterest:
    values = body.model_dump()
    if values["phone"]:
        values["phone"] = parse_phone(values["phone"]).e164
    return await _add(asking, PointOfInterest(**values), "point")


async def _add(asking: Asking, row: Place, what: str) -> Place:
    region = await asking.region(row.region_id, Action.EDIT_RESIDENTS)
    asking.session.add(row)
    await asking.session.flush()
    await asking.note(f"{what}_added", f"{what}:{row.id}", region.path)
    return row


async def change_building(asking: Asking, building_id: int, body: BuildingChanges) -> Building:
    building = await asking.building(building_id, Action.EDIT_RESIDENTS)
    # Its name stands on the cards of its homes.
    await asking.session.execute(
        update(Home).where(Home.building_id == building_id).values(version=Home.version + 1)
    )
    return await _change(asking, building, body.model_dump(exclude_unset=True), "building")


async def change_point(asking: Asking, point_id: int, body: PointChanges) -> PointOfInterest:
    point = await asking.point(point_id, Action.EDIT_RESIDENTS)
    values = body.model_dump(exclude_unset=True)
    if values.get("phone"):
        values["phone"] = parse_phone(values["phone"]).e164
    return await _change(asking, point, values, "point")


async def _change(asking: Asking, row: Place, values: dict[str, Any], what: str) -> Place:
    given = _given(values)
    region = await asking.region(given.get("region_id", row.region_id), Action.EDIT_RESIDENTS)
    for name, value in given.items():
        setattr(row, name, value)
    await asking.session.flush()
    await asking.note(f"{what}_changed", f"{what}:{row.id}", region.path, {"fields": sorted(given)})
    return row


async def remove_building(asking: Asking, building_id: int) -> None:
    building = await asking.building(building_id, Action.EDIT_RESIDENTS)
    await _remove(
        asking, building, "Homes or photographs belong to this building: move them first."
    )
    path = await asking.path_of(building.region_id)
    await asking.note("building_removed", f"building:{building_id}", path)


async def remove_point(asking: Asking, point_id: int) -> None:
    point = await asking.point(point_id, Action.EDIT_RESIDENTS)
    await _remove(asking, point, "Something refers to this point.")
    await asking.note("point_removed", f"point:{point_id}", await asking.path_of(point.region_id))


# ---- map


async def region_map(asking: Asking, region_id: int) -> MapView:
    """What is drawn for a region: its community's map for a grid, everything below for a district."""
    region = await asking.region(region_id, *GROUND)
    drawn = await map_along(asking.session, region.path)
    helps = any(asking.principal.may(action, region.path) for action in SEEING)
    return drawn if helps else without_key_boxes(drawn)


def without_key_boxes(drawn: MapView) -> MapView:
    """For eyes that never send anybody there."""
    points = [point for point in drawn.points if point.kind != PointKind.KEY_BOX]
    return drawn.model_copy(update={"points": points})


async def map_along(session: AsyncSession, path: Sequence[int]) -> MapView:
    """The same for the region at the end of this path: the nearest ground upwards, else whatever lies below."""
    mapped = await mapped_region(session, path)
    top = mapped.id if mapped is not None else path[-1]
    buildings = await session.scalars(
        select(Building).join(Region).where(Region.path.contains([top])).order_by(Building.id)
    )
    points = await session.scalars(
        select(PointOfInterest)
        .join(Region)
        .where(Region.path.contains([top]))
        .order_by(PointOfInterest.id)
    )
    return MapView(
        basemap=await basemap_of(session, top, mapped),
        picture=await picture_of(session, mapped) if mapped is not None else None,
        buildings=[BuildingView.model_validate(building) for building in buildings],
        points=[PointView.model_validate(point) for point in points],
    )
