"""Drills, and what is pressed in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.drills.course import PRESSED, Ending, PressState


class Drill(Base):
    """A region in exercise. It ends by itself at `until_at`, whatever has become of its presses; times by the server's clock."""

    __tablename__ = "drill"
    __table_args__ = (
        one_of("ending", Ending),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_somehow"),
        Index("uq_drill_running", "region_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_drill_started", "started_at"),
    )  # fmt: skip

    id: Mapped[Serial]
    title: Mapped[str]
    region_id: Mapped[int]
    region_path: Mapped[list[int]]
    started_at: Mapped[datetime]
    started_by: Mapped[int]
    started_by_name: Mapped[str]
    until_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    """Since when real alarms wait in the region: nothing is pressed meanwhile."""
    paused_s: Mapped[int] = mapped_column(server_default=text("0"))
    """Of the pauses before."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None]
    ended_by_name: Mapped[str | None]


class DrillPress(Base):
    """One press of a drill. It outlives the home that it names, as an incident does."""

    __tablename__ = "drill_press"
    __table_args__ = (
        one_of("kind", PRESSED),
        one_of("state", PressState),
        Index("ix_drill_press_due", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    drill_id: Mapped[int] = mapped_column(ForeignKey("drill.id"), index=True)
    number: Mapped[int]
    home_id: Mapped[int]
    label: Mapped[str]
    """The address, as it was called."""
    label_en: Mapped[str]
    kind: Mapped[str]
    after_s: Mapped[int]
    """Since the beginning, as it was planned."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    made_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None]
