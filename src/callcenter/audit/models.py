"""Who saw and who changed what. Append-only: the server's database role may not update or delete here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class AuditEntry(Base):
    """One look or one change. `subject` is e.g. `resident:12`; `detail` holds codes and ids, never
    health data.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "at"),
        Index("ix_audit_entry_user", "user_id", "at"),
        Index("ix_audit_entry_action", "action", "id"),
        Index(
            "ix_audit_entry_listed",
            text("detail jsonb_path_ops"),
            postgresql_using="gin",
            postgresql_where=text("detail ?| '{home_ids,ids,resident_ids}'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    region_ids: Mapped[list[int]] = mapped_column(server_default=text("'{}'"))
    address: Mapped[str | None]
    detail: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))


class ChainLink:
    """Place `number` of a chain (`audit/chain.py`), without a gap; append-only as what it stands for. `linked_at` is when the look
    began that found the row; both are NULL in links of a release that did not note them.
    """

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    linked_at: Mapped[datetime | None]
    linked_by: Mapped[str | None]


class AuditLink(ChainLink, Base):
    """Of the chain over the trail."""

    __tablename__ = "audit_link"

    entry_id: Mapped[UUID] = mapped_column(unique=True)
