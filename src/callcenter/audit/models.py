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
        {"postgresql_partition_by": "RANGE (id)"},
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


class ChainCut(Base):
    """A part of a ledger that lies in the archive: its rows went, and the chain goes on behind them (`audit/cuts.py`). Append-only."""

    __tablename__ = "chain_cut"

    chain: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    low: Mapped[UUID]
    high: Mapped[UUID]
    """Of the keys of its rows; the first that is behind them."""
    rows: Mapped[int]
    from_number: Mapped[int]
    from_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the link before its first."""
    to_number: Mapped[int]
    to_hash: Mapped[bytes] = mapped_column(LargeBinary)
    kept_from: Mapped[int]
    """The first link that the table of links still has."""
    kept_before: Mapped[bytes] = mapped_column(LargeBinary)
    """The hash that the first kept link goes over."""
    file: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    by: Mapped[str]
    kept_d: Mapped[int]
    """What the policy said, in days."""
