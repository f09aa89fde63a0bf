"""What the centre rings by itself, and each time that it did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.alerts import models as _alerts  # noqa: F401 - an incident may be its cause
from callcenter.core.tables import Base, one_of
from callcenter.hotline.announcement import Outcome


class VoiceState(StrEnum):
    """Of a call that the centre rings by itself."""

    DUE = "due"
    RINGING = "ringing"
    PRESSED = "pressed"
    """A key was pressed: a person has heard it. Anything else is no answer."""
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    """Not needed any more."""


class VoiceCall(Base):
    """One call that the centre rings by itself, with prompts and keys. Written in the transaction of its cause."""

    __tablename__ = "voice_call"
    __table_args__ = (
        one_of("state", VoiceState),
        one_of("outcome", Outcome),
        CheckConstraint("(state = 'pressed') = (pressed IS NOT NULL)", name="pressed_a_key"),
        Index("ix_voice_call_due", "due_at", postgresql_where=text("state = 'due'")),
        Index(
            "ix_voice_call_standing",
            "state",
            "lease_until",
            postgresql_where=text("state = ANY (ARRAY['due'::text, 'ringing'::text])"),
        ),
        Index(
            "ix_voice_call_unlisted",
            "id",
            postgresql_where=text(
                "call_item_id IS NOT NULL AND NOT listed AND state <> ALL (ARRAY['due'::text, 'ringing'::text])"
            ),
        ),
        Index("ix_voice_call_aged", "ended_at", postgresql_where=text("NOT is_forgotten")),
        Index(
            "uq_voice_call_contact",
            "incident_id",
            "number",
            unique=True,
            postgresql_where=text("incident_id IS NOT NULL"),
        ),
        Index(
            "uq_voice_call_item",
            "call_item_id",
            unique=True,
            postgresql_where=text(
                "call_item_id IS NOT NULL AND state = ANY (ARRAY['due'::text, 'ringing'::text])"
            ),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    kind: Mapped[str]
    """Of the catalogue of what is said."""
    priority: Mapped[int] = mapped_column(server_default=text("5"))
    """1 alarm, 5 the others: the least goes first."""
    number: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    language: Mapped[str] = mapped_column(server_default=text("'zh'"))
    params: Mapped[dict[str, object]] = mapped_column(JSONB)
    incident_id: Mapped[UUID | None] = mapped_column(ForeignKey("incident.id"), index=True)
    contact_id: Mapped[int | None]
    call_item_id: Mapped[int | None] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    """When its cause began to wait: an answer since makes it needless."""
    state: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_until: Mapped[datetime | None]
    """By the database's clock."""
    outcome: Mapped[str | None]
    """Of the last attempt."""
    pressed: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    listed: Mapped[bool] = mapped_column(server_default=text("false"))
    """What came of it stands in the list that it is for."""
    is_forgotten: Mapped[bool] = mapped_column(server_default=text("false"))
    """Who was rung is not kept any longer (upkeep); that it rang still counts."""


class VoiceAttempt(Base):
    """One time that a telephone was rung by itself. Written before it is, so that it is rung once."""

    __tablename__ = "voice_attempt"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended_somehow"),
        CheckConstraint("(outcome = 'pressed') = (pressed IS NOT NULL)", name="pressed_a_key"),
        Index("ix_voice_attempt_untold", "rang_at", postgresql_where=text("NOT told")),
    )

    voice_call_id: Mapped[UUID] = mapped_column(ForeignKey("voice_call.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    rang_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    """By whatever picked up."""
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    cause: Mapped[int | None]
    pressed: Mapped[str | None]
    again_at: Mapped[datetime | None]
    """When it is tried once more."""
    told: Mapped[bool] = mapped_column(server_default=text("false"))
    """The timeline says all of it."""
