"""The ground of 榆荫里: regions, buildings, basemap and points of interest, laid out in metres around 40.0 N 104.0 E. Pure.

The spot is desert; nothing here exists. Plans are drawn in metres (x east, y north) and turned by a few degrees, so that
the map does not look like graph paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

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


@dataclass(frozen=True, slots=True)
class PlannedRegion:
    """One node of the tree; `parent` is the code of its parent. NULL settings inherit."""

    code: str
    parent: str | None
    level: str
    name: str
    name_en: str
    settings: dict[str, object] = field(default_factory=dict)


COMMUNITY = "demo-yuyinli"
GRIDS = tuple(f"{COMMUNITY}-{number}" for number in range(1, 5))

REGIONS: tuple[PlannedRegion, ...] = (
    PlannedRegion(
        "demo-qingyue",
        None,
        "province",
        "清岳省",
        "Qingyue Province",
    ),
    PlannedRegion(
        "demo-yunmo",
        "demo-qingyue",
        "city",
        "云陌市",
        "Yunmo City",
        {"ambulance_number": "0999-120", "fire_number": "0999-119", "police_number": "0999-110"},
    ),
    PlannedRegion("demo-chengxi", "demo-yunmo", "district", "澄溪区", "Chengxi District"),
    PlannedRegion("demo-yuyin", "demo-chengxi", "street", "榆荫街道", "Yuyin Subdistrict"),
    PlannedRegion(COMMUNITY, "demo-yuyin", "community", "榆荫里社区", "Yuyinli Community"),
    *(
        PlannedRegion(code, COMMUNITY, "grid", f"榆荫里第{numeral}网格", f"Yuyinli Grid {number}")
        for number, (code, numeral) in enumerate(zip(GRIDS, "一二三四", strict=True), start=1)
    ),
)

ROOT_SETTINGS: dict[str, object] = {
    "hotline": "0999-8012349",
    "ambulance_number": "120",
    "fire_number": "119",
    "police_number": "110",
    "sms_policy": "at_once",
    "sms_signature": "榆荫里养老",
    "sms_signature_en": "Yuyinli Care",
    "duty_numbers": ["+8613900009001"],
}


@dataclass(frozen=True, slots=True)
class PlannedBuilding:
    """A building of the plan; (x, y) is its middle in metres."""

    number: int
    x: float
    y: float
    width: float
    depth: float
    floors: int
    entrances: int
    grid: int

    @property
    def lift(self) -> bool:
        return self.floors > 6

    @property
    def footprint(self) -> Ring:
        return rectangle(self.x, self.y, self.width, self.depth)

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


def _buildings() -> tuple[PlannedBuilding, ...]:
    low = [
        PlannedBuilding(
            number=row * 4 + column + 1,
            x=-165 + column * 110,
            y=-175 + row * 52,
            width=66,
            depth=12,
            floors=6,
            entrances=3,
            grid=1 if row * 4 + column < 6 else 2,
        )
        for row in range(3)
        for column in range(4)
    ]
    middle = [
        PlannedBuilding(13 + index, -205 + index * 82, 100, 44, 14, 11, 2, 3) for index in range(6)
    ]
    towers = [
        PlannedBuilding(19 + index, -95 + index * 190, 160, 32, 22, 18, 1, 4) for index in range(2)
    ]
    return (*low, *middle, *towers)


BUILDINGS = _buildings()


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    kind: str
    name: str
    name_en: str
    x: float
    y: float
    phone: str | None = None


POINTS: tuple[PlannedPoint, ...] = (
    PlannedPoint("station", "榆荫里养老服务站", "Yuyinli Care Station", -168, 13, "+8613900009002"),
    PlannedPoint("police", "社区警务室", "Community Police Room", -197, 26, "+8613900009003"),
    PlannedPoint("canteen", "长者食堂", "Seniors' Canteen", -139, 26),
    PlannedPoint("clinic", "社区卫生服务站", "Community Clinic", -116, -14, "+8613900009004"),
    PlannedPoint("pharmacy", "惠民药房", "Huimin Pharmacy", 236, -150, "+8613900009005"),
    PlannedPoint("gate", "北门（急救通道）", "North Gate (ambulance)", 0, 212),
    PlannedPoint("gate", "南门", "South Gate", 0, -214),
    PlannedPoint("hospital", "市第一医院", "City Hospital No. 1", 1480, 860, "+8613900009006"),
)

_ROADS: tuple[tuple[str, str, bool, float, tuple[Point, ...]], ...] = (
    ("榆荫北路", "Yuyin North Road", True, 16, ((-340, 222), (340, 222))),
    ("榆荫南路", "Yuyin South Road", True, 16, ((-340, -226), (340, -226))),
    ("槐西路", "Huaixi Road", True, 14, ((-270, -290), (-270, 290))),
    ("槐东路", "Huaidong Road", True, 14, ((270, -290), (270, 290))),
    (
        "环园路",
        "Garden Ring",
        False,
        6,
        ((-240, -42), (240, -42), (240, 72), (-240, 72), (-240, -42)),
    ),
    ("北门路", "North Gate Lane", False, 7, ((0, 222), (0, 72))),
    ("南门路", "South Gate Lane", False, 7, ((0, -226), (0, -42))),
    ("西巷", "West Lane", False, 5, ((-240, -200), (-240, 195))),
    ("东巷", "East Lane", False, 5, ((240, -200), (240, 195))),
    ("一排路", "First Row", False, 4, ((-240, -192), (240, -192))),
    ("二排路", "Second Row", False, 4, ((-240, -140), (240, -140))),
    ("三排路", "Third Row", False, 4, ((-240, -88), (240, -88))),
    ("高层路", "Tower Lane", False, 5, ((-240, 132), (240, 132))),
)


def basemap() -> dict[str, object]:
    """GeoJSON of the ground; `kind` is ground, green, water, station, court, road or tree."""
    features: list[dict[str, object]] = []

    def add(geometry: str, coordinates: object, **properties: object) -> None:
        features.append(
            {
                "type": "Feature",
                "id": len(features) + 1,
                "properties": properties,
                "geometry": {"type": geometry, "coordinates": coordinates},
            }
        )

    add("Polygon", [rectangle(0, -2, 520, 420)], kind="ground")
    for name, name_en, x, y, width, depth in (
        ("榆荫园", "Elm Garden", 20.0, 15.0, 230.0, 86.0),
        ("西绿地", "West Green", -254.0, 0.0, 16.0, 380.0),
        ("东绿地", "East Green", 254.0, 0.0, 16.0, 380.0),
        ("门球场", "Gateball Green", 190.0, 15.0, 60.0, 60.0),
    ):
        add("Polygon", [rectangle(x, y, width, depth)], kind="green", name=name, name_en=name_en)
    pond = [(-2, 2), (14, -8), (38, -6), (52, 6), (46, 22), (24, 30), (4, 24), (-8, 14)]
    add(
        "Polygon",
        [ring([(float(x), float(y)) for x, y in pond])],
        kind="water",
        name="映月池",
        name_en="Moon Pond",
    )
    add(
        "Polygon",
        [rectangle(-168, 15, 70, 26)],
        kind="station",
        name="榆荫里养老服务站",
        name_en="Yuyinli Care Station",
        floors=2,
        height=8,
    )
    add(
        "Polygon",
        [rectangle(-116, -14, 22, 18)],
        kind="station",
        name="社区卫生服务站",
        name_en="Community Clinic",
        floors=1,
        height=4,
    )
    add(
        "Polygon",
        [rectangle(-168, -14, 70, 20)],
        kind="court",
        name="健身广场",
        name_en="Exercise Court",
    )
    for name, name_en, main, width, points in _ROADS:
        line = [at(*point) for point in points]
        add("LineString", line, kind="road", name=name, name_en=name_en, main=main, width=width)
    for x, y in _trees():
        add("Point", at(x, y), kind="tree")
    return {"type": "FeatureCollection", "features": features}


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
