"""Which seats are connected and armed, across all processes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class SeatPresence(Base):
    """One connected console. A seat is manned while it is armed and its lease (the database's clock) runs."""

    __tablename__ = "seat_presence"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    seat_id: Mapped[UUID] = mapped_column(primary_key=True)
    process_id: Mapped[UUID]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    region_ids: Mapped[list[int]]
    supervised_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    """Where its user is a supervisor."""
    armed: Mapped[bool]
    connected_at: Mapped[datetime]
    lease_until: Mapped[datetime]
