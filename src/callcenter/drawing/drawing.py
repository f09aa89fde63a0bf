"""Adding, changing and removing what is drawn; homes find their place in a building by their address, and move with it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, NotFound
from callcenter.drawing.addressed import Inside, Named, floor_of, where_in
from callcenter.drawing.entrances import moved_home
from callcenter.drawing.steps import Step, homes_in, state_in, used_homes
from callcenter.drawing.things import State, What, mark_of
from callcenter.drawing.undoing import StepKind
from callcenter.regions.models import Region, RegionLevel
from callcenter.residents.access import Asking
from callcenter.residents.doors import door_position
from callcenter.residents.models import Building, GroundArea, Home, PointOfInterest, Road
from callcenter.residents.photographs.models import PlacePhotograph

Drawable = Building | Road | GroundArea | PointOfInterest

TABLES: Final[dict[What, type[Any]]] = {
    What.BUILDING: Building,
    What.ROAD: Road,
    What.AREA: GroundArea,
    What.POINT: PointOfInterest,
}


async def drawn_region(asking: Asking, region_id: int) -> Region:
    """A region whose map the asker may draw. Raises NotFound."""
    return await asking.region(region_id, Action.DRAW_MAP)


async def find_thing(asking: Asking, region: Region, what: What, thing_id: int) -> Drawable:
    """Of the region or below it. Raises NotFound."""
    table = TABLES[what]
    row: Drawable | None = await asking.session.scalar(
        select(table)
        .join(Region, Region.id == table.region_id)
        .where(table.id == thing_id, Region.path.contains([region.id]))
        .with_for_update(of=table, key_share=True)
    )
    if row is None:
        raise NotFound(f"no such {what.value}", what=what.value)
    return row


# ---- what people ask for


async def add_thing(asking: Asking, region: Region, what: What, state: dict[str, Any]) -> int:
    """A new thing of the region; its id. Raises Conflict `name_taken` for a building that is there by this name."""
    step = await Step.begin(asking, region, StepKind.ADDED)
    thing_id = await draw(step, what, state)
    await step.finish()
    return thing_id


async def change_thing(
    asking: Asking, region: Region, what: What, thing_id: int, state: dict[str, Any], seen: str
) -> None:
    """Raises Conflict `changed_meanwhile` where it is no longer as it was seen."""
    step = await Step.begin(asking, region, StepKind.CHANGED)
    row = await find_thing(asking, region, what, thing_id)
    _demand_as_seen(what, row, seen)
    if await redraw(step, what, row, state):
        await step.finish()


async def remove_thing(
    asking: Asking, region: Region, what: What, thing_id: int, seen: str
) -> None:
    """Raises Conflict `building_in_use` with how many people live there, `has_photographs`: they are moved or removed first. Empty
    homes go with it.
    """
    step = await Step.begin(asking, region, StepKind.REMOVED)
    row = await find_thing(asking, region, what, thing_id)
    _demand_as_seen(what, row, seen)
    if isinstance(row, Building):
        await _clear(step, row)
    await step.remove(what, row)
    await step.finish()


def _demand_as_seen(what: What, row: Drawable, seen: str) -> None:
    if mark_of(state_in(what, row)) != seen:
        raise Conflict(
            "Somebody has changed this meanwhile: load it again and repeat your change.",
            code="changed_meanwhile",
        )


async def _clear(step: Step, building: Building) -> None:
    """Take out the homes of a building that is to go, if nobody was ever there."""
    shown = select(PlacePhotograph.id).where(PlacePhotograph.building_id == building.id)
    if await step.asking.session.scalar(shown.limit(1)) is not None:
        raise Conflict(
            "There are photographs of this building: remove them first.", code="has_photographs"
        )
    homes = (
        await step.asking.session.scalars(select(Home).where(Home.building_id == building.id))
    ).all()
    used = await used_homes(step.asking, [home.id for home in homes])
    if used:
        _, people = (await homes_in(step.asking, [building.id]))[building.id]
        raise Conflict(
            f"{people} people are registered in {len(used)} homes of this building: move them first.",
            code="building_in_use",
            people=people,
            homes=len(used),
        )
    for home in homes:
        await step.remove(What.HOME, home)


# ---- within a step


async def draw(step: Step, what: What, state: State) -> int:
    """A new row of the step's region; homes that name a building get their place in it."""
    if what is What.BUILDING:
        await _refuse_taken(step, state, None)
    thing_id = await step.add(what, {"region_id": step.region.id, **state})
    if what is What.BUILDING:
        building = await step.asking.session.get_one(Building, thing_id)
        await place_homes(step, building)
    return thing_id


