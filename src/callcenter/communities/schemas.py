"""What REST gives for communities."""

from __future__ import annotations

from pydantic import BaseModel

from callcenter.communities.classes import PersonClass
from callcenter.residents.schemas import ResidentLine


class Counts(BaseModel):
    """Of who lives there today. `open_alarms`: real ones, waiting, taken or followed. `silent_devices` have missed their life signs."""

    residents: int = 0
    homes: int = 0
    classes: dict[PersonClass, int]
    devices: int = 0
    silent_devices: int = 0
    open_alarms: int = 0


class Tile(BaseModel):
    """A community, or what else of the tree has people of its own. `lat` and `lng`: the middle of its homes, null without any."""

    region_id: int
    code: str | None
    name: str
    name_en: str
    above: str
    above_en: str
    """The region that it lies in."""
    lat: float | None
    lng: float | None
    counts: Counts


class Dot(BaseModel):
    """Homes that lie close together, or one: then with its id, its door, and the categories of its people. WGS-84."""

    lat: float
    lng: float
    homes: int
    region_id: int
    """Of one of them."""
    silent: int
    home_id: int | None
    label: str
    categories: list[PersonClass]


class AlarmDot(BaseModel):
    """A home with an open alarm stands alone, however many lie around it."""

    home_id: int
    lat: float
    lng: float
    state: str
    label: str


class Dots(BaseModel):
    """`more`: there are more than are told; ask with larger cells."""

    dots: list[Dot]
    alarms: list[AlarmDot]
    more: bool


class PersonLine(ResidentLine):
    """Somebody who lives there, with what they have."""

    placed: bool
    """Their home has a place on the map."""
    devices: int
    silent_devices: int
    contacts: int
    own_plan: bool
    """An action plan of their own."""
    open_alarm: bool
    """At their home."""


class PeoplePage(BaseModel):
    """`total` counts all who match, to the last one. `after` asks for the next page; null on the last."""

    items: list[PersonLine]
    total: int
    after: str | None
