"""Which seats are connected and armed, across all processes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, Versioned, one_of
from callcenter.seats.session import SeatState


class SeatPresence(Base):
    """One connected console. A seat is manned while it is armed and its lease (the database's clock) runs."""

    __tablename__ = "seat_presence"
    __table_args__ = (one_of("state", SeatState), {"prefixes": ["UNLOGGED"]})

    seat_id: Mapped[UUID] = mapped_column(primary_key=True)
    process_id: Mapped[UUID]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    region_ids: Mapped[list[int]]
    supervised_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    """Where its user is a supervisor."""
    armed: Mapped[bool]
    state: Mapped[str] = mapped_column(server_default=text("'ready'"))
    """Of its user's session: seats.session.SeatState."""
    pause: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(server_default=text("'epoch'"))
    connected_at: Mapped[datetime]
    lease_until: Mapped[datetime]


class SeatChange(Base):
    """That somebody came to a seat, left it, paused, fell silent: what decisions about alarms went by. `seat_presence` says only
    how it is now.
    """

    __tablename__ = "seat_change"
    __table_args__ = (Index("ix_seat_change_at", "at"),)

    id: Mapped[Serial]
    at: Mapped[datetime]
    process_id: Mapped[UUID]
    seat_id: Mapped[UUID]
    user_id: Mapped[int]
    region_ids: Mapped[list[int]]
    supervised_ids: Mapped[list[int]]
    armed: Mapped[bool]
    state: Mapped[str]
    pause: Mapped[str | None]
    since: Mapped[datetime]
    heard_at: Mapped[datetime]
    """When its console was last heard."""
    gone: Mapped[bool]


class Shift(Base):
    """From going on duty to going off, with what the next one is to know. One that nobody ended ends with its last seat."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("uq_shift_open", "user_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_shift_began", "began_at"),
    )

    id: Mapped[Serial]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    region_ids: Mapped[list[int]]
    """Where they saw incidents, with everything below."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When they still had a console."""
    ended_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))


class ShiftNoteRead(Base):
    """Who has read the note of a shift."""

    __tablename__ = "shift_note_read"

    shift_id: Mapped[int] = mapped_column(
        ForeignKey("shift.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True
    )
    read_at: Mapped[datetime]


class AnnouncementRow(Versioned, Base):
    """What a supervisor tells all seats of some regions, until a time."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint("until_at > written_at", name="ends_after_it_begins"),
        Index("ix_announcement_standing", "until_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[str]
    must_acknowledge: Mapped[bool]
    region_ids: Mapped[list[int]]
    """To whose seats it goes, with everything below."""
    addressed: Mapped[list[int]]
    """Those, all below them and all above: whoever sees incidents in one of them is told."""
    seated: Mapped[list[int]]
    """Users who had a seat there when it was written."""
    by_id: Mapped[int]
    by_name: Mapped[str]
    written_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AnnouncementRead(Base):
    """Who has read which announcement."""

    __tablename__ = "announcement_read"

    announcement_id: Mapped[UUID] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True
    )
    read_at: Mapped[datetime]
