"""Devices, the homes they stand in, and the sources that may hand signals in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, Versioned, Xid8, one_of
from callcenter.records import models as _records  # noqa: F401 - a device may be carried by staff


class DeviceKind(StrEnum):
    PENDANT = "pendant"
    BEDSIDE_BUTTON = "bedside_button"
    ELDER_PHONE = "elder_phone"
    FALL_DETECTOR = "fall_detector"
    SMOKE_DETECTOR = "smoke_detector"
    HUB = "hub"
    WATCHDOG = "watchdog"
    """Presses for `callcenter watchdog`: nobody's, and shown to no human."""
    OTHER = "other"


class Device(Versioned, Base):
    """One device as its source names it. `key_sealed` holds an AES key, sealed (core/sealed.py)."""

    __tablename__ = "device"
    __table_args__ = (
        one_of("kind", DeviceKind),
        Index("uq_device_identifier", "source", "identifier", unique=True),
        Index("ix_device_identifier_order", text('lower(identifier) COLLATE "C"'), "id"),
        Index("ix_device_kind", "kind"),
        Index("ix_device_battery_low", "id", postgresql_where=text("battery_low")),
        Index("ix_device_label_prefix", text('label COLLATE "C"')),
        Index("ix_device_label_trigram", text("label gin_trgm_ops"), postgresql_using="gin"),
        Index("ix_device_with_key", "id", postgresql_where=text("key_sealed IS NOT NULL")),
        Index(
            "ix_device_sim",
            text("sim gin_trgm_ops"),
            postgresql_using="gin",
            postgresql_where=text("sim <> ''"),
        ),
        Index("ix_device_fault", "id", postgresql_where=text("fault <> ''")),
        Index("ix_device_staff", "staff_id", postgresql_where=text("staff_id IS NOT NULL")),
    )

    id: Mapped[Serial]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    source: Mapped[str]
    """Name of the listener or HTTP source it speaks through."""
    identifier: Mapped[str]
    """As the device names itself: DC-09 account, IMEI, serial number."""
    kind: Mapped[str]
    model: Mapped[str] = mapped_column(server_default=text("''"))
    label: Mapped[str] = mapped_column(server_default=text("''"))
    key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    battery_low: Mapped[bool] = mapped_column(server_default=text("false"))
    heartbeat_s: Mapped[int | None]
    """Expected interval of life signs in seconds; NULL: none expected."""
    encrypted_only: Mapped[bool | None]
    """Whether its polls must be encrypted where it has a key; NULL: as its listener has it."""
    sim: Mapped[str] = mapped_column(server_default=text("''"))
    """Number of its SIM, as it is written on the card or in the contract."""
    fault: Mapped[str] = mapped_column(server_default=text("''"))
    """What is wrong with it; empty: it works."""
    tried_at: Mapped[datetime | None]
    """When it was last pressed in test and its frame was seen to arrive."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who of the staff carries it: where it is, they are, while they are on duty and it serves no home."""


class DeviceIssue(Base):
    """Who has received a device, when, from whom, until it came back. One is open at most."""

    __tablename__ = "device_issue"
    __table_args__ = (
        CheckConstraint(
            "returned_at IS NULL OR returned_at >= received_at", name="returned_after_received"
        ),
        CheckConstraint(
            "(returned_at IS NULL) = (returned_to_name IS NULL)", name="returned_to_somebody"
        ),
        Index("ix_device_issue_device", "device_id", "id"),
        Index(
            "uq_device_issue_open",
            "device_id",
            unique=True,
            postgresql_where=text("returned_at IS NULL"),
        ),
    )

    id: Mapped[Serial]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    received_by: Mapped[str]
    """The name that was signed."""
    received_at: Mapped[datetime]
    handed_by_id: Mapped[int]
    handed_by_name: Mapped[str]
    returned_at: Mapped[datetime | None]
    returned_to_name: Mapped[str | None]


class DeviceAssignment(Base):
    """A device serves a home, and optionally one resident of it, for a time (design 6b.2)."""

    __tablename__ = "device_assignment"
    __table_args__ = (
        Index("ix_device_assignment_device", "device_id", "valid_from"),
        Index("ix_device_assignment_home", "home_id"),
        Index("ix_device_assignment_resident", "resident_id"),
    )

    id: Mapped[Serial]
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id"))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class DeviceLastSeen(Base):
    """When a device was last heard of. UNLOGGED: rebuilt by the next heartbeats; absent means "unknown since start"."""

    __tablename__ = "device_last_seen"
    __table_args__ = {"prefixes": ["UNLOGGED"], "postgresql_with": {"fillfactor": 70}}

    device_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]


class Removal(Base):
    """A home or device that was deleted: the mark that a row which is gone cannot carry itself. Triggers write it."""

    __tablename__ = "removal"

    id: Mapped[Serial]
    table_name: Mapped[str]
    row_id: Mapped[int]
    removed_xid: Mapped[int] = mapped_column(
        Xid8, server_default=text("pg_current_xact_id()"), index=True
    )


class Tested(StrEnum):
    """What may be put in test."""

    DEVICE = "device"
    HOME = "home"
    REGION = "region"


class PeriodOfTest(Base):
    """Alarms of this device, home or region are tests until `until_at` (before it: until `ended_at`). Inserted and ended, never
    changed otherwise, so that counting rows finds every change.
    """

    __tablename__ = "test_period"
    __table_args__ = (
        one_of("subject", Tested),
        CheckConstraint("until_at > from_at", name="ends_after_it_begins"),
        Index("ix_test_period_until", "until_at"),
    )

    id: Mapped[Serial]
    subject: Mapped[str]
    subject_id: Mapped[int]
    label: Mapped[str] = mapped_column(server_default=text("''"))
    """What it is called: identifier, address or name."""
    region_id: Mapped[int]
    region_path: Mapped[list[int]]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int]
    by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    """Before its time, by somebody."""
    noticed_at: Mapped[datetime | None]
    """When its end was said, in the log and at the seats."""
    changed_xid: Mapped[int] = mapped_column(
        Xid8, server_default=text("pg_current_xact_id()"), index=True
    )
    """Lets the boards find what was said."""


class Source(Versioned, Base):
    """Who may hand in signals. HTTP sources carry a bearer token (hashed) and/or an HMAC secret (sealed)."""

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint(
            "before_until IS NOT NULL OR (bearer_hash_before IS NULL AND hmac_secret_before_sealed IS NULL)",
            name="before_ends",
        ),
    )

    id: Mapped[Serial]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    """Name of its wire format (devices/formats.py)."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    """Unknown callers of this source belong here."""
    bearer_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """SHA-256 of the token."""
    hmac_key_id: Mapped[str | None] = mapped_column(unique=True)
    hmac_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    retry_horizon_s: Mapped[int | None]
    """For how long the same bytes are a repeat; NULL: as the format has it."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    bearer_hash_before: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the token that was renewed; it is accepted until `before_until`, and so is the secret."""
    hmac_secret_before_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    before_until: Mapped[datetime | None]
