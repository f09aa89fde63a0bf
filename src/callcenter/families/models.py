"""How often the page of a contact was opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class FamilyLook(Base):
    """Of one incident and one contact. A messenger that makes a preview of a link looks as well."""

    __tablename__ = "family_look"
    __table_args__ = (
        Index("ix_family_look_untold", "first_at", postgresql_where=text("NOT told")),
    )

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)
    looks: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    told: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the incident was told of the first."""
