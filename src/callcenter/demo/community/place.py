"""The ground of 榆荫里: regions, buildings, basemap and points of interest, laid out in metres around 40.0 N 104.0 E.

The spot is desert; nothing here exists. Plans are drawn in metres (x east, y north) and turned by a few degrees, so that
the map does not look like graph paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import cos, radians, sin
from typing import Any

from pydantic import Field

from callcenter.demo.community.listed import Both, Listed, read
from callcenter.regions.models import RegionLevel
from callcenter.residents.models import PointKind

LAT0, LNG0 = 40.0, 104.0
METRES_PER_DEGREE_LAT = 111_035.0  # WGS-84 at 40 N
METRES_PER_DEGREE_LNG = 85_394.0
TURN = radians(5)

Point = tuple[float, float]
LngLat = list[float]
Ring = list[LngLat]


def at(x: float, y: float) -> LngLat:
    """[lng, lat] of a point of the plan, in metres from its middle."""
    east = x * cos(TURN) - y * sin(TURN)
    north = x * sin(TURN) + y * cos(TURN)
    return [
        round(LNG0 + east / METRES_PER_DEGREE_LNG, 7),
        round(LAT0 + north / METRES_PER_DEGREE_LAT, 7),
    ]


def ring(points: Sequence[Point]) -> Ring:
    """A closed ring."""
    return [at(*point) for point in (*points, points[0])]


def rectangle(x: float, y: float, width: float, depth: float) -> Ring:
    left, right, south, north = x - width / 2, x + width / 2, y - depth / 2, y + depth / 2
    return ring([(left, south), (right, south), (right, north), (left, north)])


class Region(Listed):
    """One node of the tree; `parent` is the code of its parent. What `settings` leaves out is as the parent has it."""

    code: str
    parent: str | None = None
    level: RegionLevel
    name: Both
    settings: Mapping[str, str] = Field(default_factory=dict)


class Rectangle(Listed):
    """(x, y) is its middle; all in metres."""

    x: float
    y: float
    width: float
    depth: float

    @property
    def ring(self) -> Ring:
        return rectangle(self.x, self.y, self.width, self.depth)


class PlannedBuilding(Rectangle):
    """A building with the number on its wall. `grid` is the code of its region."""

    number: int
    floors: int
    entrances: int
    grid: str

    @property
    def lift(self) -> bool:
        return self.floors > 6

    def entrance_middle(self, entrance: int) -> float:
        """x of the middle of entrance 1, 2, ... counted from the west."""
        unit = self.width / self.entrances
        return self.x - self.width / 2 + unit * (entrance - 0.5)

    def entrance_list(self) -> list[dict[str, object]]:
        """Entrances in the order they stand; the doors are on the south side."""
        unit = self.width / self.entrances
        return [
            {
                "name": str(entrance),
                "position": at(self.entrance_middle(entrance), self.y - self.depth / 2 - 1.5),
                "footprint": rectangle(self.entrance_middle(entrance), self.y, unit, self.depth),
            }
            for entrance in range(1, self.entrances + 1)
        ]

    def home_position(self, entrance: int, floor: int, door: str) -> LngLat:
        """Spread the homes of one entrance over its footprint, so that no two dots hide each other."""
        unit = self.width / self.entrances
        side = -1 if door.endswith(("1", "3")) else 1
        rise = (floor / (self.floors + 1) - 0.5) * self.depth * 0.8
        return at(self.entrance_middle(entrance) + side * unit / 4, self.y + rise)


class PointOfInterest(Listed):
    """Where help may come from."""

    kind: PointKind
    name: Both
    x: float
    y: float
    phone: str | None = None


class Area(Listed):
    """Painted ground: a rectangle or an outline; a `height` in metres where something stands on it."""

    kind: str
    name: Both | None = None
    rectangle: Rectangle | None = None
    outline: tuple[Point, ...] = ()
    floors: int | None = None
    height: int | None = None

    @property
    def ring(self) -> Ring:
        return self.rectangle.ring if self.rectangle else ring(self.outline)


class Road(Listed):
    """A line of so many metres width."""

    name: Both
    width: int
    line: tuple[Point, ...]


class Ground(Listed):
    """The content of place.toml."""

    root: Mapping[str, Any]
    regions: tuple[Region, ...] = Field(alias="region")
    buildings: tuple[PlannedBuilding, ...] = Field(alias="building")
    points: tuple[PointOfInterest, ...] = Field(alias="point")
    areas: tuple[Area, ...] = Field(alias="area")
    roads: tuple[Road, ...] = Field(alias="road")


@cache
def ground() -> Ground:
    """All of it."""
    return read("place.toml", Ground)


def building(number: int) -> PlannedBuilding:
    """The one with this number."""
    return next(each for each in ground().buildings if each.number == number)


def basemap() -> dict[str, object]:
    """GeoJSON of the ground; `kind` is ground, green, water, station, court or tree. Roads are drawn as rows of their own."""
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": properties,
            "geometry": {"type": geometry, "coordinates": coordinates},
        }
        for number, (geometry, coordinates, properties) in enumerate(_painted(), start=1)
    ]
    return {"type": "FeatureCollection", "features": features}


_Painted = tuple[str, object, dict[str, object]]
"""Kind of geometry, its coordinates, properties."""


def _painted() -> Iterator[_Painted]:
    for area in ground().areas:
        standing = {"floors": area.floors, "height": area.height} if area.height else {}
        yield "Polygon", [area.ring], {"kind": area.kind, **_names(area.name), **standing}
    for x, y in _trees():
        yield "Point", at(x, y), {"kind": "tree"}


def _names(name: Both | None) -> dict[str, object]:
    return {"name": name.zh, "name_en": name.en} if name else {}


def _trees() -> list[Point]:
    """Along the lanes, and a loose ring around the pond; small shifts keep the rows from looking ruled."""
    lanes = [
        (side * (232.0 - shift % 3), -190.0 + step * 27 + shift)
        for side in (-1, 1)
        for step in range(14)
        for shift in ((step * 5) % 7,)
    ]
    pond = [
        (22 + cos(radians(angle)) * (52 + angle % 11), 12 + sin(radians(angle)) * (27 + angle % 7))
        for angle in range(0, 360, 24)
    ]
    avenue = [(side * 9.0, 84.0 + step * 14) for side in (-1, 1) for step in range(9)]
    garden = [(-80.0 + step * 12, 49.0 + (step * 3) % 6) for step in range(14)]
    return [*lanes, *pond, *avenue, *garden]
