"""Journal of signals, incidents and their numbered timeline."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    Interval,
    LargeBinary,
    UniqueConstraint,
    text as sql,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.alerts.incident import SERVED, IncidentMode, Outcome, State, Want
from callcenter.alerts.timers import TimerKind
from callcenter.audit.models import ChainLink
from callcenter.core.tables import Base, Versioned, Xid8, one_of
from callcenter.devices.signals import Kind, SignalClass


class JournalOutcome(StrEnum):
    """What became of a signal; every received one ends in exactly one of these (G2)."""

    OPENED = "opened"
    JOINED = "joined"
    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    UNKNOWN_DEVICE = "unknown_device"
    UNDECODABLE = "undecodable"


class JournalEntry(Base):
    """One received signal, raw bytes kept. Append-only, referenced by no foreign key, so that it can be aged out."""

    __tablename__ = "journal"
    __table_args__ = (
        one_of("outcome", JournalOutcome),
        Index("ix_journal_stored", "stored_at"),
        Index("ix_journal_incident", "incident_id"),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    identifier: Mapped[str | None]
    device_id: Mapped[int | None]
    home_id: Mapped[int | None]
    kind: Mapped[str | None]
    outcome: Mapped[str]
    incident_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    text: Mapped[str | None]
    extra: Mapped[object] = mapped_column(JSONB, server_default=sql("'{}'"))
    flags: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    reason: Mapped[str | None]
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class JournalLink(ChainLink, Base):
    """Of the chain over the journal."""

    __tablename__ = "journal_link"

    entry_id: Mapped[UUID] = mapped_column(unique=True)


class Dedup(Base):
    """Which signal was seen first under a key (design 6b.1): a table of its own, not a unique index on the journal."""

    __tablename__ = "signal_dedup"
    __table_args__ = (Index("ix_signal_dedup_first_seen", "first_seen"),)

    source: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    first_seen: Mapped[datetime]
    journal_id: Mapped[UUID]


class IncidentRow(Versioned, Base):
    """The case an operator works on. At most one open incident per subject and class; `subject` is `home:<id>`,
    `device:<id>` for a device without a home, or `caller:<source>:<identifier>`, with `@<address>` where one is known; of a drill
    that with `drill:<id>:` before it, so that nothing real ever joins it.
    """

    __tablename__ = "incident"
    __table_args__ = (
        one_of("state", State),
        one_of("outcome", Outcome),
        one_of("class", [c for c in SignalClass if c is not SignalClass.RECORD]),
        one_of("kind", Kind),
        one_of("mode", IncidentMode),
        CheckConstraint("mode <> 'test' OR escalated = 0", name="test_calls_nobody"),
        CheckConstraint("(mode = 'drill') = starts_with(subject, 'drill:')", name="drill_apart"),
        CheckConstraint(
            "starts_with(subject, 'drill:watch:') = (region_path = '{0}'::bigint[])",
            name="watch_is_nowhere",
        ),
        one_of("wanted", Want),
        CheckConstraint("class <> 'service' OR escalated = 0", name="request_calls_nobody"),
        CheckConstraint("class = 'service' OR call_back_by IS NULL", name="request_has_its_time"),
        CheckConstraint(
            f"outcome NOT IN ({', '.join(repr(one.value) for one in sorted(SERVED))}) OR (class = 'service' AND wanted IS NOT NULL)",
            name="served_as_wanted",
        ),
        CheckConstraint(
            f"outcome <> '{Outcome.PART_OF_OTHER.value}' OR home_id IS NULL",
            name="part_of_other_had_no_home",
        ),
        Index(
            "uq_incident_open",
            "subject",
            "class",
            unique=True,
            postgresql_where=sql("state <> 'closed'"),
        ),
        Index("ix_incident_opened", "opened_at"),
        Index("ix_incident_home", "home_id", "opened_at"),
        Index(
            "ix_incident_resident", "resident_id", postgresql_where=sql("resident_id IS NOT NULL")
        ),
        Index("ix_incident_closed", "opened_at", "id", postgresql_where=sql("state = 'closed'")),
        Index(
            "ix_incident_closed_region",
            "region_id",
            "opened_at",
            "id",
            postgresql_where=sql("state = 'closed'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=False), unique=True)
    """Spoken aloud, and the reference in every SMS."""
    subject: Mapped[str]
    signal_class: Mapped[str] = mapped_column("class")
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=sql("'waiting'"))
    priority: Mapped[int]
    region_id: Mapped[int]
    region_path: Mapped[list[int]]
    home_id: Mapped[int | None]
    resident_id: Mapped[int | None]
    device_id: Mapped[int | None]
    source: Mapped[str]
    identifier: Mapped[str | None]
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    card: Mapped[object] = mapped_column(JSONB)
    """What is pushed with the alarm: seats.messages.Card."""
    opened_at: Mapped[datetime]
    last_signal_at: Mapped[datetime]
    press_count: Mapped[int] = mapped_column(server_default=sql("1"))
    ring: Mapped[int] = mapped_column(server_default=sql("1"))
    """Grows each time the incident rings anew; seats answer `seen` and `sounding` per ring."""
    ring_to: Mapped[list[int]] = mapped_column(server_default=sql("'{}'"))
    """Users at whose seats it rings; none: everywhere."""
    escalated: Mapped[int] = mapped_column(server_default=sql("0"))
    marks: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    """taker_lost, duty_told, ..."""
    kinds: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    """Of all signals it has gathered, each once; `kind` is the gravest of them."""
    taken_by: Mapped[int | None]
    taken_by_name: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    offered_to: Mapped[int | None]
    """Hand-over: stays with its taker until this user takes it."""
    follow_due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    safe_by: Mapped[str | None]
    safe_where: Mapped[str | None]
    mode: Mapped[str] = mapped_column(server_default=sql("'real'"))
    call_back_by: Mapped[datetime | None]
    """Of a request for service."""
    wanted: Mapped[str | None]


class Timer(Base):
    """What must happen to an incident later; see `alerts.timers`. Times by the database's clock."""

    __tablename__ = "incident_timer"
    __table_args__ = (one_of("kind", TimerKind), Index("ix_incident_timer_due", "due_at"))

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime | None]
    """NULL: nothing happens by time alone."""
    since: Mapped[datetime | None]
    """When its cause began."""
    missing_since: Mapped[datetime | None]
    """The first look that found nobody; NULL: somebody is there."""
    missed: Mapped[timedelta] = mapped_column(Interval, server_default=sql("'0'"))
    """How long no server has looked on since its cause began."""


