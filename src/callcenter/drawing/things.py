"""What is drawn on the ground: buildings with their entrances, roads, areas, points of interest. Pure; positions are [lng, lat] in WGS-84
degrees.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from callcenter.core.errors import Invalid
from callcenter.core.phone import parse_phone
from callcenter.core.written import Written
from callcenter.drawing.rings import counterclockwise, ring_problem, rounded
from callcenter.residents.models import AreaKind, PointKind
from callcenter.residents.schemas import Line

Name = Annotated[str, Field(min_length=1, max_length=100)]
Lng = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
LngLat = Annotated[list[Lng], Field(min_length=2, max_length=2)]
Positions = Annotated[list[LngLat], Field(min_length=2, max_length=500)]

State = Mapping[str, Any]
"""The columns of a thing as they stand in its row."""


class What(StrEnum):
    """Kinds of rows that a step changes; homes follow from buildings."""

    BUILDING = "building"
    ROAD = "road"
    AREA = "area"
    POINT = "point"
    HOME = "home"


class EntranceThing(Written):
    """`footprint` is the part of the building that it leads to."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    position: LngLat | None = None
    footprint: Positions | None = None


class BuildingThing(Written):
    """`footprint` is a closed ring."""

    what: Literal["building"] = "building"
    estate: Line = ""
    name: Name
    name_en: Line = ""
    floors: Annotated[int, Field(ge=1, le=200)]
    floor_height_m: Annotated[float, Field(gt=1, lt=20)] = 3.0
    lift: bool = False
    footprint: Positions
    entrances: Annotated[list[EntranceThing], Field(max_length=50, default_factory=list)]


class RoadThing(Written):
    """What a car can drive on."""

    what: Literal["road"] = "road"
    name: Annotated[str, Field(max_length=100)] = ""
    name_en: Line = ""
    width_m: Annotated[float, Field(ge=1, le=60)] = 6.0
    line: Positions


class AreaThing(Written):
    """Green or water; `ring` is closed."""

    what: Literal["area"] = "area"
    kind: AreaKind
    name: Annotated[str, Field(max_length=100)] = ""
    name_en: Line = ""
    ring: Positions


class PointThing(Written):
    """Where help may come from, or must come in."""

    what: Literal["point"] = "point"
    kind: PointKind
    name: Name
    name_en: Line = ""
    lat: Lat
    lng: Lng
    phone: Annotated[str, Field(max_length=40)] | None = None


Thing = Annotated[BuildingThing | RoadThing | AreaThing | PointThing, Field(discriminator="what")]

_NUMBERED: Final = re.compile(r"(\d+[A-Za-z]?)\s*(?:号楼|栋|幢|座|#)?")


def state_of(thing: BuildingThing | RoadThing | AreaThing | PointThing) -> dict[str, Any]:
    """The columns to write. Raises Invalid with the code of what is wrong with a shape (`rings.ring_problem`, `out_of_range`,
    `entrance_twice`, `wrong_phone`).
    """
    state = thing.model_dump(mode="json", exclude={"what"})
    match thing:
        case BuildingThing():
            state["footprint"] = _outline(state["footprint"])
            state["entrances"] = [_entrance(each) for each in state["entrances"]]
            names = [each["name"] for each in state["entrances"]]
            _demand("entrance_twice" if len(set(names)) < len(names) else None)
            positions = [*state["footprint"], *_within(state["entrances"])]
        case RoadThing():
            state["line"] = [rounded(each) for each in state["line"]]
            positions = state["line"]
        case AreaThing():
            positions = state["ring"] = _outline(state["ring"])
        case PointThing():
            state["lng"], state["lat"] = rounded((state["lng"], state["lat"]))
            state["phone"] = _number(state["phone"])
            positions = [(state["lng"], state["lat"])]
    _demand(None if all(abs(lat) <= 90 for _, lat in positions) else "out_of_range")
    state["name_en"] = state["name_en"] or english_of(state["name"], type(thing))
    return state


def _demand(problem: str | None) -> None:
    if problem is not None:
        raise Invalid(f"This shape cannot be drawn: {problem}.", code=problem)


def _outline(ring: list[list[float]]) -> list[list[float]]:
    _demand(ring_problem(ring))
    return counterclockwise(ring)


def _number(written: str | None) -> str | None:
    """E.164, or None where nothing is written."""
    if not written or not written.strip():
        return None
    try:
        return parse_phone(written).e164
    except Invalid:
        _demand("wrong_phone")
    return None


def _entrance(entrance: dict[str, Any]) -> dict[str, Any]:
    position, footprint = entrance["position"], entrance["footprint"]
    return {
        "name": entrance["name"],
        "position": rounded(position) if position else None,
        "footprint": [rounded(each) for each in footprint] if footprint else None,
    }


def _within(entrances: list[dict[str, Any]]) -> list[list[float]]:
    return [
        position
        for each in entrances
        for position in (
            *([each["position"]] if each["position"] else ()),
            *(each["footprint"] or ()),
        )
    ]


def english_of(name: str, kind: type) -> str:
    """What an English console writes where nobody has said: Building 7 for 7号楼, else the name as it is."""
    numbered = _NUMBERED.fullmatch(name.strip()) if kind is BuildingThing else None
    return f"Building {numbered[1]}" if numbered else name


def mark_of(state: State) -> str:
    """Short and the same for the same content: who changes a thing says what they saw."""
    written = json.dumps(state, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]
