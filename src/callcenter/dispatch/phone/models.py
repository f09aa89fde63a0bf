"""What the phones of those who are sent keep here: their log-ins, the codes and links that open one, photographs, codes of doors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of


class OpenedBy(StrEnum):
    """By what a phone was let in."""

    CODE = "code"
    """In a text to the number that is registered."""
    LINK = "link"
    """Made by the office, as a picture or in words."""


class CodeOf(StrEnum):
    """What somebody read at the home, which shows that they were there."""

    DOOR = "door"
    CARD = "card"


class FieldSession(Base):
    """A phone of somebody of the staff that is let in. Only the SHA-256 of its cookie is kept. It is no user and has no role."""

    __tablename__ = "field_session"
    __table_args__ = (
        one_of("opened_by", OpenedBy),
        CheckConstraint("until_at > opened_at", name="ends_after_it_begins"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(server_default=text("''"))
    """What the phone calls itself."""
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    until_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None]
    """A user; null with `revoked_at`: the phone itself went out."""
    address: Mapped[str] = mapped_column(server_default=text("''"))


class FieldCode(Base):
    """The six digits that were sent to somebody's telephone last. They open one phone, once, soon, and not after a few wrong tries."""

    __tablename__ = "field_code"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    until_at: Mapped[datetime]
    tries_left: Mapped[int]
    used_at: Mapped[datetime | None]


class FieldLink(Base):
    """A link that lets one phone in, once, until a time. Who passes it on has given away their own place."""

    __tablename__ = "field_link"
    __table_args__ = (CheckConstraint("until_at > made_at", name="ends_after_it_begins"),)

    id: Mapped[Serial]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int]
    until_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FieldPhoto(Base):
    """One photograph from a phone; the id is made there, so that a repeat is one. `refused`: it is none that can be kept, and why; the
    check-in that names it stands all the same.
    """

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (refused <> '')", name="kept_or_refused"),
        CheckConstraint("(sha256 IS NULL) = (content IS NULL)", name="kept_with_its_sum"),
        Index("ix_photo_received", "received_at"),
        Index("ix_photo_staff", "staff_id", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime]
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the bytes as they came."""
    phash: Mapped[int | None]
    """64 bits (dHash), as a signed number."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Sealed (core/sealed.py): a JPEG made anew here."""
    nonce: Mapped[str] = mapped_column(server_default=text("''"))
    """What the phone drew into it."""
    nonce_at: Mapped[datetime | None]
    """When this server gave that out; null: it never did."""
    alike: Mapped[UUID | None]
    """The photograph before that shows the same."""
    refused: Mapped[str] = mapped_column(server_default=text("''"))


class HomeCode(Base):
    """What stands at the door or on the card of a home, as a keyed hash. A wrong one is a flag, never a refusal."""

    __tablename__ = "home_code"
    __table_args__ = (one_of("kind", CodeOf),)

    id: Mapped[Serial]
    home_id: Mapped[int] = mapped_column(ForeignKey("home.id", ondelete="CASCADE"), index=True)
    """Of two homes that turn out to be one, both codes hold."""
    kind: Mapped[str]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    set_at: Mapped[datetime]
    set_by: Mapped[int]
