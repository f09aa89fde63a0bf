"""Words of an import, and what has become one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.directory.vocabulary import Subject


class ImportWord(Base):
    """A word of the columns that say who somebody is, and what it means. `form` is its one spelling."""

    __tablename__ = "import_word"
    __table_args__ = (
        one_of("subject", Subject),
        CheckConstraint("(subject = 'note') = (value = '')", name="means_something"),
    )

    id: Mapped[Serial]
    word: Mapped[str]
    form: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    value: Mapped[str] = mapped_column(server_default=text("''"))
    shipped: Mapped[bool] = mapped_column(server_default=text("false"))
    """Came with the program; only those that somebody added can be taken out."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Double(StrEnum):
    """What may have been registered twice."""

    RESIDENT = "resident"
    HOME = "home"


class Merging(Base):
    """Two rows that are one: carried out when it is inserted, and undone when `undone_at` is set, by the database (migration 0035b)."""

    __tablename__ = "merging"
    __table_args__ = (
        one_of("subject", Double),
        CheckConstraint("kept_id <> merged_id", name="two_of_them"),
        Index(
            "uq_merging_merged",
            "subject",
            "merged_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Serial]
    subject: Mapped[str]
    kept_id: Mapped[int]
    merged_id: Mapped[int]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """Of the one kept."""
    at: Mapped[datetime]
    by: Mapped[int | None]
    taken: Mapped[object] = mapped_column(JSONB)
    """Columns of the one kept with what they say from now on."""
    moved: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    """Rows that belonged to the other, as they were."""
    gone: Mapped[object] = mapped_column(JSONB, server_default=text("'[]'"))
    """Rows that had to make way."""
    before: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    after: Mapped[object] = mapped_column(JSONB, server_default=text("'{}'"))
    """A digest of each row that people write of both, right after it: only while they are so can it be undone."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]


class NoDouble(Base):
    """Two that are alike and are not one, as somebody has found out; `one_id` is the smaller id. Undone by `undone_at`, never removed."""

    __tablename__ = "no_double"
    __table_args__ = (
        one_of("subject", Double),
        CheckConstraint("one_id < other_id", name="in_order"),
        Index(
            "uq_no_double_pair",
            "subject",
            "one_id",
            "other_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Serial]
    subject: Mapped[str]
    one_id: Mapped[int]
    other_id: Mapped[int]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