class Watch(Base):
    """When a server has last looked at the timers: one row."""

    __tablename__ = "incident_watch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]


class TimelineEntry(Base):
    """Entry `number` of an incident; the incident's version is the number of its last entry. All of one incident lie in the part of
    the month in which it was opened.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = ({"postgresql_partition_by": "RANGE (incident_id)"},)

    # No foreign key: entries are written by the statement that writes their incident, and checking each costs the
    # alarm path a query.
    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    user_id: Mapped[int | None]
    user_name: Mapped[str | None]
    data: Mapped[object] = mapped_column(JSONB, server_default=sql("'{}'"))


class TimelineLink(ChainLink, Base):
    """Of the chain over the timelines of all incidents."""

    __tablename__ = "timeline_link"
    __table_args__ = (UniqueConstraint("incident_id", "entry_number"),)

    incident_id: Mapped[UUID]
    entry_number: Mapped[int]


class Command(Base):
    """A command that was carried out, by the id its client made: a repeat gets the same answer."""

    __tablename__ = "incident_command"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    incident_id: Mapped[UUID]
    user_id: Mapped[int]
    action: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime]
    body: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    """As it was given, so that a night can be gone through again; NULL: by a release that kept only what came of it."""


class Proof(Base):
    """The first `seen` and the first `sounding` per incident and ring (G4)."""

    __tablename__ = "incident_proof"

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    ring: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    proof: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    seat_id: Mapped[UUID]
    at: Mapped[datetime]
    changed_xid: Mapped[int] = mapped_column(
        Xid8, server_default=sql("pg_current_xact_id()"), index=True
    )
    """Lets the sweep of another process find it; a proof is never changed."""
