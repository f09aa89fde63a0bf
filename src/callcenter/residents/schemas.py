"""What REST takes and gives for places and people. Fields not given in a change stay as they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from callcenter.core.written import Written
from callcenter.regions.policies import ContactPolicy
from callcenter.residents.models import (
    Ability,
    Disability,
    Living,
    PointKind,
    ResidentStatus,
    Risk,
    Sex,
    Welfare,
)
from callcenter.residents.paging import Found, Window

English = dict[str, str]
LngLat = Annotated[list[float], Field(min_length=2, max_length=2)]
Ring = Annotated[list[LngLat], Field(min_length=4, max_length=500)]
Note = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(max_length=200)]
Language = Annotated[str, Field(pattern=r"^(zh-CN|en)$")]
HukouCode = Annotated[str, Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$")]
"""Of the region where the household is registered: 6, 9 or 12 digits."""
LunarDay = Annotated[str, Field(pattern=r"^(L?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30))?$")]
"""Month and day of the lunar calendar, with an L in a leap month: 04-08, L04-08. Empty: not known."""
DisabilityLevel = Annotated[str, Field(pattern=r"^[1-4]?$")]
"""Degree of a disability, 1 is the gravest. Empty: not known."""
Salutation = Annotated[str, Field(max_length=20)]
"""How texts name somebody, in place of the name: 沈奶奶."""
Item = TypeVar("Item")


class View(BaseModel):
    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )


class Page(BaseModel, Generic[Item]):
    """One page of a list. `total` counts all pages, but not beyond 500: `total_is_capped` says that there are more.
    `after` asks for the next page; null on the last.
    """

    items: list[Item]
    total: int
    total_is_capped: bool
    page: int
    limit: int
    after: str | None

    @classmethod
    def of(cls, items: list[Item], found: Found, window: Window) -> Page[Item]:
        return cls(
            items=items,
            total=found.total,
            total_is_capped=found.total_is_capped,
            page=window.page,
            limit=window.limit,
            after=found.after,
        )


# ---- residents


class ResidentBody(Written):
    """A new resident. Latin name, birth date and sex are worked out where they are not given."""

    effective_on: date | None = None
    """From which day home, status, welfare, living, ability and disability hold: today, unless given."""
    home_id: int
    name: str
    name_latin: Line | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    identity_number: Line | None = None
    phone: Line | None = None
    second_phone: Line | None = None
    status: ResidentStatus = ResidentStatus.HOME
    welfare: Annotated[list[Welfare], Field(default_factory=list)]
    living: Living | None = None
    ability: Ability | None = None
    risk: Risk = Risk.LOW
    hazards: Annotated[list[Line], Field(max_length=12, default_factory=list)]
    hazards_en: Annotated[list[Line], Field(max_length=12, default_factory=list)]
    health_note: Note = ""
    medicines: Note = ""
    allergies: Note = ""
    hospital: Line = ""
    hearing: Line = ""
    dialect: Line = ""
    talk_note: Note = ""
    language: Language = "zh-CN"
    salutation: Salutation = ""
    contact_policy: ContactPolicy | None = None
    hukou_region_code: HukouCode | None = None
    employer: Line = ""
    retired_on: date | None = None
    insurance_number: Line | None = None
    lunar_birthday: LunarDay = ""
    disability: Disability | None = None
    disability_level: DisabilityLevel = ""
    party_joined_on: date | None = None
    english: Annotated[English, Field(default_factory=dict)]


class ResidentChanges(Written):
    """Only what is given is changed; `version` is the one the change was made on (else 409)."""

    version: int
    effective_on: date | None = None
    """From which day the change of home, status, welfare, living, ability or disability holds (moved on, died on): today, unless
    given.
    """
    home_id: int | None = None
    name: str | None = None
    name_latin: Line | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    identity_number: Line | None = None
    phone: Line | None = None
    second_phone: Line | None = None
    status: ResidentStatus | None = None
    welfare: list[Welfare] | None = None
    living: Living | None = None
    ability: Ability | None = None
    risk: Risk | None = None
    hazards: Annotated[list[Line], Field(max_length=12)] | None = None
    hazards_en: Annotated[list[Line], Field(max_length=12)] | None = None
    health_note: Note | None = None
    medicines: Note | None = None
    allergies: Note | None = None
    hospital: Line | None = None
    hearing: Line | None = None
    dialect: Line | None = None
    talk_note: Note | None = None
    language: Language | None = None
    salutation: Salutation | None = None
    contact_policy: ContactPolicy | None = None
    hukou_region_code: HukouCode | None = None
    employer: Line | None = None
    retired_on: date | None = None
    insurance_number: Line | None = None
    lunar_birthday: LunarDay | None = None
    disability: Disability | None = None
    disability_level: DisabilityLevel | None = None
    party_joined_on: date | None = None
    english: English | None = None


class ResidentView(View):
    """A resident in full. The identity number is masked; `GET /residents/{id}/identity` tells it, to some."""

    id: int
    version: int
    home_id: int
    name: str
    name_latin: str
    pinyin: str
    sex: str | None
    birth_date: date | None
    age: int | None = None
    identity_masked: str | None = None
    phone: str | None
    second_phone: str | None
    status: str
    welfare: list[str]
    living: str | None
    ability: str | None
    risk: str
    hazards: list[str]
    hazards_en: list[str]
    health_note: str
    medicines: str
    allergies: str
    hospital: str
    hearing: str
    dialect: str
    talk_note: str
    language: str
    salutation: str
    contact_policy: str | None
    hukou_region_code: str | None
    employer: str
    retired_on: date | None
    insurance_masked: str | None = None
    lunar_birthday: str
    disability: str | None
    disability_level: str
    party_joined_on: date | None
    english: English
    has_photo: bool = False
    created_at: datetime
    updated_at: datetime


class ResidentLine(View):
    """A resident in a list."""

    id: int
    version: int
    home_id: int
    region_id: int
    name: str
    name_latin: str
    sex: str | None
    birth_date: date | None
    age: int | None
    phone: str | None
    status: str
    living: str | None
    ability: str | None
    risk: str
    welfare: list[str]
    disability: str | None
    address: str
    address_en: str


class IdentityView(BaseModel):
    identity_number: str | None


# ---- contacts


class ContactBody(Written):
    """A contact; without `rank` it becomes the last, with it the others move down."""

    rank: Annotated[int, Field(ge=1, le=50)] | None = None
    name: str
    name_latin: Line | None = None
    relation: Line = ""
    relation_en: Line = ""
    phone: Line
    distance: Line = ""
    far_away: bool = False
    has_key: bool = False
    reachable: Line = ""
    sms_consent: bool = True
    language: Language = "zh-CN"
    english: Annotated[English, Field(default_factory=dict)]


class ContactChanges(Written):
    """Only what is given is changed."""

    version: int
    rank: Annotated[int, Field(ge=1, le=50)] | None = None
    name: str | None = None
    name_latin: Line | None = None
    relation: Line | None = None
    relation_en: Line | None = None
    phone: Line | None = None
    distance: Line | None = None
    far_away: bool | None = None
    has_key: bool | None = None
    reachable: Line | None = None
    sms_consent: bool | None = None
    language: Language | None = None
    english: English | None = None


class ContactView(View):
    id: int
    version: int
    resident_id: int
    rank: int
    name: str
    name_latin: str
    relation: str
    relation_en: str
    phone: str
    distance: str
    far_away: bool
    has_key: bool
    reachable: str
    sms_consent: bool
    language: str
    english: English


# ---- homes


class HomeBody(Written):
    region_id: int
    building_id: int | None = None
    address: Annotated[str, Field(min_length=1, max_length=200)]
    address_en: Line = ""
    entrance: Line = ""
    floor: Annotated[int, Field(ge=-5, le=200)] | None = None
    door: Line = ""
    access_note: Note = ""
    key_note: Note = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    english: Annotated[English, Field(default_factory=dict)]


class HomeChanges(Written):
    """Only what is given is changed."""

    version: int
    effective_on: date | None = None
    """From which day the home belongs to another region: today, unless given."""
    region_id: int | None = None
    building_id: int | None = None
    address: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    address_en: Line | None = None
    entrance: Line | None = None
    floor: Annotated[int, Field(ge=-5, le=200)] | None = None
    door: Line | None = None
    access_note: Note | None = None
    key_note: Note | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    english: English | None = None


class HomeView(View):
    id: int
    version: int
    region_id: int
    building_id: int | None
    address: str
    address_en: str
    entrance: str
    floor: int | None
    door: str
    access_note: str
    key_note: str
    lat: float | None
    lng: float | None
    english: English


class HomeDot(BaseModel):
    """A dot on the map. No names: the map stands open on the wall."""

    home_id: int
    lat: float
    lng: float
    region_id: int
    label: str


# ---- buildings, points of interest, map


class BuildingBody(Written):
    region_id: int
    estate: Line = ""
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""
    floors: Annotated[int, Field(ge=1, le=200)]
    floor_height_m: Annotated[float, Field(gt=1, lt=20)] = 3.0
    lift: bool = False
    footprint: Ring
    entrances: Annotated[list[dict[str, Any]], Field(max_length=50, default_factory=list)]


class BuildingChanges(Written):
    """Only what is given is changed."""

    region_id: int | None = None
    estate: Line | None = None
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    name_en: Line | None = None
    floors: Annotated[int, Field(ge=1, le=200)] | None = None
    floor_height_m: Annotated[float, Field(gt=1, lt=20)] | None = None
    lift: bool | None = None
    footprint: Ring | None = None
    entrances: Annotated[list[dict[str, Any]], Field(max_length=50)] | None = None


class BuildingView(View):
    id: int
    region_id: int
    estate: str
    name: str
    name_en: str
    floors: int
    floor_height_m: float
    lift: bool
    footprint: Any
    entrances: Any


class PointBody(Written):
    region_id: int
    kind: PointKind
    name: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Line = ""
    lat: Annotated[float, Field(ge=-90, le=90)]
    lng: Annotated[float, Field(ge=-180, le=180)]
    phone: Line | None = None


class PointChanges(Written):
    """Only what is given is changed."""

    region_id: int | None = None
    kind: PointKind | None = None
    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    name_en: Line | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None
    phone: Line | None = None


class PointView(View):
    id: int
    region_id: int
    kind: str
    name: str
    name_en: str
    lat: float
    lng: float
    phone: str | None


class PictureOnMap(View):
    """An aerial picture or a plan that lies on the ground: `GET /regions/{region_id}/picture`. `corners` are [lng, lat] of the
    upper left, upper right, lower right and lower left one, `width` and `height` pixels.
    """

    region_id: int
    mark: str
    width: int
    height: int
    opacity: float
    corners: Any


class MapView(BaseModel):
    """What is drawn of a region: the nearest basemap upwards with its roads and its picture, buildings and points of it and below."""

    basemap: Any
    picture: PictureOnMap | None = None
    buildings: list[BuildingView]
    points: list[PointView]
