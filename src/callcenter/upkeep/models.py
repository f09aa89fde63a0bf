"""When old rows were taken, and how many."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
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
