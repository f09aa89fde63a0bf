"""Buildings, entrances, roads, areas and points as GeoJSON (RFC 7946) and back. A file with one mistake is refused as a whole, with every
mistake and the feature in which it lies. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from callcenter.core.errors import Invalid
from callcenter.drawing.rings import counterclockwise
from callcenter.drawing.things import (
    AreaThing,
    BuildingThing,
    EntranceThing,
    PointThing,
    RoadThing,
    State,
    What,
    state_of,
)

MOST_FEATURES: Final = 2_000
MOST_POSITIONS: Final = 20_000
MOST_PROBLEMS: Final = 50
"""That are told; what is wrong beyond them is counted."""
FAR_DEGREES: Final = 1.0
"""Some hundred kilometres from what the region has drawn: another place, or degrees in the wrong order."""
HIGHEST_LAT: Final = 83.7
"""Nobody lives nearer to a pole: such a latitude is a longitude of western China, or a slip."""

LngLatPair = tuple[float, float]
Feature = Mapping[str, Any]

_GEOMETRY: Final = {
    "building": "Polygon", "entrance": "Point", "road": "LineString", "area": "Polygon", "point": "Point",
}  # fmt: skip
_BODIES: Final[Mapping[str, type[BuildingThing | RoadThing | AreaThing | PointThing]]] = {
    "building": BuildingThing, "road": RoadThing, "area": AreaThing, "point": PointThing,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing with the columns of its row."""

    what: What
    state: dict[str, Any]


def written(things: Sequence[tuple[What, int, State]]) -> dict[str, Any]:
    """A FeatureCollection of things with their ids; entrances are points that name their building."""
    return {
        "type": "FeatureCollection",
        "features": [feature for thing in things for feature in _features(*thing)],
    }


def _features(what: What, thing_id: int, state: State) -> Iterator[dict[str, Any]]:
    name = f"{what.value}-{thing_id}"
    match what:
        case What.BUILDING:
            own = _without(state, "footprint", "entrances")
            outline = [counterclockwise(state["footprint"])]
            yield _feature(name, "Polygon", outline, {"kind": "building", **own})
            for n, entrance in enumerate(state["entrances"], start=1):
                said = {"building": name, "name": entrance["name"]}
                if entrance.get("footprint"):
                    said["footprint"] = entrance["footprint"]
                yield _feature(
                    f"{name}-entrance-{n}",
                    "Point",
                    entrance.get("position"),
                    {"kind": "entrance", **said},
                )
        case What.ROAD:
            yield _feature(
                name, "LineString", state["line"], {"kind": "road", **_without(state, "line")}
            )
        case What.AREA:
            own = {"kind": "area", "area": state["kind"], **_without(state, "ring", "kind")}
            yield _feature(name, "Polygon", [state["ring"]], own)
        case What.POINT:
            own = _without(state, "lat", "lng", "kind")
            place = [state["lng"], state["lat"]]
            yield _feature(name, "Point", place, {"kind": "point", "point": state["kind"], **own})


def _without(state: State, *names: str) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name not in names}


def _feature(name: str, kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates} if coordinates else None
    return {"type": "Feature", "id": name, "properties": properties, "geometry": geometry}


# ---- reading


def read(collection: object, near: LngLatPair | None = None) -> list[Drawn]:
    """The things of a file. `near` is a place of the region, if it has any. Raises Invalid `geojson_refused` with `problems`:
    [{"feature": number from 1, "id", "code", ...}], or `not_geojson`, `too_many_features`.
    """
    features = _collected(collection)
    reading = _Reading(near)
    for number, feature in enumerate(features, start=1):
        reading.take(number, feature)
    return reading.finish()


def _collected(collection: object) -> Sequence[object]:
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise Invalid("The file is no GeoJSON FeatureCollection.", code="not_geojson")
    if not isinstance(features, list):
        raise Invalid("The file is no GeoJSON FeatureCollection.", code="not_geojson")
    if len(features) > MOST_FEATURES:
        raise Invalid(
            f"The file has {len(features)} features; at most {MOST_FEATURES}: split it.",
            code="too_many_features",
            features=len(features),
            most=MOST_FEATURES,
        )
    return features


