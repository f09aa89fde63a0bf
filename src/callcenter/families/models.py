"""How often the page of a contact was opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class FamilyLook(Base):
    """Of one incident and one contact. A messenger that makes a preview of a link looks as well."""

    __tablename__ = "family_look"

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(primary_key=True)
    looks: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
