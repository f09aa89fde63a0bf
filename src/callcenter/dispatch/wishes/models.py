"""Wishes of residents. Only the office writes here; what was said and how it ended stays (migration 0076b)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, one_of
from callcenter.dispatch.wishes.wish import WishState


class CareWish(Base):
    """One wish, by the id of what it was said in. The call and the task are named and not referred to: they go before it does."""

    __tablename__ = "care_wish"
    __table_args__ = (
        one_of("state", WishState),
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint("num_nonnulls(call_id, call_item_id) <= 1", name="said_in_one_call"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_at_a_time"),
        CheckConstraint("state = 'open' OR ended_words <> ''", name="ended_with_a_word"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str]
    said_by: Mapped[str] = mapped_column(server_default=text("''"))
    """Empty: they themselves."""
    said_at: Mapped[datetime]
    call_id: Mapped[UUID | None]
    call_item_id: Mapped[int | None]
    """Of a list of calls. Neither: it was written down without one."""
    heard_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    heard_by_name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    ended_at: Mapped[datetime | None]
    ended_words: Mapped[str] = mapped_column(server_default=text("''"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_by_staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_by_name: Mapped[str] = mapped_column(server_default=text("''"))
    task_id: Mapped[UUID | None]
    """At which visit."""