async def redraw(step: Step, what: What, row: Drawable, state: State) -> bool:
    """Whether anything changed. The homes of a building move with it."""
    if not isinstance(row, Building):
        return await step.change(what, row, state)
    await _refuse_taken(step, state, row.id)
    before = Building(footprint=row.footprint, entrances=row.entrances)
    if not await step.change(what, row, state):
        return False
    homes = await step.asking.session.scalars(select(Home).where(Home.building_id == row.id))
    for home in homes.all():
        await _move(step, home, before, row)
    await place_homes(step, row)
    return True


async def _move(step: Step, home: Home, before: Building, after: Building) -> None:
    place = (home.lat, home.lng) if home.lat is not None and home.lng is not None else None
    doors = door_position(before, home.entrance), door_position(after, home.entrance)
    lat, lng = moved_home(place, doors, _outlines(before, after)) or (None, None)
    await step.change(What.HOME, home, {"lat": lat, "lng": lng})


def _outlines(before: Building, after: Building) -> Any:
    return before.footprint, after.footprint


async def _refuse_taken(step: Step, state: State, own: int | None) -> None:
    taken = await step.asking.session.scalar(
        select(Building.id)
        .join(Region)
        .where(
            Region.path.contains([step.region.id]),
            Building.estate == state["estate"],
            Building.name == state["name"],
            Building.id.is_distinct_from(own),
        )
        .limit(1)
    )
    if taken is not None:
        raise Conflict(
            f"There is a building {state['name']} already: choose another name, or say its estate.",
            code="name_taken",
            name=state["name"],
        )


async def place_homes(step: Step, building: Building) -> int:
    """Homes of the community that belong to no building yet and whose address names this one; how many."""
    session = step.asking.session
    community = await _community_of(step.asking, building.region_id)
    homes = (
        await session.scalars(
            select(Home)
            .join(Region)
            .where(Home.building_id.is_(None), Region.path.contains([community]))
            .order_by(Home.id)
        )
    ).all()
    others = await _others(session, community, building)
    named = Named(building.estate, building.name)
    meant = await asyncio.to_thread(_meant, named, others, [home.address for home in homes])
    found = [(home, inside) for home, inside in zip(homes, meant, strict=True) if inside]
    for home, inside in found:
        await step.change(What.HOME, home, _placed(building, home, inside))
    return len(found)


def _meant(
    building: Named, others: Sequence[Named], addresses: Iterable[str]
) -> list[Inside | None]:
    return [where_in(building, others, address) for address in addresses]


async def _others(session: AsyncSession, community: int, building: Building) -> list[Named]:
    rows = await session.execute(
        select(Building.estate, Building.name)
        .join(Region)
        .where(Region.path.contains([community]), Building.id != building.id)
    )
    return [Named(*row) for row in rows]


async def _community_of(asking: Asking, region_id: int) -> int:
    """The community that a region belongs to; one above communities stands for itself."""
    path = await asking.path_of(region_id)
    community = await asking.session.scalar(
        select(Region.id).where(Region.id.in_(path), Region.level == RegionLevel.COMMUNITY)
    )
    return community or region_id


def _placed(building: Building, home: Home, inside: Inside) -> dict[str, Any]:
    entrance, door = home.entrance or inside.entrance, home.door or inside.door
    at = door_position(building, entrance)
    own = home.lat is not None and home.lng is not None
    lat, lng = (home.lat, home.lng) if own or at is None else at
    return {
        "building_id": building.id,
        "entrance": entrance,
        "door": door,
        "floor": home.floor if home.floor is not None else floor_of(door),
        "lat": lat,
        "lng": lng,
    }
