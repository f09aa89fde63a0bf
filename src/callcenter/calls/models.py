"""Call lists, who is on them by a rule of their own, the calls that are due, and what was reported of each try."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.calls.item import (
    GONE,
    HEARD,
    PRESSED,
    RATED,
    RECOVERED,
    CallResult,
    CallState,
    ListKind,
)
from callcenter.calls.rule import Every
from callcenter.core.tables import Base, Serial, one_of
from callcenter.devices.signals import Kind as SignalKind


class CallList(Base):
    """One list of a region. Lists of devices have a rule themselves, those of well-being calls one for each resident."""

    __tablename__ = "call_list"
    __table_args__ = (
        one_of("kind", ListKind),
        one_of("every", Every),
        Index("ix_call_list_next", "next_at", postgresql_where=text("active")),
        Index(
            "uq_call_list_door",
            "region_id",
            unique=True,
            postgresql_where=text("kind = 'door' AND active"),
        ),
    )

    id: Mapped[Serial]
    kind: Mapped[str]
    name: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    every: Mapped[str | None]
    weekday: Mapped[int | None]
    month_day: Mapped[int | None]
    at: Mapped[time | None] = mapped_column(Time)
    """By the site's clock."""
    days: Mapped[int | None]
    """Of silence, for devices that nobody uses; NULL: as the region of each home says."""
    next_at: Mapped[datetime | None]
    """When it fills itself next."""
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    """Window of a roll-call."""
    source: Mapped[str | None]
    """The listener that a roll-call is about; NULL: all."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    by_voice: Mapped[bool] = mapped_column(server_default=text("false"))
    """The centre rings by itself first; a person calls whom that has not reached."""
    notice: Mapped[str] = mapped_column(server_default=text("''"))
    """What is said, on a list of notices."""
    notice_en: Mapped[str] = mapped_column(server_default=text("''"))


class CallPlan(Base):
    """A resident of a list of well-being calls, with the rule that was agreed with them."""

    __tablename__ = "call_plan"
    __table_args__ = (
        one_of("every", Every),
        UniqueConstraint("list_id", "resident_id"),
        Index("ix_call_plan_next", "next_at"),
        Index("ix_call_plan_resident", "resident_id"),
    )

    id: Mapped[Serial]
    list_id: Mapped[int] = mapped_column(ForeignKey("call_list.id", ondelete="CASCADE"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    every: Mapped[str]
    weekday: Mapped[int | None]
    month_day: Mapped[int | None]
    at: Mapped[time] = mapped_column(Time)
    next_at: Mapped[datetime]


class CallItem(Base):
    """One call that is due. `subject` is `resident:<id>`, `device:<id>`, `home:<id>`, or of a door `visit:..` or `pair:..`; times but the lease by the server's
    clock. It outlives whom it is about, as an incident does.
    """

    __tablename__ = "call_item"
    __table_args__ = (
        one_of("state", CallState),
        one_of("result", [*CallResult, RECOVERED, GONE, PRESSED, RATED, HEARD]),
        UniqueConstraint("list_id", "subject", "occurrence"),
        Index(
            "ix_call_item_due",
            "rank",
            "next_try_at",
            "id",
            postgresql_where=text("state IN ('open', 'leased')"),
        ),
        Index(
            "uq_call_item_leased_by",
            "leased_by",
            unique=True,
            postgresql_where=text("state = 'leased'"),
        ),
        Index(
            "ix_call_item_stale",
            "state",
            "stale_at",
            postgresql_where=text("state IN ('open', 'missed')"),
        ),
        Index("ix_call_item_list", "list_id", "state", "due_at"),
        Index("ix_call_item_home", "home_id"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_of_five"),
        CheckConstraint("wish = 'speak'", name="wish_known"),
    )

    id: Mapped[Serial]
    list_id: Mapped[int] = mapped_column(ForeignKey("call_list.id", ondelete="CASCADE"))
    subject: Mapped[str]
    home_id: Mapped[int]
    resident_id: Mapped[int | None]
    device_id: Mapped[int | None]
    occurrence: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime]
    rank: Mapped[int]
    """The smallest is called first."""
    reasons: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_try_at: Mapped[datetime]
    stale_at: Mapped[datetime | None]
    """After this nobody calls any more by the list; NULL: never."""
    leased_by: Mapped[int | None]
    lease_until: Mapped[datetime | None]
    """By the database's clock."""
    result: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    signal_id: Mapped[UUID | None]
    """Of the journal: the press or the test signal by which a press test was passed, with its kind and when it was stored."""
    signal_kind: Mapped[str | None]
    signal_at: Mapped[datetime | None]
    voice_until: Mapped[datetime | None]
    """Until then the centre rings by itself, and nobody is offered this call."""
    score: Mapped[int | None]
    """1 to 5, by key."""
    wish: Mapped[str | None]
    """`speak`: they have pressed the key for a person."""


class CallAttempt(Base):
    """A report, by the id its client made: sent twice it counts once. Only ever added to."""

    __tablename__ = "call_attempt"
    __table_args__ = (one_of("result", CallResult), Index("ix_call_attempt_item", "item_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("call_item.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    user_id: Mapped[int]
    user_name: Mapped[str]
    result: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))


class CallSignal(Base):
    """What a call brought to light and the alarm process is to open: written by the office in the transaction of the report."""

    __tablename__ = "call_signal"
    __table_args__ = (
        one_of("kind", SignalKind),
        Index("ix_call_signal_waiting", "created_at", postgresql_where=text("raised_at IS NULL")),
        Index("ix_call_signal_item", "item_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    home_id: Mapped[int]
    resident_id: Mapped[int | None]
    region_id: Mapped[int]
    kind: Mapped[str]
    searched: Mapped[bool] = mapped_column(server_default=text("false"))
    """Somebody has been at the door as well: the family is told, as of a press."""
    text: Mapped[str]
    created_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None]


class WatchSpan(Base):
    """From when until when a process could store alarms, by the database's clock; the gaps between them are outages."""

    __tablename__ = "watch_span"
    __table_args__ = (Index("ix_watch_span_until", "until"),)

    process_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
