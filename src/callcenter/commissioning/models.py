"""What administrators have said of a site."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial

IN_SERVICE: Final = "in_service"
SAID: Final = ("backup", IN_SERVICE)


class SiteConfirmation(Base):
    """Somebody says: a copy was restored; the site is in service. Rows are added and never changed."""

    __tablename__ = "site_confirmation"
    __table_args__ = (
        CheckConstraint(f"what IN {SAID!r}", name="what_known"),
        CheckConstraint("note <> ''", name="note_says_something"),
    )

    id: Mapped[Serial]
    what: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int]
    user_name: Mapped[str]
    note: Mapped[str]
