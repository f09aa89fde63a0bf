"""Watchdogs that were enrolled, and what each said last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial


class Watchdog(Base):
    """One program on another machine. Its account says whether it may still come; `device_id` is what it presses."""

    __tablename__ = "watchdog"

    id: Mapped[Serial]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), unique=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id", ondelete="CASCADE"))
    name: Mapped[str]
    every_s: Mapped[int]
    """How often it presses."""
    within_s: Mapped[int]
    """In which time its circle must close."""
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When it last told of a circle."""
    circle: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What it told."""
