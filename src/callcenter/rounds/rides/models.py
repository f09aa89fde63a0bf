"""What rides cost, and who may ride free. Only the office writes here."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.core.tables import Base, Serial, one_of
from callcenter.rounds.rides.fare import PaidBy


class RideEntitlement(Base):
    """So many free rides a month, from when until when."""

    __tablename__ = "ride_entitlement"
    __table_args__ = (
        CheckConstraint("until_day > from_day", name="begun_before_it_ends"),
        CheckConstraint("rides_a_month BETWEEN 1 AND 99", name="rides_in_range"),
    )

    id: Mapped[Serial]
    resident_id: Mapped[int] = mapped_column(
        ForeignKey("resident.id", ondelete="CASCADE"), index=True
    )
    from_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    rides_a_month: Mapped[int]
    document: Mapped[str] = mapped_column(server_default=text("''"))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class Ride(Base):
    """What a task of kind ride costs, and who pays it."""

    __tablename__ = "ride"
    __table_args__ = (
        one_of("paid_by", PaidBy),
        CheckConstraint("fare_fen >= 0", name="fare_not_negative"),
        CheckConstraint(
            "(paid_by = 'entitlement') = (entitlement_id IS NOT NULL)", name="free_by_a_row"
        ),
        Index("ix_ride_day", "booked_for"),
        Index("ix_ride_entitlement", "entitlement_id", "booked_for"),
    )

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("task.id", ondelete="CASCADE"), primary_key=True
    )
    booked_for: Mapped[date] = mapped_column(Date)
    """The day of the ride by the site's calendar: to which month it counts."""
    fare_fen: Mapped[int]
    """To be paid, in fen; 0 with an entitlement."""
    paid_by: Mapped[str]
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("ride_entitlement.id"))
