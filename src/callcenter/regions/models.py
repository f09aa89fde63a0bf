"""Region tree from the province down to the grid, with what differs by place: numbers to dial, SMS policy, signatures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.regions.policies import ContactPolicy


class RegionLevel(StrEnum):
    ROOT = "root"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class SmsPolicy(StrEnum):
    """When the family is told of an SOS: at once, or after the operator confirms. NULL inherits from the parent."""

    AT_ONCE = "at_once"
    AFTER_CONFIRMATION = "after_confirmation"


class Region(Base):
    """One node of the tree. `path` holds the ids from the root down to this region itself, so that
    "in the subtree of R" is `R = ANY(path)`. NULL in a setting means: as the parent has it.
    """

    __tablename__ = "region"
    __table_args__ = (
        one_of("level", RegionLevel),
        one_of("sms_policy", SmsPolicy),
        one_of("contact_policy", ContactPolicy),
        CheckConstraint(
            "next_contact_s = 0 OR next_contact_s BETWEEN 30 AND 3600", name="next_contact_s_known"
        ),
        CheckConstraint("follow_min BETWEEN 1 AND 1440", name="follow_min_known"),
        CheckConstraint("service_due_s BETWEEN 60 AND 86400", name="service_due_s_known"),
        CheckConstraint("storm_alarms BETWEEN 0 AND 1000", name="storm_alarms_known"),
        Index("ix_region_path", "path", postgresql_using="gin"),
    )

    id: Mapped[Serial]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    path: Mapped[list[int]]
    level: Mapped[str]
    code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    hotline: Mapped[str | None]
    """With its area code, as printed into the SMS, e.g. 0999-8012349."""
    ambulance_number: Mapped[str | None]
    fire_number: Mapped[str | None]
    police_number: Mapped[str | None]
    sms_policy: Mapped[str | None]
    contact_policy: Mapped[str | None]
    next_contact_s: Mapped[int | None]
    """Without an answer from those who were told, the next contact is told after so many seconds; 0: never by itself."""
    follow_min: Mapped[int | None]
    """Whoever is followed is called again after so many minutes, unless the operator says when."""
    service_due_s: Mapped[int | None]
    """Whoever asks for service is to be called back within so many seconds."""
    sms_signature: Mapped[str | None]
    """Inside 【】, e.g. 榆荫里养老."""
    sms_signature_en: Mapped[str | None]
    duty_numbers: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """E.164, in the order in which they are called to an alarm that nobody takes; all at once when no seat is manned."""
    duty_shifts: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    """Who has these phones and when, by number: regions.duty_shifts.DutyPhone. Without one a phone is called at any time."""
    escalation: Mapped[object | None] = mapped_column(JSONB)
    """When who is called, by priority ("0": all others): regions.policies.EscalationPolicy."""
    call_policies: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    """How calls of each kind of list are made, by kind: calls.policy.CallPolicy."""
    storm_alarms: Mapped[int | None]
    """More technical alarms of a kind than so many in a minute are a storm; 0: never."""
    basemap: Mapped[object | None] = mapped_column(JSONB)
    """GeoJSON FeatureCollection (WGS-84) of the community: ground, roads, green, water. NULL: plain grid."""


class RegionCode(Base):
    """Under which code a region was known from which day until which: statistics keep the old one. `region.code` is today's,
    and the database keeps both the same (migration 0032b).
    """

    __tablename__ = "region_code"
    __table_args__ = (CheckConstraint("from_day < until_day", name="lasts"),)

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(index=True)
    from_day: Mapped[date | None]
    """Null: for as long as anybody knows."""
    until_day: Mapped[date | None]
    """The first day on which it holds no more; null: it holds."""
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    recorded_by: Mapped[int | None]
