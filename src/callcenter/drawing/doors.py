"""The doors of a building by rule: looked at first, then made. Homes that stand are found again and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from callcenter.directory.addresses import house_number
from callcenter.directory.numerals import in_digits
from callcenter.drawing.addressed import Named, address_of
from callcenter.drawing.drawing import find_thing, place_homes
from callcenter.drawing.entrances import with_entrances
from callcenter.drawing.numbering import (
    Door,
    DoorKey,
    DoorPlan,
    DoorRule,
    doors_of,
    plan_doors,
)
from callcenter.drawing.steps import Step
from callcenter.drawing.things import What
from callcenter.drawing.undoing import StepKind
from callcenter.regions.models import Region
from callcenter.residents.access import Asking
from callcenter.residents.doors import door_position
from callcenter.residents.models import Building, Home


@dataclass(frozen=True, slots=True)
class Doors:
    """All doors of a rule, and what they mean for the homes of a building."""

    rule: Sequence[Door]
    plan: DoorPlan


async def look_at_doors(asking: Asking, region: Region, building_id: int, rule: DoorRule) -> Doors:
    """What the rule would do; nothing is written."""
    building = await _building(asking, region, building_id)
    return await _doors(asking, building, rule)


async def make_doors(asking: Asking, region: Region, building_id: int, rule: DoorRule) -> Doors:
    """The missing entrances and homes in one step."""
    step = await Step.begin(asking, region, StepKind.DOORS)
    building = await _building(asking, region, building_id)
    await place_homes(step, building)
    doors = await _doors(asking, building, rule)
    await step.change(What.BUILDING, building, _with_doors(building, doors.rule))
    await step.add_homes([_home(building, door) for door in doors.plan.new])
    if step.changes:
        await step.finish()
    return doors


async def _building(asking: Asking, region: Region, building_id: int) -> Building:
    row = await find_thing(asking, region, What.BUILDING, building_id)
    assert isinstance(row, Building)  # noqa: S101 - of that table
    return row


async def _doors(asking: Asking, building: Building, rule: DoorRule) -> Doors:
    doors = doors_of(rule)
    rows = await asking.session.execute(
        select(Home.entrance, Home.door, Home.id).where(
            Home.building_id == building.id, Home.merged_into.is_(None)
        )
    )
    standing: dict[DoorKey, int] = {
        (house_number(entrance), in_digits(door)): home_id for entrance, door, home_id in rows
    }
    return Doors(doors, plan_doors(doors, standing))


def _with_doors(building: Building, doors: Sequence[Door]) -> dict[str, Any]:
    """At least as many floors as doors have, and an entrance for each of them."""
    names = list(dict.fromkeys(door.entrance for door in doors))
    ring: Any = building.footprint
    standing: Any = building.entrances
    return {
        "floors": max(building.floors, *(door.floor for door in doors)),
        "entrances": with_entrances(ring, standing, names),
    }


def _home(building: Building, door: Door) -> dict[str, Any]:
    lat, lng = door_position(building, door.entrance) or (None, None)
    named = Named(building.estate, building.name)
    return {
        "region_id": building.region_id,
        "building_id": building.id,
        "address": address_of(named, door.entrance, door.number),
        "address_en": f"{building.name_en}, Entrance {door.entrance}, Door {door.number}",
        "entrance": door.entrance,
        "floor": door.floor,
        "door": door.number,
        "access_note": "",
        "key_note": "",
        "lat": lat,
        "lng": lng,
        "english": {},
    }
