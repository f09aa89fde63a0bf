"""Calls, their telephones, and what they were about.

Who writes: calls and legs are the alarm process's; what a call was about is the office's.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.alerts import models as _alerts  # noqa: F401 - a call may be an alarm
from callcenter.core.tables import Base, one_of
from callcenter.devices import models as _devices  # noqa: F401 - devices ring, and staff
from callcenter.dispatch import models as _dispatch  # noqa: F401 - a task may come of a call
from callcenter.hotline.call import Direction, Role, State
from callcenter.hotline.disposition import Opens
from callcenter.telephony.line import LineKind
from callcenter.telephony.numbers import Presentation
from callcenter.telephony.pbx import Pbx


class Source(StrEnum):
    """How it is known."""

    LIVE = "live"
    READ_BACK = "read_back"
    """From the exchange's own log, since this server was away."""
    BY_HAND = "by_hand"
    """Written down by whoever spoke: a site without an exchange."""
    SIMULATED = "simulated"


def source_of(pbx: Pbx) -> Source:
    """Of the calls that this exchange tells of."""
    return Source.SIMULATED if pbx.is_simulated else Source.LIVE


class WorkedOff(StrEnum):
    """How a call that nobody answered was worked off."""

    REACHED = "reached"
    """By itself: they were spoken with afterwards, whoever rang."""
    RUNG_BACK = "rung_back"
    NEEDS_NOTHING = "needs_nothing"
    """For a reason."""


class DispositionRow(Base):
    """What a call was about: one key at the seat."""

    __tablename__ = "disposition"
    __table_args__ = (
        one_of("opens", Opens),
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,30}$'", name="code_of_letters"),
        CheckConstraint("length(key) = 1", name="one_key"),
        CheckConstraint("due_minutes > 0", name="due_later"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("disposition.code"))
    zh: Mapped[str]
    en: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    effective: Mapped[bool]
    """Counts as a call that was about something (121,200 of 303,000)."""
    opens: Mapped[str] = mapped_column(server_default=text("'nothing'"))
    of_kind: Mapped[str | None]
    """Of the signal or the task that it opens."""
    due_minutes: Mapped[int | None]
    """Until when its case is due."""
    is_built_in: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    is_offered: Mapped[bool] = mapped_column(server_default=text("true"))


class CallRow(Base):
    """One call. Migration 0065b: what has ended stays so."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("pbx", "pbx_call"),
        one_of("direction", Direction),
        one_of("kind", LineKind),
        one_of("presentation", Presentation),
        one_of("state", State),
        one_of("source", Source),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"
        ),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at_a_time"),
        CheckConstraint("(disposition IS NULL) = (filed_at IS NULL)", name="filed_at_a_time"),
        CheckConstraint(
            "(worked_off_at IS NULL) = (worked_off_how IS NULL)", name="worked_off_somehow"
        ),
        one_of("worked_off_how", WorkedOff),
        Index("ix_call_offered_at", "offered_at"),
        Index("ix_call_caller", "caller_e164", "offered_at"),
        Index(
            "ix_call_to_be_filed",
            "ended_at",
            postgresql_where=text("state = 'ended' AND direction = 'in' AND disposition IS NULL"),
        ),
        Index("ix_call_standing", "state", postgresql_where=text("state <> 'ended'")),
        Index(
            "ix_call_red_of_device",
            "device_id",
            "offered_at",
            postgresql_where=text("kind = 'red' AND direction = 'in'"),
        ),
        Index("ix_call_aged", "ended_at", postgresql_where=text("NOT is_forgotten")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    pbx: Mapped[str]
    pbx_call: Mapped[str]
    """The exchange's name of it."""
    source: Mapped[str] = mapped_column(server_default=text("'live'"))
    direction: Mapped[str]
    kind: Mapped[str]
    line: Mapped[str]
    """The number that was called, or is shown to whoever is rung."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    caller_raw: Mapped[str]
    caller_e164: Mapped[str | None]
    presentation: Mapped[str]
    matches: Mapped[int] = mapped_column(server_default=text("0"))
    """How many were found under this number."""
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    contact_id: Mapped[int | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    state: Mapped[str]
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]
    cause: Mapped[int | None]
    """ITU-T Q.850."""
    wrapped_up_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    """Gone, where old work has gone (upkeep)."""
    disposition: Mapped[str | None] = mapped_column(ForeignKey("disposition.code"))
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    filings: Mapped[int] = mapped_column(server_default=text("0"))
    """So often it was filed; `version` is the alarm process's. Migration 0069b: what was filed is changed by filing it anew alone."""
    note: Mapped[str] = mapped_column(server_default=text("''"))
    call_back_wanted: Mapped[bool] = mapped_column(server_default=text("false"))
    worked_off_at: Mapped[datetime | None]
    """A missed call that somebody has rung back, or found to need nothing."""
    worked_off_how: Mapped[str | None]
    worked_off_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    worked_off_reason: Mapped[str] = mapped_column(server_default=text("''"))
    worked_off_call: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"))
    """In which they were spoken with."""
    is_forgotten: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whose it was is not kept any longer (upkeep); it still counts."""


class CallLeg(Base):
    """One telephone within a call."""

    __tablename__ = "call_leg"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    role: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    number: Mapped[str] = mapped_column(server_default=text("''"))
    called_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[int | None]
