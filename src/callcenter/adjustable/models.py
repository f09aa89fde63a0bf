"""What administrators have said instead of the settings file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class SiteSetting(Base):
    """The last word on one setting (`adjustable/known.py`); every word before it is in the audit trail."""

    __tablename__ = "site_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    """Null: as the settings file has it."""
    since: Mapped[datetime]
    by_id: Mapped[int]
    by_name: Mapped[str]
    before: Mapped[object] = mapped_column(JSONB)
    """What held until then, from wherever it came."""
