"""The numbers that ring at the centre, and how what lines signal is read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.telephony.line import LineKind


class LineRow(Base):
    """One number that is called. The exchange knows it by this number alone."""

    __tablename__ = "line"
    __table_args__ = (
        one_of("kind", LineKind),
        CheckConstraint("number ~ '^[+]?[0-9*#]{2,20}$'", name="can_be_dialled"),
        CheckConstraint("area_code ~ '^(0[0-9]{2,3})?$'", name="area_code_of_a_place"),
    )

    id: Mapped[Serial]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(server_default=text("''"))
    kind: Mapped[str]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    area_code: Mapped[str] = mapped_column(server_default=text("''"))
    """For callers whose number has none: 0311."""
    hours: Mapped[list[list[str]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """When it is staffed: [weekdays, from, until] (["12345", "08:00", "18:00"]); none: always. A red line is always."""
    closed_prompt: Mapped[str] = mapped_column(server_default=text("''"))
    overflow_number: Mapped[str] = mapped_column(server_default=text("''"))
    """Another centre, which is rung where nobody here answers in time."""
    language: Mapped[str] = mapped_column(server_default=text("'zh'"))
    is_open: Mapped[bool] = mapped_column(server_default=text("true"))
    """False: it was given back, and stays for the calls it has had."""


class NumberRuleRow(Base):
    """Tried in their order, before the plan of numbers (`telephony.numbers`)."""

    __tablename__ = "number_rule"
    __table_args__ = (
        CheckConstraint("begins ~ '^[+]?[0-9]{1,12}$'", name="begins_with_digits"),
        CheckConstraint("put ~ '^[+]?[0-9]{0,12}$'", name="puts_digits"),
        CheckConstraint("drops BETWEEN 0 AND 12", name="drops_some"),
        CheckConstraint("digits BETWEEN 2 AND 20", name="of_a_number"),
    )

    id: Mapped[Serial]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    position: Mapped[int] = mapped_column(unique=True)
    begins: Mapped[str]
    digits: Mapped[int | None]
    drops: Mapped[int] = mapped_column(server_default=text("0"))
    put: Mapped[str] = mapped_column(server_default=text("''"))
    note: Mapped[str] = mapped_column(server_default=text("''"))


class PromptRow(Base):
    """A recorded prompt of the site, said in place of the built-in one of its name; or one of its own, such as a text for closed hours."""

    __tablename__ = "prompt"
    __table_args__ = (
        UniqueConstraint("name", "language"),
        CheckConstraint("name ~ '^[a-z][a-z0-9-]{1,47}$'", name="name_of_a_file"),
        CheckConstraint("language IN ('zh', 'en')", name="language_known"),
        CheckConstraint("seconds > 0", name="says_something"),
    )

    id: Mapped[Serial]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    name: Mapped[str]
    language: Mapped[str]
    said: Mapped[str] = mapped_column(server_default=text("''"))
    """The words, for whoever cannot hear them."""
    sound: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """A WAV file of 8 kHz, one channel, 16 bits: kept here, so that copies of the database have it and each server can give it to its exchange."""
    sha256: Mapped[str]
    seconds: Mapped[float]
    was: Mapped[str] = mapped_column(server_default=text("''"))
    converted: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    is_used: Mapped[bool] = mapped_column(server_default=text("true"))
    """False: taken back. The row stays until its file is gone from the exchange's folder."""
