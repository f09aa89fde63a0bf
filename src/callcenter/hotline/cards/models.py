"""Cards as the site has written them. Those that are built in stand in the program until somebody writes them anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class CardVersion(Base):
    """One version of a card; the last one holds. Only ever added to."""

    __tablename__ = "hotline_card_version"
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,30}$'", name="code_of_letters"),
        CheckConstraint("n > 0", name="after_the_built_in"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title_zh: Mapped[str]
    title_en: Mapped[str]
    text_zh: Mapped[str]
    text_en: Mapped[str]
    dispositions: Mapped[list[str]]
    """Shown beside a call about one of these."""
    traits: Mapped[list[str]]
    """Shown beside a call of somebody who is so (hotline.traits.Trait)."""
    position: Mapped[int]
    is_offered: Mapped[bool]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]
    written_by_name: Mapped[str]
