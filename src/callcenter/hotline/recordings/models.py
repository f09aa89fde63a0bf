"""Recordings of calls, and who has heard them. All rows are the office's."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.hotline import models as _calls  # noqa: F401 - a recording is of a call


class RecordingState(StrEnum):
    RECORDING = "recording"
    KEPT = "kept"
    REPAIRED = "repaired"
    """Its end was lost with the exchange."""
    HELD = "held"
    """Never expires while something is disputed."""
    MISSING = "missing"
    EXPIRED = "expired"


class Recording(Base):
    """What was said in one call, or to one telephone that was rung: one sealed file. The row stays when the file has expired; neither goes
    while it is held, or while the incident of its call is open (migration 0068b).
    """

    __tablename__ = "recording"
    __table_args__ = (
        one_of("state", RecordingState),
        UniqueConstraint("pbx", "name"),
        CheckConstraint("state <> 'held' OR held_reason <> ''", name="held_for_a_reason"),
        CheckConstraint(
            "state NOT IN ('kept', 'repaired', 'held') OR (file IS NOT NULL AND sha256 IS NOT NULL)",
            name="heard_from_a_file",
        ),
        CheckConstraint("removed_at IS NULL OR state = 'expired'", name="removed_when_expired"),
        Index(
            "ix_recording_aged",
            "recorded_at",
            postgresql_where=text("state IN ('kept', 'repaired', 'missing')"),
        ),
        Index(
            "ix_recording_to_be_removed",
            "id",
            postgresql_where=text("state = 'expired' AND removed_at IS NULL"),
        ),
        Index("ix_recording_without_call", "id", postgresql_where=text("call_id IS NULL")),
    )

    id: Mapped[Serial]
    pbx: Mapped[str]
    name: Mapped[str]
    """The exchange's, of the call or of the telephone that was rung."""
    call_id: Mapped[UUID | None] = mapped_column(ForeignKey("call.id"), index=True)
    """None: of no known call, yet."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """The call's; of no known call: the whole site."""
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    """Why it is missing: a code (`hotline.recordings.taking_in`)."""
    is_repaired: Mapped[bool] = mapped_column(server_default=text("false"))
    file: Mapped[str | None]
    """Below the folder of recordings."""
    size: Mapped[int | None]
    """Bytes of what is heard."""
    sha256: Mapped[bytes | None]
    """Of what is heard, not of the sealed file."""
    seconds: Mapped[float | None]
    channels: Mapped[int | None]
    """2: the far end left, the centre right; 1: both in one."""
    waveform: Mapped[bytes | None]
    """The loudest of each of 500 parts, 0 to 255, of one channel after the other."""
    recorded_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    held_reason: Mapped[str] = mapped_column(server_default=text("''"))
    removed_at: Mapped[datetime | None]
    """When its file was gone."""


class RecordingListening(Base):
    """Who has heard what, and why. Its key opens the sound for some time, for them alone."""

    __tablename__ = "recording_listening"
    __table_args__ = (
        CheckConstraint("length(reason) >= 4", name="for_a_reason"),
        Index("ix_recording_listening_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    at: Mapped[datetime]
    reason: Mapped[str]
    key_hash: Mapped[bytes]
    until: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    """When the sound was first asked for."""
