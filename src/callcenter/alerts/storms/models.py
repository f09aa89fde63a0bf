"""Storms, and the orders that were given for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text as sql
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.alerts.incident import IncidentMode
from callcenter.alerts.storm_shown import OrderState, StormAction
from callcenter.core.tables import Base, Versioned, one_of


class StormRow(Versioned, Base):
    """Where, since when and of which kind: `alerts.storm` says what belongs to it. Kept, so that an incident can tell of it."""

    __tablename__ = "storm"
    __table_args__ = (
        one_of("mode", IncidentMode),
        Index(
            "uq_storm_running",
            "region_id",
            "kind",
            "mode",
            unique=True,
            postgresql_where=sql("over_at IS NULL"),
        ),
        Index("ix_storm_settled", "since", postgresql_where=sql("settled_at IS NULL")),
        Index("ix_storm_place", "region_id", "kind", "since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mode: Mapped[str]
    region_id: Mapped[int]
    region_path: Mapped[list[int]]
    below: Mapped[bool]
    """With the regions below it."""
    reaches: Mapped[list[int]]
    """Every region that sees one of its alarms."""
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """It is over and none of its alarms is open: it is shown no more."""
    order_id: Mapped[UUID | None]
    """The last one that was given for it."""


class StormOrderRow(Base):
    """What somebody wants done with every alarm of a storm, from `due_at` (by the database's clock) on."""

    __tablename__ = "storm_order"
    __table_args__ = (
        one_of("action", StormAction),
        one_of("state", OrderState),
        Index(
            "uq_storm_order_open",
            "storm_id",
            unique=True,
            postgresql_where=sql("state IN ('waiting', 'running')"),
        ),
        Index(
            "ix_storm_order_due",
            "due_at",
            postgresql_where=sql("state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the client: given again it is the same order."""
    storm_id: Mapped[UUID] = mapped_column(ForeignKey("storm.id"))
    action: Mapped[str]
    outcome: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default=sql("''"))
    user_id: Mapped[int]
    user_name: Mapped[str]
    regions: Mapped[list[int]]
    """Where this user handles storms."""
    ordered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=sql("'waiting'"))
    lease_until: Mapped[datetime | None]
    """Whose server works on it; by the database's clock."""
    after_number: Mapped[int] = mapped_column(server_default=sql("0"))
    done: Mapped[int] = mapped_column(server_default=sql("0"))
    left_out: Mapped[int] = mapped_column(server_default=sql("0"))
    taken_back_by: Mapped[int | None]
