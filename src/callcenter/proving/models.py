"""What a proof rests on beside the rows themselves, and the proofs that were asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base


class HeardCount(Base):
    """What a process has counted of a source within an hour. It is a count of its own beside the journal's rows."""

    __tablename__ = "heard_count"
    __table_args__ = (Index("ix_heard_count_until", "until"),)

    process_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    settled: Mapped[int]
    """Signals and undecodable frames that have their outcome in the journal."""
    liveness: Mapped[int]
    refused: Mapped[int]
    garbage: Mapped[int]


class DatabaseStart(Base):
    """When PostgreSQL was started: it may leave out some numbers then."""

    __tablename__ = "database_start"

    started_at: Mapped[datetime] = mapped_column(primary_key=True)


class NumberGap(Base):
    """Numbers of incidents that were drawn and not used, with the reason, from whoever drew them."""

    __tablename__ = "number_gap"
    __table_args__ = (CheckConstraint("last >= first", name="has_numbers"),)

    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]


class ProofRun(Base):
    """A proof that somebody asked for, and what came of it: kept."""

    __tablename__ = "proof_run"
    __table_args__ = (
        Index("ix_proof_run_asked", "asked_at"),
        Index("ix_proof_run_waiting", "asked_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None]
    asked_by_name: Mapped[str]
    region_path: Mapped[list[int]]
    """Of the region for which it was asked: who may prove there reads it."""
    lease_until: Mapped[datetime | None]
    """By the clock of whoever works on it."""
    ended_at: Mapped[datetime | None]
    result: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    failure: Mapped[str | None]
