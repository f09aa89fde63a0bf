"""Which servers live on this database."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class ServerLife(Base):
    """The alarm process of one server. It lives while its lease (the database's clock) runs."""

    __tablename__ = "server_life"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    process_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    """Of its machine."""
    build: Mapped[str]
    revision: Mapped[str]
    """Of the schema that its release was made for."""
    leaving: Mapped[bool]
    """It is being stopped and takes nothing more."""
    lease_until: Mapped[datetime]
