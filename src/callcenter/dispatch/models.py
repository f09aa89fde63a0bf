"""Staff on duty, what they are asked to do, and what they did.

Only the office writes here, but for a task that an operator asks for at an incident: that is written by the statement of its
timeline entry. States follow `dispatch.task`; migration 0050b repeats them as guards.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, Versioned, one_of
from callcenter.dispatch.doing import StepBy
from callcenter.dispatch.offering import OfferAnswer, OfferBy
from callcenter.dispatch.proof import CheckKind, Proof
from callcenter.dispatch.task import TaskKind, TaskState, TaskStepKind


class DutyBy(StrEnum):
    """By what a duty began or ended."""

    PAGE = "page"
    SMS = "sms"
    DISPATCHER = "dispatcher"
    ROSTER = "roster"


class PositionSource(StrEnum):
    PAGE = "page"
    CHECK_IN = "check_in"
    DEVICE = "device"


class AbsenceKind(StrEnum):
    ILL = "ill"
    LEAVE = "leave"
    TRAINING = "training"
    OTHER = "other"


class Duty(Base):
    """Somebody is there for tasks, from when until when. Off duty there is no position and no text."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="begun_before_it_ends"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_something"),
        one_of("began_by", DutyBy),
        one_of("ended_by", DutyBy),
        Index(
            "uq_duty_running", "staff_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_duty_planned_until", "planned_until", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Serial]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began_at: Mapped[datetime]
    began_by: Mapped[str]
    planned_until: Mapped[datetime | None]
    """It ends by itself then, unless they have a task."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class Absence(Base):
    """Somebody is away for whole days of the site: ill, on leave."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_day > from_day", name="begun_before_it_ends"),
        one_of("kind", AbsenceKind),
    )

    id: Mapped[Serial]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    """No longer from this day on; None: nobody knows."""
    kind: Mapped[str] = mapped_column(server_default=text("'other'"))
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    """In words, for who plans; never what somebody has."""


class RosterShift(Base):
    """A duty that is planned for a day. Two of one person never overlap (migration 0051b)."""

    __tablename__ = "roster_shift"
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="begun_before_it_ends"),
        CheckConstraint("swap_to <> staff_id", name="swapped_with_another"),
        CheckConstraint("(swap_to IS NULL) = (swap_offered_at IS NULL)", name="offered_at_a_time"),
        Index("ix_roster_shift_begins", "begins_at"),
        Index("ix_roster_shift_staff", "staff_id", "begins_at"),
    )

    id: Mapped[Serial]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    planned_for: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Whose it was before it was swapped."""
    swap_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who is asked to take it over."""
    swap_offered_at: Mapped[datetime | None]
    began_duty_id: Mapped[int | None] = mapped_column(ForeignKey("duty.id"))
    """The last duty that was of this shift; None: it has not begun."""


class TaskRow(Versioned, Base):
    """One piece of work. Exactly one origin stands behind it, or somebody who entered it by hand."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("state", TaskState),
        CheckConstraint("num_nonnulls(incident_id, round_visit_id) <= 1", name="of_one_origin"),
        CheckConstraint("(kind = 'rescue') = (incident_id IS NOT NULL)", name="rescue_of_incident"),
        CheckConstraint("(kind = 'stop') = (round_visit_id IS NOT NULL)", name="stop_of_round"),
        CheckConstraint(
            "(state IN ('accepted', 'under_way', 'arrived')) <= (staff_id IS NOT NULL)",
            name="held_by_somebody",
        ),
        CheckConstraint("code BETWEEN 100 AND 999", name="code_in_range"),
        Index("ix_task_open", "region_id", "begins_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_task_begins", "begins_at"),
        Index("ix_task_held", "staff_id", "begins_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_task_staff", "staff_id", "begins_at"),
        Index(
            "ix_task_ended", "staff_id", "ended_at", postgresql_where=text("ended_at IS NOT NULL")
        ),
        Index("ix_task_incident", "incident_id", postgresql_where=text("incident_id IS NOT NULL")),
        Index("ix_task_over", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("ix_task_home", "home_id", "begins_at"),
        Index("ix_task_rescue", "created_at", postgresql_where=text("kind = 'rescue'")),
        Index(
            "ix_task_look_at",
            "look_at",
            postgresql_where=text("look_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    incident_id: Mapped[UUID | None]
    round_visit_id: Mapped[int | None]
    home_id: Mapped[int | None]
    resident_id: Mapped[int | None]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    region_path: Mapped[list[int]]
    """Root first, as it was when the task was entered."""
    place: Mapped[str] = mapped_column(server_default=text("''"))
    """Where, in words, for a place that is no home; of a ride: where from."""
    destination: Mapped[str] = mapped_column(server_default=text("''"))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    what: Mapped[str] = mapped_column(server_default=text("''"))
    """What is to be done, in words that every worker may read."""
    skills: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    languages: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    kinds: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Of staff that may be asked; none: as `choosing.KINDS_FOR` has it."""
    check_list: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    hazards: Mapped[str] = mapped_column(server_default=text("''"))
    """What whoever goes there must know for their own safety or for this job, and nothing else of a profile."""
    code: Mapped[int]
    """By which a text says which task it means."""
    priority: Mapped[int] = mapped_column(server_default=text("5"))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    begins_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    """When somebody must be there at the latest."""
    minutes: Mapped[int] = mapped_column(server_default=text("30"))
    """How long it lasts."""
    wanted_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Asked for by name: they are asked first, and alone."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who has it."""
    accepted_at: Mapped[datetime | None]
    set_out_at: Mapped[datetime | None]
    eta: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    """Why it counts as done without check-ins, or was called off."""
    look_at: Mapped[datetime | None]
    """When the processor has to look at it next: an offer lapses, or somebody should have checked out."""


