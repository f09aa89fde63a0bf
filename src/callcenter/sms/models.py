"""The outbox of texts, and the texts that came in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Versioned, one_of
from callcenter.sms.inbound import Meaning


class SmsState(StrEnum):
    """queued -> submitting -> submitted -> buffered -> delivered | failed | expired | unknown; or queued -> combined | cancelled;
    or drill from the beginning.

    `submitting` is written before the network call: a crash then shows as unknown, never as silence.
    """

    QUEUED = "queued"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    COMBINED = "combined"
    """Told by another text to the same number, which counts it in; see folding."""
    CANCELLED = "cancelled"
    """Not sent: its cause was a mistake."""
    DRILL = "drill"
    """Of a drill: written and shown, and handed to no gateway. The database lets it become nothing else."""


class SmsMessage(Versioned, Base):
    """One text to one number. Written in the transaction of its cause; `reference` is opaque to this package.

    `dedup` is unique: one alarm text per contact and incident, one to a duty number per ring, whatever repeats.
    """

    __tablename__ = "sms_message"
    __table_args__ = (
        one_of("state", SmsState),
        Index(
            "ix_sms_message_due", "priority", "due_at", postgresql_where=text("state = 'queued'")
        ),
        Index(
            "ix_sms_message_watched",
            "lease_until",
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
        Index("ix_sms_message_reference", "reference"),
        Index("ix_sms_message_recipient", "recipient", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dedup: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[UUID | None]
    """The incident."""
    region_id: Mapped[int]
    contact_id: Mapped[int | None]
    recipient: Mapped[str]
    """E.164"""
    kind: Mapped[str]
    params: Mapped[object] = mapped_column(JSONB)
    language: Mapped[str]
    priority: Mapped[int]
    """1 emergency, 5 normal, 9 bulk."""
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    segments: Mapped[int | None]
    attempt: Mapped[int] = mapped_column(server_default=text("0"))
    gateway: Mapped[str | None]
    provider_id: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    """When the clock has the next say, by the database's clock: end of the lease while submitting, of the wait for a receipt
    afterwards, of the pause before an unknown emergency text is repeated. NULL: nothing is awaited."""
    submitted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    """Since when its cause is known to have been a mistake: it is not sent (again), and who got it does not count as told."""


class Reader(StrEnum):
    """Who a text that came in is for."""

    INCIDENT = "incident"
    FIELD = "field"
    """A worker's word about a task or their duty."""
    ROUND = "round"
    """A neighbour's word about whom they look after, or a passenger's rating."""


class SmsInbound(Base):
    """A text that came in, kept before it is understood. `meaning` is yes, no or other."""

    __tablename__ = "sms_inbound"
    __table_args__ = (
        Index("uq_sms_inbound_provider", "gateway", "provider_key", unique=True),
        Index("ix_sms_inbound_sender", "sender", "received_at"),
        Index(
            "ix_sms_inbound_unhandled", "received_at", postgresql_where=text("handled_at IS NULL")
        ),
        one_of("reader", Reader),
        one_of("said", Meaning),
        Index(
            "ix_sms_inbound_about",
            "about",
            "received_at",
            postgresql_where=text("about IS NOT NULL"),
        ),
        CheckConstraint("(about IS NULL) = (said IS NULL)", name="said_about_one"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    gateway: Mapped[str]
    provider_key: Mapped[str]
    sender: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]
    reader: Mapped[str] = mapped_column(server_default=Reader.INCIDENT.value)
    """Whose it is to understand; decided when it is kept, so that it is understood once."""
    about: Mapped[UUID | None]
    """The incident of the family page on which it was said; of a text: unknown until it is understood."""
    said: Mapped[str | None]
    """What the button meant: yes, no, or other for words of their own, which nobody reads for a meaning."""
    reference: Mapped[UUID | None]
    meaning: Mapped[str | None]
    handled_at: Mapped[datetime | None]
