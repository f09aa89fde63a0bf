"""When old rows were taken, and how many."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial


class RetentionRun(Base):
    """One night's. A process that dies over it leaves it without an end, and the next one goes on with it."""

    __tablename__ = "retention_run"

    id: Mapped[Serial]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    took: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    """Rows taken, by kind."""


class FieldFigure(Base):
    """What is still counted of work that has gone. Only the database writes here (migration 0062b)."""

    __tablename__ = "field_figure"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    """On which it began, by the site's calendar."""
    region_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(primary_key=True)
    """The kind of a task, or of the round of a stop."""
    ended: Mapped[str] = mapped_column(primary_key=True)
    """The state in which it ended."""
    number: Mapped[int]
    asked: Mapped[int] = mapped_column(server_default=text("0"))
    """How often somebody was asked how it was; `rated` of them, or of others, with `stars` in all."""
    rated: Mapped[int] = mapped_column(server_default=text("0"))
    stars: Mapped[int] = mapped_column(server_default=text("0"))