class TaskStep(Base):
    """One thing that happened to a task: rows are only added, `n` counts from 1. Those of an incident become entries of its timeline."""

    __tablename__ = "task_step"
    __table_args__ = (
        one_of("kind", TaskStepKind),
        one_of("state", TaskState),
        one_of("by", StepBy),
        Index("ix_task_step_untold", "at", postgresql_where=text("NOT told")),
    )

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    state: Mapped[str]
    """Of the task after it."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Whom it is about."""
    by: Mapped[str]
    user_id: Mapped[int | None]
    data: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    """Names as they were, minutes, a time, a reason: what the entry says."""
    told: Mapped[bool] = mapped_column(server_default=text("true"))
    """False: its incident has not been told yet."""


class TaskOffer(Base):
    """Somebody was asked."""

    __tablename__ = "task_offer"
    __table_args__ = (
        one_of("by", OfferBy),
        one_of("answer", OfferAnswer),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
        Index(
            "uq_task_offer_accepted",
            "task_id",
            unique=True,
            postgresql_where=text("answer = 'accepted' AND NOT given_back"),
        ),
        Index(
            "uq_task_offer_running",
            "task_id",
            "staff_id",
            unique=True,
            postgresql_where=text("answer IS NULL"),
        ),
        Index("ix_task_offer_staff", "staff_id", postgresql_where=text("answer IS NULL")),
    )

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    by: Mapped[str]
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    given_back: Mapped[bool] = mapped_column(server_default=text("false"))
    reasons: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    """Why they were asked, as it was then."""


class TaskRating(Base):
    """How work was, by whoever it was done for: asked once when it is over, answered with a digit or told to the office."""

    __tablename__ = "task_rating"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint("(rating IS NULL) = (rated_at IS NULL)", name="rated_at_a_time"),
        Index(
            "ix_task_rating_asked",
            "asked_phone",
            "asked_at",
            postgresql_where=text("asked_phone IS NOT NULL"),
        ),
    )

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )
    asked_at: Mapped[datetime | None]
    """When the text went out that asks; without `asked_phone` it was decided to send none."""
    asked_phone: Mapped[str | None]
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    rated_by: Mapped[str] = mapped_column(server_default=text("''"))


class CheckIn(Base):
    """Somebody says that they are there, or that they leave. Rows are only added; the id is made by the phone, so that a repeat is one."""

    __tablename__ = "check_in"
    __table_args__ = (
        one_of("kind", CheckKind),
        one_of("proof", Proof),
        Index("ix_check_in_task", "task_id", "occurred_at"),
        Index("ix_check_in_place", "received_at", postgresql_where=text("lat IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    said_at: Mapped[datetime]
    """By the phone's clock."""
    received_at: Mapped[datetime]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    proof: Mapped[str]
    photo_id: Mapped[UUID | None]
    offline: Mapped[bool] = mapped_column(server_default=text("false"))
    flags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    note: Mapped[str] = mapped_column(server_default=text("''"))


class FieldCommand(Base):
    """A command of a phone that was carried out: its id, which the phone made, and what it was told. A repeat is told the same."""

    __tablename__ = "field_command"
    __table_args__ = (Index("ix_field_command_received", "received_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    task_id: Mapped[UUID | None]
    name: Mapped[str]
    said_at: Mapped[datetime]
    received_at: Mapped[datetime]
    told: Mapped[object] = mapped_column(JSONB)


class StaffPosition(Base):
    """Where somebody on duty was last seen; taken out when their duty ends."""

    __tablename__ = "staff_position"
    __table_args__ = (
        one_of("source", PositionSource),
        {"prefixes": ["UNLOGGED"]},
    )

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    at: Mapped[datetime]
    lat: Mapped[float]
    lng: Mapped[float]
    accuracy_m: Mapped[float | None]
    source: Mapped[str]


class StaffTrack(Base):
    """Where somebody was on duty; in parts, one a day (UTC), which go whole (`positions.parts`). It references nothing: a part that
    comes or goes would lock whatever it does.
    """

    __tablename__ = "staff_track"
    __table_args__ = (
        one_of("source", PositionSource),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    lat: Mapped[float]
    lng: Mapped[float]
    accuracy_m: Mapped[float | None]
    source: Mapped[str]
