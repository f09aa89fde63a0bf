"""The past of residents, and who and what stands around them.

Days are those of the site's calendar; a span holds from `from_day` on and no longer on `until_day`. A row of the past is never
rewritten: it is withdrawn, with by whom and why, and another one is written. So one can also ask what was known at a time.
`resident.home_id`, `hukou_region_code`, `status`, `welfare`, `living`, `ability`, `disability`, `party_joined_on` and `retired_on` are
the present-day copy; triggers of migrations 0030b and 0036b keep both sides the same, whichever of them is written.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.records.staff_kinds import CareDuty
from callcenter.residents.models import Ability, Living


class FactKind(StrEnum):
    WELFARE = "welfare"
    ABILITY = "ability"
    DISABILITY = "disability"
    LIVING = "living"
    RETIREE = "retiree"
    PARTY_MEMBER = "party_member"


class EventKind(StrEnum):
    DIED = "died"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    HOSPITAL = "hospital"
    AWAY = "away"
    BACK = "back"


class OrganisationKind(StrEnum):
    COMMUNITY = "community"
    STREET_OFFICE = "street_office"
    DEPARTMENT = "department"
    PROVIDER = "provider"
    ASSOCIATION = "association"
    ENTERPRISE = "enterprise"
    SHOP = "shop"
    CENTRE_OPERATOR = "centre_operator"


class FacilityKind(StrEnum):
    CENTRE = "centre"
    DAY_STATION = "day_station"
    CANTEEN = "canteen"
    MUTUAL_AID_POINT = "mutual_aid_point"
    STATION = "station"
    INSTITUTION = "institution"
    SERVICE_POINT = "service_point"


class Purpose(StrEnum):
    """What a consent is for. An emergency is its own ground and needs none."""

    ALARM_CARE = "alarm_care"
    FAMILY_TEXTS = "family_texts"
    LOCATION = "location"
    RECORDING = "recording"
    PROVIDER_SEES_PROFILE = "provider_sees_profile"
    PUBLICITY = "publicity"


class ConsentKind(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentBy(StrEnum):
    SELF = "self"
    GUARDIAN = "guardian"
    AGENT = "agent"


class Power(StrEnum):
    """What an agent may do for a resident. Without a row a relative may ask, not spend."""

    ORDER = "order"
    PAY = "pay"
    CONFIRM = "confirm"
    SEE_BILLS = "see_bills"
    RECEIVE_CARD = "receive_card"


class DayKind(StrEnum):
    WORKDAY = "workday"  # also a weekend day that is worked to make up for a holiday
    REST = "rest"
    HOLIDAY = "holiday"


class Holder(StrEnum):
    RESIDENT = "resident"
    CONTACT = "contact"
    DEVICE = "device"
    STAFF = "staff"


def _begun_before_it_ends() -> CheckConstraint:
    return CheckConstraint("until_day > from_day", name="begun_before_it_ends")


# ---- the past of a resident


class Recorded:
    """Who wrote the row when, and who withdrew it when and why."""

    recorded_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    recorded_by: Mapped[int | None]
    source: Mapped[str] = mapped_column(server_default=text("'direct'"))
    """api, import, demo, migration, clock; direct: nobody said."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_why: Mapped[str] = mapped_column(server_default=text("''"))
    """Empty: what followed has ended it. Else the reason of a correction."""


class Residence(Recorded, Base):
    """Where somebody lived from a day until before another. No two of a resident overlap; the one without an end is theirs now."""

    __tablename__ = "residence"
    __table_args__ = (
        _begun_before_it_ends(),
        Index("ix_residence_resident", "resident_id"),
        Index("ix_residence_region", "region_id", "from_day"),
        Index("ix_residence_home", "home_id"),
        Index("ix_residence_hukou", text('hukou_region_code COLLATE "C"')),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id", ondelete="SET NULL"))
    """NULL: that home is no longer registered; `address` has what it was called."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    address: Mapped[str] = mapped_column(server_default=text("''"))
    hukou_region_code: Mapped[str | None]
    """Up to 12 digits, of where the household is registered."""
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)


class ResidentFact(Recorded, Base):
    """What held of somebody for a time. Of each kind one value at a time, of welfare several."""

    __tablename__ = "resident_fact"
    __table_args__ = (
        _begun_before_it_ends(),
        one_of("kind", FactKind),
        CheckConstraint(
            "kind <> 'ability' OR value IN ('{}')".format("', '".join(Ability)),
            name="ability_known",
        ),
        CheckConstraint(
            "kind <> 'living' OR value IN ('{}')".format("', '".join(Living)), name="living_known"
        ),
        CheckConstraint("value <> ''", name="says_something"),
        Index("ix_resident_fact_resident", "resident_id", "kind"),
        Index(
            "ix_resident_fact_ends",
            "until_day",
            postgresql_where=text("withdrawn_at IS NULL AND until_day IS NOT NULL"),
        ),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    kind: Mapped[str]
    value: Mapped[str]
    level: Mapped[str] = mapped_column(server_default=text("''"))
    document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Number of the certificate (core/sealed.py): that of a disability holds the identity number."""
    assessed_by: Mapped[str] = mapped_column(server_default=text("''"))
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)