@dataclass(slots=True)
class _Reading:
    near: LngLatPair | None
    problems: list[dict[str, object]] = field(default_factory=list)
    positions: int = 0
    _drawn: list[tuple[int, Feature, Drawn]] = field(default_factory=list)
    _buildings: dict[str, dict[str, Any]] = field(default_factory=dict)
    _entrances: list[tuple[int, Feature, EntranceThing]] = field(default_factory=list)

    def take(self, number: int, feature: object) -> None:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            self._blame(number, {}, "not_a_feature")
            return
        properties = feature.get("properties")
        kind = properties.get("kind") if isinstance(properties, dict) else None
        if not isinstance(kind, str) or kind not in _GEOMETRY:
            self._blame(number, feature, "unknown_kind", value=str(kind)[:40])
            return
        problem = self._shape_problem(feature, _GEOMETRY[kind])
        if problem is not None:
            self._blame(number, feature, problem)
        else:
            self._read(number, feature, kind)

    def finish(self) -> list[Drawn]:
        """Entrances go to the buildings that they name, in the order of the file."""
        for number, feature, entrance in self._entrances:
            building = self._buildings.get(str(feature["properties"].get("building")))
            if building is None:
                self._blame(number, feature, "no_such_building")
            elif any(each["name"] == entrance.name for each in building["entrances"]):
                self._blame(number, feature, "entrance_twice")
            else:
                building["entrances"].append(entrance.model_dump(mode="json"))
        self._blame_doubles()
        if self.problems:
            raise Invalid(
                f"{len(self.problems)} mistakes; nothing was taken over.",
                code="geojson_refused",
                count=len(self.problems),
                problems=self.problems[:MOST_PROBLEMS],
            )
        return [one for _, _, one in self._drawn]

    def _blame_doubles(self) -> None:
        known: dict[tuple[object, ...], int] = {}
        for number, feature, one in self._drawn:
            first = known.setdefault(natural_key(one.what, one.state), number)
            if first != number:
                self._blame(number, feature, "there_twice", value=str(first))

    def _blame(self, number: int, feature: Feature, code: str, **more: object) -> None:
        named = feature.get("id")
        self.problems.append(
            {"feature": number, "id": None if named is None else str(named)[:60], "code": code}
            | more
        )

    def _shape_problem(self, feature: Feature, wanted: str) -> str | None:
        geometry = feature.get("geometry")
        if geometry is None and feature["properties"]["kind"] == "entrance":
            return None
        if not isinstance(geometry, dict) or geometry.get("type") != wanted:
            return "wrong_geometry"
        places = _flat(geometry.get("coordinates"), wanted)
        if isinstance(places, str):
            return places
        self.positions += len(places)
        if self.positions > MOST_POSITIONS:
            return "too_many_positions"
        return next((found for place in places if (found := self._place_problem(*place))), None)

    def _place_problem(self, lng: float, lat: float) -> str | None:
        if abs(lat) > HIGHEST_LAT or abs(lng) > 180:
            return "swapped" if abs(lng) <= HIGHEST_LAT and abs(lat) <= 180 else "out_of_range"
        if self.near is None:
            self.near = lng, lat
        if _is_near(self.near, lng, lat):
            return None
        return "swapped" if _is_near(self.near, lat, lng) else "far_away"

    def _read(self, number: int, feature: Feature, kind: str) -> None:
        try:
            if kind == "entrance":
                entrance = EntranceThing.model_validate(_said(feature, kind, EntranceThing))
                self._entrances.append((number, feature, entrance))
                return
            body = _BODIES[kind]
            state = state_of(body.model_validate(_said(feature, kind, body)))
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)[0]
            self._blame(
                number, feature, "wrong_property", value=".".join(map(str, wrong["loc"]))[:60]
            )
            return
        except Invalid as error:
            self._blame(number, feature, error.code)
            return
        self._drawn.append((number, feature, Drawn(What(kind), state)))
        if kind == "building" and feature.get("id") is not None:
            self._buildings[str(feature["id"])] = state


def natural_key(what: What, state: State) -> tuple[object, ...]:
    """By what a thing is found again in a region: a road may have its name in several pieces."""
    match what:
        case What.BUILDING:
            return what, state["estate"], state["name"]
        case What.POINT:
            return what, state["kind"], state["name"]
        case What.AREA:
            return what, state["kind"], state["name"], str(state["ring"])
        case _:
            return what, state["name"], str(state["line"])


def _is_near(near: LngLatPair, lng: float, lat: float) -> bool:
    return abs(lng - near[0]) <= FAR_DEGREES and abs(lat - near[1]) <= FAR_DEGREES


def _said(feature: Feature, kind: str, body: type[BaseModel]) -> dict[str, Any]:
    """The fields of a body from properties and geometry; other properties are not ours."""
    said = {k: v for k, v in feature["properties"].items() if k in body.model_fields}
    coordinates: Any = (feature.get("geometry") or {}).get("coordinates")
    match kind:
        case "building":
            said |= {"what": kind, "entrances": [], "footprint": _pairs(coordinates[0])}
        case "road":
            said |= {"what": kind, "line": _pairs(coordinates)}
        case "area":
            area = feature["properties"].get("area")
            said |= {"what": kind, "kind": area, "ring": _pairs(coordinates[0])}
        case "point":
            said |= {
                "what": kind, "kind": feature["properties"].get("point"),
                "lng": coordinates[0], "lat": coordinates[1],
            }  # fmt: skip
        case _:
            said["position"] = list(coordinates[:2]) if coordinates else None
    return said


def _pairs(positions: Sequence[Sequence[float]]) -> list[list[float]]:
    return [list(position[:2]) for position in positions]


def _flat(coordinates: object, kind: str) -> list[LngLatPair] | str:
    """The positions of a geometry; a code where they are none. A height is left out, as RFC 7946 allows."""
    if kind == "Polygon":
        if not isinstance(coordinates, list) or not coordinates:
            return "not_a_position"
        if len(coordinates) > 1:
            return "ring_has_holes"
        coordinates = coordinates[0]
    listed = [coordinates] if kind == "Point" else coordinates
    if not isinstance(listed, list):
        return "not_a_position"
    if not all(_is_position(each) for each in listed):
        return "not_a_position"
    return [(each[0], each[1]) for each in listed]


def _is_position(value: object) -> bool:
    return (
        isinstance(value, list) and len(value) in (2, 3) and all(_is_number(each) for each in value)
    )


def _is_number(value: object) -> bool:
    """Nor one that is none (NaN), or that no float can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e9 < value < 1e9
