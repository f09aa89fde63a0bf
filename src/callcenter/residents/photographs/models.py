"""Photographs of buildings, of their entrances and of homes. Those of homes are sealed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.residents.photographs.kinds import PhotographKind


class PlacePhotograph(Base):
    """One picture of a building or of a home; `entrance` names that of a building, empty for the whole of it."""

    __tablename__ = "place_photograph"
    __table_args__ = (
        one_of("kind", PhotographKind),
        CheckConstraint("num_nonnulls(building_id, home_id) = 1", name="of_one_place"),
        CheckConstraint("home_id IS NULL OR entrance = ''", name="home_without_entrance"),
    )

    id: Mapped[Serial]
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    entrance: Mapped[str] = mapped_column(server_default=text("''"))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"), index=True)
    kind: Mapped[str]
    caption: Mapped[str] = mapped_column(server_default=text("''"))
    caption_en: Mapped[str] = mapped_column(server_default=text("''"))
    taken_on: Mapped[date | None] = mapped_column(Date)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the picture as it is shown, not of what is stored of a sealed one."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Sealed (core/sealed.py) where it is of a home."""
    stored_at: Mapped[datetime]
    stored_by: Mapped[int | None]

    @property
    def mark(self) -> str:
        """Of its bytes: another picture has another address."""
        return self.sha256.hex()[:16]
