"""Calls, their telephones and recordings, what they were about, and what is rung by the centre itself.

Who writes: calls and legs are the alarm process's; recordings, what a call was about and lists of calls are the office's.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.alerts import models as _alerts  # noqa: F401 - a call may be an alarm
from callcenter.core.tables import Base, Serial, one_of
from callcenter.devices import models as _devices  # noqa: F401 - devices ring, and staff
from callcenter.dispatch import models as _dispatch  # noqa: F401 - a task may come of a call
from callcenter.hotline.announcing import Outcome
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


class RecordingState(StrEnum):
    RECORDING = "recording"
    KEPT = "kept"
    REPAIRED = "repaired"
    """Its end was lost with the exchange."""
    HELD = "held"
    """Never expires while something is disputed."""
    MISSING = "missing"
    EXPIRED = "expired"


class VoiceState(StrEnum):
    """Of a call that the centre rings by itself."""

    DUE = "due"
    RINGING = "ringing"
    PRESSED = "pressed"
    """A key was pressed: a person has heard it. Anything else is no answer."""
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    """Not needed any more."""


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
