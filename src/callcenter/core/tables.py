"""Column types and the declarative base shared by all tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID as PgUUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType


class Base(DeclarativeBase):
    """Every table of the system; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - as SQLAlchemy wants it
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        UUID: PgUUID(as_uuid=True),
        list[str]: ARRAY(Text),
        list[int]: ARRAY(BigInteger),
    }


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


Serial = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=True)]


class Versioned:
    """A row shown on the board: `version` grows with each change, `changed_xid` lets the sweep find it (design 6b.10).

    A trigger made by the migration (`touch_changed_xid`) sets `changed_xid` on every update.
    """

    version: Mapped[int] = mapped_column(server_default=text("1"))
    changed_xid: Mapped[int] = mapped_column(
        Xid8, server_default=text("pg_current_xact_id()"), index=True
    )


def one_of(column: str, values: Iterable[str] | type[StrEnum]) -> CheckConstraint:
    """States are text with a CHECK: readable in psql and changed without rewriting the table."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
