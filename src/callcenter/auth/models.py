"""People who log in, what they may do where, and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.auth.permissions import Role
from callcenter.core.tables import Base, Serial, one_of


class User(Base):
    """Somebody with a log-in."""

    __tablename__ = "app_user"

    id: Mapped[Serial]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default=text("''"))
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(server_default=text("'zh-CN'"))
    skills: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    """Dialects and languages they speak, as in the residents' records."""
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]


class Grant(Base):
    """A role in the subtree of a region."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", Role),
        Index("uq_role_grant", "user_id", "role", "region_id", unique=True),
    )

    id: Mapped[Serial]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    role: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))


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
