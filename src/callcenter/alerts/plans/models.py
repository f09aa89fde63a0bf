"""Action plans with every version they had, and which of them an incident runs with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial


class ActionPlan(Base):
    """As it stands: of a region with everything below it, or of one resident. Its steps are those of its newest version."""

    __tablename__ = "action_plan"
    __table_args__ = (
        CheckConstraint("num_nonnulls(region_id, resident_id) = 1", name="one_owner"),
        CheckConstraint("cardinality(kinds) > 0", name="of_some_kind"),
        CheckConstraint("ring_after_s BETWEEN 0 AND 1800", name="rings_in_time"),
    )

    id: Mapped[Serial]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    kinds: Mapped[list[str]]
    name: Mapped[str]
    name_en: Mapped[str]
    active: Mapped[bool]
    version: Mapped[int]
    changed_by: Mapped[int | None]
    changed_at: Mapped[datetime]
    ring_after_s: Mapped[int | None]
    """A contact who has not answered the text for so long is rung; 0: nobody is, NULL: as the site has it."""


class ActionPlanVersion(Base):
    """What a plan said, for good. No foreign key: an incident of long ago still tells what it ran with."""

    __tablename__ = "action_plan_version"

    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kinds: Mapped[list[str]]
    name: Mapped[str]
    name_en: Mapped[str]
    active: Mapped[bool]
    steps: Mapped[object] = mapped_column(JSONB)
    by: Mapped[int | None]
    at: Mapped[datetime]
    ring_after_s: Mapped[int | None]


class IncidentPlan(Base):
    """Which plan an incident runs with from its entry `number` on; the newest row holds. `plan_id` NULL: the built-in plan."""

    __tablename__ = "incident_plan"

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[int | None]
    version: Mapped[int]
    kind: Mapped[str]
    """What headed the incident when the plan was chosen."""
    started_at: Mapped[datetime]