class ResidentEvent(Recorded, Base):
    """What happened to somebody on a day. The last one says where they are now; a death is always the last."""

    __tablename__ = "resident_event"
    __table_args__ = (
        one_of("kind", EventKind),
        Index("ix_resident_event_resident", "resident_id", "day"),
        Index(
            "uq_resident_event_died",
            "resident_id",
            unique=True,
            postgresql_where=text("kind = 'died' AND withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    kind: Mapped[str]
    day: Mapped[date] = mapped_column(Date)
    proof: Mapped[str] = mapped_column(server_default=text("''"))
    """In words: death certificate 2026-118, told by the son."""


class NumberUse(Base):
    """Who had a telephone number from when until when. A number that was given back is sold again: its old owner must not be shown."""

    __tablename__ = "number_use"
    __table_args__ = (
        one_of("holder", Holder),
        CheckConstraint("until_day >= from_day", name="begun_before_it_ends"),
        Index("ix_number_use_number", "e164"),
        Index("ix_number_use_holder", "holder", "holder_id"),
        Index(
            "uq_number_use_now",
            "e164",
            "holder",
            "holder_id",
            unique=True,
            postgresql_where=text("until_day IS NULL"),
        ),
    )

    id: Mapped[Serial]
    e164: Mapped[str]
    holder: Mapped[str]
    holder_id: Mapped[int]
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    last_confirmed: Mapped[date | None] = mapped_column(Date)


# ---- who and what stands around residents


class Organisation(Base):
    """A department, a provider, a shop... `parent_id` is the chain it belongs to."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind),)

    id: Mapped[Serial]
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default=text("''"))
    uscc: Mapped[str | None] = mapped_column(unique=True)
    """Unified social credit code, GB 32100; the database refuses a wrong check character."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    until_day: Mapped[date | None] = mapped_column(Date)
    """From this day on it is no more; NULL: it goes on."""
    version: Mapped[int] = mapped_column(server_default=text("1"))
    phone: Mapped[str | None]
    """E.164. Several may have one: a hospital and its day station."""


class Facility(Base):
    """A place that somebody runs; `functions`: one may be a canteen and a day station at once."""

    __tablename__ = "facility"
    __table_args__ = (
        one_of("kind", FacilityKind),
        CheckConstraint("area_m2 > 0", name="area_m2_positive"),
        CheckConstraint("beds >= 0", name="beds_not_negative"),
        CheckConstraint("(lat IS NULL) = (lng IS NULL)", name="whole_position"),
    )

    id: Mapped[Serial]
    kind: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default=text("''"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    area_m2: Mapped[float | None]
    beds: Mapped[int | None]
    rooms: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    hours: Mapped[str] = mapped_column(server_default=text("''"))
    level: Mapped[str] = mapped_column(server_default=text("''"))
    functions: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    until_day: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Staff(Base):
    """Somebody who works or helps. A volunteer, driver or caregiver need not have a log-in."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("active_until > active_from", name="begun_before_it_ends"),)

    id: Mapped[Serial]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), unique=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(index=True)
    """E.164"""
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    areas: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    """Further regions in which they help, with all below them."""
    kinds: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    skills: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """With dialects, in words."""
    vehicle: Mapped[str] = mapped_column(server_default=text("''"))
    health_cert_until: Mapped[date | None] = mapped_column(Date)
    active_from: Mapped[date] = mapped_column(Date)
    active_until: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(server_default=text("1"))


class Responsible(Base):
    """Who looks after a home or a region, as what, from when until when."""

    __tablename__ = "responsible"
    __table_args__ = (
        one_of("duty", CareDuty),
        _begun_before_it_ends(),
        CheckConstraint("num_nonnulls(home_id, region_id) = 1", name="of_one_place"),
    )

    id: Mapped[Serial]
    home_id: Mapped[int | None] = mapped_column(
        ForeignKey("home.id", ondelete="CASCADE"), index=True
    )
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    duty: Mapped[str]
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)


class Consent(Base):
    """What somebody agreed to, refused or took back. Rows are only added: the last one of a purpose holds."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("kind", ConsentKind),
        one_of("given_by", ConsentBy),
        Index("ix_consent_resident", "resident_id", "purpose", "at"),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    kind: Mapped[str]
    given_by: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[str] = mapped_column(server_default=text("''"))
    recorded_by: Mapped[int | None]


class Agent(Base):
    """Who may act for a resident, and in what. Each power has an end of its own by having its own row."""

    __tablename__ = "agent"
    __table_args__ = (
        _begun_before_it_ends(),
        CheckConstraint("num_nonnulls(contact_id, staff_id) = 1", name="one_person"),
        CheckConstraint(
            "cardinality(powers) > 0 AND powers <@ ARRAY['{}']".format("', '".join(Power)),
            name="powers_known",
        ),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    powers: Mapped[list[str]]
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(server_default=text("''"))


class CalendarDay(Base):
    """A day that is not as its weekday says. A year without rows is not known, and nobody may count workdays in it."""

    __tablename__ = "calendar_day"
    __table_args__ = (one_of("kind", DayKind),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(server_default=text("''"))
    source: Mapped[str]
    version: Mapped[int]
    """Counts the lists of that year."""
