"""People who log in, what they may do where, and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.auth.permissions import Role, WallShows
from callcenter.core.tables import Base, Serial, Versioned, one_of


class User(Base):
    """Somebody with a log-in."""

    __tablename__ = "app_user"

    id: Mapped[Serial]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default=text("''"))
    password_hash: Mapped[str | None]
    """Null: they choose their first password with a slip."""
    language: Mapped[str] = mapped_column(server_default=text("'zh-CN'"))
    skills: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Dialects and languages they speak, as in the residents' records."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class Grant(Base):
    """A role in the subtree of a region. One whose time is over gives nothing, and stays to be seen."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", Role),
        Index("uq_role_grant", "user_id", "role", "region_id", unique=True),
    )

    id: Mapped[Serial]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    role: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    until_at: Mapped[datetime | None]
    """It holds until then; null: until it is taken away."""
    given_at: Mapped[datetime | None]
    given_by: Mapped[int | None]
    """A user; null: the command line, or nobody knows any more."""


class PasswordSlip(Base):
    """With this code its user chooses a new password, once, until a time. A new slip takes the place of the one before."""

    __tablename__ = "password_slip"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the code, which has 80 random bits."""
    given_at: Mapped[datetime]
    given_by: Mapped[int | None]
    until_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Session(Base):
    """A log-in. Only the SHA-256 of the cookie's token is kept."""

    __tablename__ = "login_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    """When the password was given again, for a step that asks for it; null: only at the log-in."""
    browser: Mapped[str] = mapped_column(server_default=text("''"))
    """What the browser called itself at the log-in."""
    used_at: Mapped[datetime | None]
    """When it was used last, to the minute; null: not since the log-in."""


class LoginDelay(Base):
    """Failed log-ins of one user from one place, counted together: the next try is refused until `locked_until`. `address` is
    a network, a known browser, or all strangers together (`login`).
    """

    __tablename__ = "login_delay"

    login: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class EmergencyAccess(Versioned, Base):
    """One subject outside somebody's regions that they have opened with a reason, until a time. Nothing of it is taken back."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_a_reason"),
        CheckConstraint("ends_at > opened_at", name="ends_after_it_begins"),
        Index("ix_emergency_access_user", "user_id", "opened_at"),
        Index("ix_emergency_access_running", "ends_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Serial]
    user_id: Mapped[int]
    user_name: Mapped[str]
    subject: Mapped[str]
    """As an incident has it: `home:<id>`, else its caller."""
    label: Mapped[str]
    """Address or caller, for those who are told of it."""
    home_id: Mapped[int | None]
    region_path: Mapped[list[int]]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Later while they work an incident of the subject."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    """Who ended it by hand; null: its time was over."""
    ended_by_name: Mapped[str | None]


class WallScreen(Base):
    """A screen across the room. It is no user: its cookie opens what a wall shows of its region, and nothing else."""

    __tablename__ = "wall_screen"
    __table_args__ = (
        one_of("shows", WallShows),
        Index("uq_wall_screen_code", "code_hash", unique=True),
        Index("uq_wall_screen_token", "token_hash", unique=True),
    )

    id: Mapped[Serial]
    name: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    shows: Mapped[str]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """SHA-256 of the code by which a browser becomes this screen, once, until `code_until`."""
    code_until: Mapped[datetime | None]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """SHA-256 of its cookie."""
    by_id: Mapped[int]
    by_name: Mapped[str]
    made_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """Moves on for as long as it is used."""
    address: Mapped[str] = mapped_column(server_default=text("''"))
    revoked_at: Mapped[datetime | None]
