"""Words about calls, kept all of them; and the cases that followed from them, with what was done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, one_of
from callcenter.hotline.disposition import Opens
from callcenter.hotline.filing.case import CaseState, CaseStep
from callcenter.hotline.filing.following import CaseKind


class CallFiling(Base):
    """One word about a call, by the id its client made; only ever added to. The last one holds, and stands in `call` as well. People are
    named as they were then: no reference follows them.
    """

    __tablename__ = "call_filing"
    __table_args__ = (one_of("opened", Opens), UniqueConstraint("call_id", "n"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"))
    n: Mapped[int]
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    """NULL: nobody; it was worked off by itself."""
    user_name: Mapped[str] = mapped_column(server_default=text("''"))
    disposition: Mapped[str] = mapped_column(ForeignKey("disposition.code"))
    note: Mapped[str] = mapped_column(server_default=text("''"))
    home_id: Mapped[int | None]
    resident_id: Mapped[int | None]
    contact_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    opened: Mapped[str] = mapped_column(server_default=text("'nothing'"))
    opened_id: Mapped[UUID | None]
    """Of the case, the task, or the signal of the incident."""


class HotlineCase(Base):
    """What a call has left to be done. Migration 0069b: it is done by somebody, at a time."""

    __tablename__ = "hotline_case"
    __table_args__ = (
        one_of("kind", CaseKind),
        one_of("state", CaseState),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at_a_time"),
        Index("ix_hotline_case_due", "due_at", postgresql_where=text("state = 'open'")),
        Index("ix_hotline_case_done", "done_at", postgresql_where=text("state = 'done'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    """Spoken aloud."""
    version: Mapped[int] = mapped_column(server_default=text("1"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'open'"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("call.id"), index=True)
    disposition: Mapped[str] = mapped_column(ForeignKey("disposition.code"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    note: Mapped[str] = mapped_column(server_default=text("''"))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    result: Mapped[str] = mapped_column(server_default=text("''"))


class HotlineCaseStep(Base):
    """What was done about a case, by the id its client made. Only ever added to."""

    __tablename__ = "hotline_case_step"
    __table_args__ = (one_of("kind", CaseStep), UniqueConstraint("case_id", "n"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("hotline_case.id"))
    n: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    user_id: Mapped[int | None]
    user_name: Mapped[str] = mapped_column(server_default=text("''"))
    words: Mapped[str] = mapped_column(server_default=text("''"))
    due_at: Mapped[datetime | None]
