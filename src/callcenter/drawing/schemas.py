"""What people send and see when they draw. Positions are [lng, lat] in WGS-84 degrees, pixels count from the upper left corner."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

from callcenter.core.written import Written
from callcenter.drawing.fitting import Reference
from callcenter.drawing.numbering import DoorRule, Numbers
from callcenter.drawing.things import AreaThing, BuildingThing, Lat, Lng, PointThing, RoadThing
from callcenter.residents.schemas import View

Seen = Annotated[str, Field(max_length=32)]
"""The `mark` of the thing as it was seen."""
Pixel = Annotated[float, Field(ge=0, le=20_000, allow_inf_nan=False)]


class BuildingChange(BuildingThing):
    """The whole building as it is to be."""

    seen: Seen


class RoadChange(RoadThing):
    """The whole road as it is to be."""

    seen: Seen


class AreaChange(AreaThing):
    """The whole area as it is to be."""

    seen: Seen


class PointChange(PointThing):
    """The whole point as it is to be."""

    seen: Seen


class RuleBody(Written):
    """3 entrances, 6 floors, 2 doors a landing: 101 to 602 in each entrance."""

    entrances: Annotated[int, Field(ge=1, le=30)]
    floors: Annotated[int, Field(ge=1, le=100)]
    doors: Annotated[int, Field(ge=1, le=50)]
    lowest: Annotated[int, Field(ge=1, le=50)] = 1
    left_out: Annotated[list[int], Field(max_length=20, default_factory=list)]
    numbers: Numbers = Numbers.ANEW

    @property
    def rule(self) -> DoorRule:
        """The same for the pure table."""
        values = self.model_dump()
        return DoorRule(**values | {"left_out": frozenset(self.left_out)})


class DoorView(BaseModel):
    """`home_id` where a home stands behind it."""

    entrance: str
    floor: int
    number: str
    home_id: int | None


class DoorsView(BaseModel):
    """What a rule does: `new` homes are made, `found` ones are kept, and so are those `beside` the rule."""

    doors: list[DoorView]
    new: int
    found: int
    beside: int


class ReferenceBody(Written):
    """One place on the picture and on the ground."""

    x: Pixel
    y: Pixel
    lng: Lng
    lat: Lat

    @property
    def reference(self) -> Reference:
        """The same for the pure function."""
        return Reference(self.x, self.y, self.lng, self.lat)


class FixBody(Written):
    """Two points fix a picture; a third tells how well it fits. None: it stays where it is."""

    points: Annotated[list[ReferenceBody], Field(max_length=10, default_factory=list)]
    opacity: Annotated[float, Field(ge=0, le=1)] = 0.7


class GeoJsonBody(Written):
    """A FeatureCollection (RFC 7946) with features of the kinds building, entrance, road, area and point."""

    collection: dict[str, Any]
    dry_run: bool = False


class TakenOverView(BaseModel):
    """How many things a file adds, changes and leaves as they are; `names`: of new buildings."""

    added: int
    changed: int
    same: int
    names: list[str]


class StepWanted(Written):
    """The step that the asker saw as the next one."""

    step: int


class Made(BaseModel):
    """The id of what was drawn."""

    id: int


class StepView(BaseModel):
    """A step that can be undone, or done again; named after the first thing that it changed."""

    id: int
    kind: str
    what: str
    name: str
    changes: int


class OnSheet(View):
    id: int
    mark: str
    region_id: int
    name: str
    name_en: str


class BuildingOnSheet(OnSheet):
    """With how many homes and people it has."""

    estate: str
    floors: int
    floor_height_m: float
    lift: bool
    footprint: Any
    entrances: Any
    homes: int
    people: int


class RoadOnSheet(OnSheet):
    width_m: float
    line: Any


class AreaOnSheet(OnSheet):
    kind: str
    ring: Any


class PointOnSheet(OnSheet):
    kind: str
    lat: float
    lng: float
    phone: str | None


class PictureOnSheet(View):
    """`residual_m` is zero for two points, which are always met: only a third tells more. None until it is fixed."""

    name: str
    width: int
    height: int
    mark: str
    opacity: float
    points: Any
    corners: Any
    metres_per_pixel: float | None = None
    degrees: float | None = None
    residual_m: float | None = None
    off_m: Annotated[list[float], Field(default_factory=list)]


class Sheet(BaseModel):
    """All that is drawn of a region and below."""

    region_id: int
    buildings: list[BuildingOnSheet]
    roads: list[RoadOnSheet]
    areas: list[AreaOnSheet]
    points: list[PointOnSheet]
    picture: PictureOnSheet | None = None
    undo: StepView | None = None
    redo: StepView | None = None
