"""How often a neighbour looks in on somebody, and what they said of it. Only the office writes here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.rounds.pairs.said import PairBy, PairSaid


class Pair(Base):
    """How often a neighbour looks in on somebody; who they are is the row of `responsible`."""

    __tablename__ = "pair"
    __table_args__ = (
        CheckConstraint("every_days BETWEEN 1 AND 31", name="every_days_in_range"),
        CheckConstraint("code BETWEEN 10 AND 99", name="code_in_range"),
        Index("ix_pair_due", "due_at", postgresql_where=text("ended_at IS NULL")),
        Index(
            "uq_pair_responsible",
            "responsible_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Serial]
    responsible_id: Mapped[int] = mapped_column(ForeignKey("responsible.id", ondelete="CASCADE"))
    resident_id: Mapped[int | None] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    every_days: Mapped[int]
    code: Mapped[int]
    """By which a text of somebody who looks after several says whom it means."""
    due_at: Mapped[datetime]
    """By when the next word is due; then they are called."""
    reminded_at: Mapped[datetime | None]
    """Of the word that is due: when the text went out that asks for it."""
    said_at: Mapped[datetime | None]
    said: Mapped[str | None]
    call_item_id: Mapped[int | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PairTick(Base):
    """What a neighbour said. Rows are only added."""

    __tablename__ = "pair_tick"
    __table_args__ = (
        one_of("said", PairSaid),
        one_of("by", PairBy),
        Index("ix_pair_tick_pair", "pair_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    said: Mapped[str]
    by: Mapped[str]
    user_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(server_default=text("''"))
