"""Rounds, their stops, and what became of each on each day.

Only the office writes here. States follow `rounds.visit`; migration 0056b repeats them as guards.
"""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Time, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.dispatch.proof import Proof
from callcenter.rounds.days import Alternate, OnHoliday
from callcenter.rounds.visit import RoundKind, RunState, VisitState


class RoundRow(Base):
    """Who goes from door to door with what, on which days."""

    __tablename__ = "round"
    __table_args__ = (
        one_of("kind", RoundKind),
        one_of("on_holiday", OnHoliday),
        CheckConstraint("closes_at > begins_at", name="begun_before_it_closes"),
        CheckConstraint("until_day > from_day", name="begun_before_it_ends"),
        CheckConstraint(
            "cardinality(weekdays) > 0 AND weekdays <@ ARRAY[1,2,3,4,5,6,7]::bigint[]",
            name="weekdays_known",
        ),
    )

    id: Mapped[Serial]
    name: Mapped[str]
    kind: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Who brings it, e.g. the dairy."""
    weekdays: Mapped[list[int]]
    """1 is Monday."""
    on_holiday: Mapped[str] = mapped_column(server_default=text("'as_usual'"))
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    """It runs no longer on this day."""
    begins_at: Mapped[time] = mapped_column(Time)
    """By the site's clock, as `closes_at`."""
    closes_at: Mapped[time] = mapped_column(Time)
    """Who has not been visited then is called."""
    staff_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    """Who usually walks it; two may share it."""
    check_list: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class RoundStop(Base):
    """A home on a round. `resident_id` NULL: whoever lives there."""

    __tablename__ = "round_stop"
    __table_args__ = (
        one_of("alternate", Alternate),
        CheckConstraint("window_until > window_from", name="whole_window"),
        CheckConstraint(
            "(alternate = 'nth') = (every_days IS NOT NULL AND from_day IS NOT NULL)",
            name="nth_of_what",
        ),
        CheckConstraint("every_days BETWEEN 2 AND 31", name="every_days_in_range"),
        Index("ix_round_stop_round", "round_id", "n", postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[Serial]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    n: Mapped[int]
    """In which order they are visited."""
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id", ondelete="CASCADE"), index=True)
    resident_id: Mapped[int | None] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    window_from: Mapped[time | None] = mapped_column(Time)
    window_until: Mapped[time | None] = mapped_column(Time)
    alternate: Mapped[str] = mapped_column(server_default=text("'every'"))
    every_days: Mapped[int | None]
    from_day: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(server_default=text("''"))
    """What whoever goes there must know: two bottles, hang it on the door."""
    removed_at: Mapped[datetime | None]


class RoundRun(Base):
    """One day of a round. It closes when each of its stops has an end."""

    __tablename__ = "round_run"
    __table_args__ = (
        one_of("state", RunState),
        UniqueConstraint("round_id", "day"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_a_time"),
        Index("ix_round_run_day", "day"),
        Index("ix_round_run_closes", "closes_at", postgresql_where=text("state <> 'closed'")),
    )

    id: Mapped[Serial]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    day: Mapped[date] = mapped_column(Date)
    staff_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[str] = mapped_column(server_default=text("'planned'"))
    begins_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    written_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    """NULL: the clock."""


class RoundVisit(Base):
    """A stop on a day. No call is missing: whoever was not found has the row of theirs here, or the row does not stand."""

    __tablename__ = "round_visit"
    __table_args__ = (
        one_of("state", VisitState),
        UniqueConstraint("run_id", "stop_id"),
        CheckConstraint(
            "(state IN ('no_answer', 'missed')) <= (call_item_id IS NOT NULL)",
            name="whoever_was_not_found_is_called",
        ),
        CheckConstraint("(check_id IS NULL) = (said_at IS NULL)", name="said_by_a_check"),
        CheckConstraint("for_days BETWEEN 1 AND 31", name="for_days_in_range"),
        Index("ix_round_visit_pending", "run_id", postgresql_where=text("state = 'pending'")),
        Index("ix_round_visit_call", "call_item_id"),
    )

    id: Mapped[Serial]
    run_id: Mapped[int] = mapped_column(ForeignKey("round_run.id"))
    stop_id: Mapped[int] = mapped_column(
        ForeignKey("round_stop.id", ondelete="CASCADE"), index=True
    )
    n: Mapped[int]
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id", ondelete="CASCADE"), index=True)
    resident_id: Mapped[int | None] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    due_from: Mapped[datetime | None]
    due_until: Mapped[datetime | None]
    for_days: Mapped[int] = mapped_column(server_default=text("1"))
    """Days whose things are brought: more than one before a holiday."""
    state: Mapped[str] = mapped_column(server_default=text("'pending'"))
    said_at: Mapped[datetime | None]
    """When the word that stands was spoken; NULL: nobody has said anything."""
    check_id: Mapped[UUID | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    flags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    answers: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    call_item_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class RoundCheck(Base):
    """What somebody at a door said, with what proves it. Rows are only added; the id is made by the phone, so that a repeat is one."""

    __tablename__ = "round_check"
    __table_args__ = (
        one_of("said", [state for state in VisitState if state not in ("pending", "missed")]),
        one_of("proof", Proof),
        Index("ix_round_check_visit", "visit_id", "occurred_at"),
        Index("ix_round_check_place", "received_at", postgresql_where=text("lat IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("round_visit.id", ondelete="CASCADE"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """NULL: entered in the office, by `user_id`."""
    user_id: Mapped[int | None]
    said: Mapped[str]
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
    answers: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    stands: Mapped[bool]
    """It was the last word when it arrived."""
