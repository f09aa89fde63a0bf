"""Places and people: buildings, points of interest, homes, residents, contacts. Positions are WGS-84 degrees.

Homes, residents and contacts have a column `english`: {"health_note": "...", ...}, the English wording of their free-text
columns where somebody wrote one; an English console shows it in place of the original.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, Versioned, one_of
from callcenter.regions.policies import ContactPolicy


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class ResidentStatus(StrEnum):
    HOME = "home"
    AWAY = "away"
    HOSPITAL = "hospital"
    MOVED = "moved"
    DECEASED = "deceased"


class Welfare(StrEnum):
    """Welfare category; a resident may have several."""

    EXTREME_POVERTY = "extreme_poverty"  # 特困
    MINIMUM_ALLOWANCE = "minimum_allowance"  # 低保
    NO_FAMILY = "no_family"  # 社会孤老
    LOST_ONLY_CHILD = "lost_only_child"  # 失独
    PREFERENTIAL = "preferential"  # 优抚


class Living(StrEnum):
    ALONE = "alone"  # 独居
    COUPLE = "couple"  # 空巢 (couple)
    ALONE_BY_DAY = "alone_by_day"  # 日间独居
    WITH_CHILDREN = "with_children"  # 与子女同住
    WITH_CARER = "with_carer"  # 有护理员


class Ability(StrEnum):
    """GB/T 42195: degree of disability."""

    INTACT = "intact"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    TOTAL = "total"


class Disability(StrEnum):
    """Kind of disability, GB/T 26341; its degree is 1 (gravest) to 4."""

    VISUAL = "visual"
    HEARING = "hearing"
    SPEECH = "speech"
    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"
    MULTIPLE = "multiple"


class Risk(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class PointKind(StrEnum):
    """Where help may come from, or must come in; the order of lists to choose from."""

    AED = "aed"
    CLINIC = "clinic"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    STATION = "station"
    DAY_STATION = "day_station"
    COMMUNITY_OFFICE = "community_office"
    POLICE = "police"
    FIRE_STATION = "fire_station"
    GATE = "gate"
    KEY_BOX = "key_box"
    HYDRANT = "hydrant"
    CANTEEN = "canteen"
    SHOP = "shop"
    UNIT = "unit"  # a company or an office
    BUS_STOP = "bus_stop"


class AreaKind(StrEnum):
    GREEN = "green"
    WATER = "water"


class Building(Base):
    """One building. `footprint` is a closed ring [[lng, lat], ...]; `entrances` is
    [{"name": "2", "position": [lng, lat], "footprint": [[lng, lat], ...]}, ...] in the order they stand.
    """

    __tablename__ = "building"

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    estate: Mapped[str] = mapped_column(server_default=text("''"))
    name: Mapped[str]
    name_en: Mapped[str]
    floors: Mapped[int]
    floor_height_m: Mapped[float] = mapped_column(server_default=text("3"))
    lift: Mapped[bool] = mapped_column(server_default=text("false"))
    footprint: Mapped[object] = mapped_column(JSONB)
    entrances: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))


class PointOfInterest(Base):
    """Station, clinic, gate...: shown on the map and at the pop-up with its distance."""

    __tablename__ = "point_of_interest"
    __table_args__ = (one_of("kind", PointKind),)

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    lat: Mapped[float]
    lng: Mapped[float]
    phone: Mapped[str | None]


class Road(Base):
    """What a car can drive on. `line` is [[lng, lat], ...]; drawn with the basemap of its region."""

    __tablename__ = "road"

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    name: Mapped[str]
    name_en: Mapped[str]
    width_m: Mapped[float]
    line: Mapped[object] = mapped_column(JSONB)


class GroundArea(Base):
    """Green or water. `ring` is a closed ring [[lng, lat], ...]; drawn with the basemap of its region."""

    __tablename__ = "ground_area"
    __table_args__ = (one_of("kind", AreaKind),)

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    ring: Mapped[object] = mapped_column(JSONB)


class MapPicture(Base):
    """An aerial picture or a plan, one to a region. `corners` are [lng, lat] of the upper left, upper right, lower right and
    lower left corner; NULL until it is fixed by `points`: [{"x", "y" in pixels, "lng", "lat"}, ...].
    """

    __tablename__ = "map_picture"
    __table_args__ = (CheckConstraint("opacity BETWEEN 0 AND 1", name="opacity_known"),)

    region_id: Mapped[int] = mapped_column(
        ForeignKey("region.id"), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    mark: Mapped[str]
    """Of its bytes: a new picture has another address, so that no browser shows the old one."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    points: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    corners: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    opacity: Mapped[float] = mapped_column(server_default=text("0.7"))
    stored_at: Mapped[datetime]


class Home(Versioned, Base):
    """Address, entrance, how to get in. One dot on the map."""

    __tablename__ = "home"
    __table_args__ = (
        Index("ix_home_address_trigram", text("address gin_trgm_ops"), postgresql_using="gin"),
        Index(
            "ix_home_address_en_trigram", text("address_en gin_trgm_ops"), postgresql_using="gin"
        ),
        Index("ix_home_address_order", text('address COLLATE "C"'), "id"),
        Index("ix_home_region", "region_id", "id"),
        Index("ix_home_door", "building_id", "entrance", "door"),
        Index("ix_home_place", "lat", "lng"),
        Index(
            "ix_home_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")
        ),
    )

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    address: Mapped[str]
    address_en: Mapped[str] = mapped_column(server_default=text("''"))
    entrance: Mapped[str] = mapped_column(server_default=text("''"))
    floor: Mapped[int | None]
    door: Mapped[str] = mapped_column(server_default=text("''"))
    access_note: Mapped[str] = mapped_column(server_default=text("''"))
    """How to get in."""
    key_note: Mapped[str] = mapped_column(server_default=text("''"))
    """Who has a key."""
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    english: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("home.id"))
    """The home that this one is, written differently: nobody lives here any more, and no list has it."""


class Resident(Versioned, Base):
    """The person cared for. `pinyin` and `initials` are made from the name when it is saved, for search by prefix."""

    __tablename__ = "resident"
    __table_args__ = (
        one_of("sex", Sex),
        one_of("status", ResidentStatus),
        one_of("living", Living),
        one_of("ability", Ability),
        one_of("risk", Risk),
        one_of("contact_policy", ContactPolicy),
        CheckConstraint("num_nonnulls(home_id, merged_into) = 1", name="lives_or_is_merged"),
        Index(
            "ix_resident_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index("ix_resident_name_order", text('name COLLATE "C"'), "id"),
        Index("ix_resident_pinyin_order", text('pinyin COLLATE "C"'), "id"),
        Index("ix_resident_initials", text('initials COLLATE "C"'), "pinyin", "id"),
        Index("ix_resident_name_trigram", text("name gin_trgm_ops"), postgresql_using="gin"),
        Index("ix_resident_phone_trigram", text("phone gin_trgm_ops"), postgresql_using="gin"),
    )

    id: Mapped[Serial]
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"), index=True, nullable=True)
    """NULL where they are somebody else, and only then: whoever asks by homes does not meet them."""
    name: Mapped[str]
    name_latin: Mapped[str]
    """As written in English texts, e.g. Shen Yulan."""
    pinyin: Mapped[str]
    """Lower case, no spaces: shenyulan."""
    initials: Mapped[str]
    """syl"""
    sex: Mapped[str | None]
    birth_date: Mapped[date | None] = mapped_column(Date)
    identity_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """HMAC of the identity number, for equality only (core/sealed.py)."""
    phone: Mapped[str | None] = mapped_column(index=True)
    """E.164"""
    second_phone: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(server_default=text("'home'"))
    welfare: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    living: Mapped[str | None]
    ability: Mapped[str | None]
    risk: Mapped[str] = mapped_column(server_default=text("'low'"))
    hazards: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Short warnings pushed with the alarm, as free text in Chinese, e.g. 抗凝药."""
    hazards_en: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    health_note: Mapped[str] = mapped_column(server_default=text("''"))
    medicines: Mapped[str] = mapped_column(server_default=text("''"))
    allergies: Mapped[str] = mapped_column(server_default=text("''"))
    hospital: Mapped[str] = mapped_column(server_default=text("''"))
    hearing: Mapped[str] = mapped_column(server_default=text("''"))
    dialect: Mapped[str] = mapped_column(server_default=text("''"))
    talk_note: Mapped[str] = mapped_column(server_default=text("''"))
    """How to talk to them."""
    language: Mapped[str] = mapped_column(server_default=text("'zh-CN'"))
    salutation: Mapped[str] = mapped_column(server_default=text("''"))
    """As texts to the family name them, e.g. 沈奶奶, 沈老师, in English Mrs Shen; empty: 沈玉兰老人, Shen Yulan."""
    contact_policy: Mapped[str | None]
    """NULL: as the region has it."""
    hukou_region_code: Mapped[str | None]
    """Where the household is registered (户口), 6 to 12 digits of GB/T 2260 and 10114."""
    employer: Mapped[str] = mapped_column(server_default=text("''"))
    """Whom they worked for."""
    retired_on: Mapped[date | None] = mapped_column(Date)
    insurance_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Number of the social insurance (core/sealed.py)."""
    lunar_birthday: Mapped[str] = mapped_column(server_default=text("''"))
    """Month and day of the lunar calendar, a leap month with an L: 04-08, L04-08."""
    disability: Mapped[str | None]
    """A `Disability`, or in words what an earlier release has written."""
    disability_level: Mapped[str] = mapped_column(server_default=text("''"))
    """1 to 4; empty: not known. The number of the certificate is sealed, with the fact of the past."""
    party_joined_on: Mapped[date | None] = mapped_column(Date)
    """NULL: no member. Its month and day are the anniversary."""
    english: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    """The resident that this one is, registered a second time."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Contact(Versioned, Base):
    """Family member, neighbour or key holder of one resident, in rank order (1 is asked first)."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("uq_contact_rank", "resident_id", "rank", unique=True),
        Index("ix_contact_phone_trigram", text("phone gin_trgm_ops"), postgresql_using="gin"),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    rank: Mapped[int]
    name: Mapped[str]
    name_latin: Mapped[str] = mapped_column(server_default=text("''"))
    relation: Mapped[str]
    relation_en: Mapped[str] = mapped_column(server_default=text("''"))
    phone: Mapped[str] = mapped_column(index=True)
    """E.164"""
    distance: Mapped[str] = mapped_column(server_default=text("''"))
    """In words: 同楼, 步行十分钟, 外地."""
    far_away: Mapped[bool] = mapped_column(server_default=text("false"))
    has_key: Mapped[bool] = mapped_column(server_default=text("false"))
    reachable: Mapped[str] = mapped_column(server_default=text("''"))
    sms_consent: Mapped[bool] = mapped_column(server_default=text("true"))
    language: Mapped[str] = mapped_column(server_default=text("'zh-CN'"))
    english: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
